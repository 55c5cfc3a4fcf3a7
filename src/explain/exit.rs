//! The exit statuses.

use super::{Entry, Topic};

/// An exit status, in few words and in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// The number.
    pub code: u8,
    /// What it means, for the table in the README.
    pub brief: &'static str,
    /// What to do, for the table in the README.
    pub brief_advice: &'static str,
    /// What it means, for docs/exit-codes.md.
    pub means: &'static str,
    /// What to do, for docs/exit-codes.md.
    pub advice: &'static str,
}

const fn interrupted(code: u8, means: &'static str, advice: &'static str) -> Exit {
    Exit { code, brief: "interrupted", brief_advice: "`allstop resume`, or `allstop retry`", means, advice }
}

/// Every exit status.
pub static EXITS: [Exit; 9] = [
    Exit {
        code: 0,
        brief: "every target is stopped, or was already",
        brief_advice: "nothing",
        means: "every selected target is stopped, or was already",
        advice: "nothing",
    },
    Exit {
        code: 1,
        brief: "at least one is not",
        brief_advice: "read the summary's *Why*, then paste its last line",
        means: "at least one is not: failed, unknown, accepted but not seen stopped, not found, or not reached before `--deadline`",
        advice: "read the summary, or the rows with an `error` in the report; deal with the causes; `allstop retry REPORT`",
    },
    Exit {
        code: 2,
        brief: "bad plan, invocation or credentials; nothing was sent",
        brief_advice: "fix what the message names",
        means: "bad invocation, plan, configuration or credentials; nothing was sent",
        advice: "the message names file, line and column, or the variable that is missing",
    },
    Exit {
        code: 3,
        brief: "a guard or the answer no refused the run, or too many failures ended it",
        brief_advice: "find out why before you raise the guard",
        means: "a guard refused the run, the question was not answered with yes, or the failure threshold ended it early",
        advice: "find out why before you raise the guard; what was not sent is `skipped` with reason `aborted`",
    },
    Exit {
        code: 4,
        brief: "nothing was selected",
        brief_advice: "look at the selection and at `protect`",
        means: "the selection is empty: every target was left out by choice",
        advice: "look at `guards.protect`, `--only`, `--skip`, `--kind`, `--label`, `--account` and `--region`",
    },
    Exit {
        code: 5,
        brief: "the journal or the report could not be written",
        brief_advice: "free space, or name another path",
        means: "the journal or the report, in whatever format, could not be written",
        advice: "free space or name another path; the message says which file",
    },
    interrupted(
        129,
        "ended by SIGHUP: its terminal or connection was closed",
        "the report says what was not reached: `allstop resume JOURNAL` goes on, or `allstop retry REPORT`; after a second \
         signal there is only the journal",
    ),
    interrupted(130, "ended by SIGINT (Ctrl-C)", "the same"),
    interrupted(143, "ended by SIGTERM", "the same"),
];

/// Explains the exit status that a shell shows for a program which a signal ended at once, where this is one.
///
/// It is none of the program's own: those are in [`EXITS`].
pub(super) fn of_signal(code: u8) -> Option<Entry> {
    let advice =
        "`allstop resume JOURNAL` goes on with the run; 137 is SIGKILL, which is also sent where memory runs out";
    let means = "no status of allstop: a signal ended the program at once, and no report was written";
    (129..=192).contains(&code).then(|| Entry::own(Topic::Exit, &code.to_string(), means, Some(advice)))
}

pub(super) fn entries() -> Vec<Entry> {
    let advice = |exit: &Exit| match exit.advice {
        "nothing" => None,
        // What the table's row above it says.
        "the same" => EXITS.iter().find(|other| other.code == 129).map(|other| other.advice),
        advice => Some(advice),
    };
    EXITS.iter().map(|exit| Entry::own(Topic::Exit, &exit.code.to_string(), exit.means, advice(exit))).collect()
}
