//! The exit statuses.

use crate::base::ExitStatus;

/// The words for an exit status, in brief and in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// What it means, in a few words.
    pub brief: &'static str,
    /// What to do, in a few words.
    pub brief_advice: &'static str,
    /// What it means, in a fragment.
    pub means: &'static str,
    /// What to do, in a fragment; nothing if nothing is to be done.
    pub advice: Option<&'static str>,
    /// What it means of a dry run, if that is something else.
    pub dry_run: Option<&'static str>,
}

/// Returns the words for an exit status.
#[must_use]
pub const fn exit(status: ExitStatus) -> Exit {
    match status {
        ExitStatus::Done => Exit {
            brief: "every target is stopped, or was already",
            brief_advice: "nothing",
            means: "every selected target is stopped, or was already",
            advice: None,
            dry_run: Some("every selected target was found"),
        },
        ExitStatus::NotDone => Exit {
            brief: "at least one target is not known to be stopped",
            brief_advice: "read the summary's *Why*, then paste its last line",
            means: "at least one is not: failed, unknown, accepted but not verified, not found, or not reached before \
                    `--deadline`",
            advice: Some(
                "read the summary, or the rows with an `error` in the report; fix the causes; `allstop retry REPORT`",
            ),
            dry_run: Some("at least one selected target could not be found or read, or was not read"),
        },
        ExitStatus::BadInput => Exit {
            brief: "bad plan, invocation or credentials; nothing was sent",
            brief_advice: "fix what the message names",
            means: "bad invocation, plan, configuration or credentials; nothing was sent",
            advice: Some("the message names file, line and column, or the variable that is missing"),
            dry_run: None,
        },
        ExitStatus::Refused => Exit {
            brief: "a guard or a \"no\" at the prompt refused the run, or too many failures ended it",
            brief_advice: "find out why before you raise the guard",
            means: "a guard refused the run, the run was not confirmed, or the failure threshold ended it early",
            advice: Some(
                "find out why before you raise the guard; what was not sent is `skipped` with reason `aborted`",
            ),
            dry_run: None,
        },
        ExitStatus::NothingSelected => Exit {
            brief: "nothing was selected",
            brief_advice: "check the selection and `protect`",
            means: "the selection is empty: every target was left out by choice",
            advice: Some("check `guards.protect`, `--only`, `--skip`, `--kind`, `--label`, `--account` and `--region`"),
            dry_run: None,
        },
        ExitStatus::NotWritten => Exit {
            brief: "the journal or the report could not be written",
            brief_advice: "free space, or name another path",
            means: "the journal or the report, in whatever format, could not be written",
            advice: Some("free space or name another path; the message says which file"),
            dry_run: None,
        },
        ExitStatus::Hangup => interrupted("ended by SIGHUP: its terminal or connection was closed"),
        ExitStatus::Interrupt => interrupted("ended by SIGINT (Ctrl-C)"),
        ExitStatus::Terminate => interrupted("ended by SIGTERM"),
    }
}

const fn interrupted(means: &'static str) -> Exit {
    Exit {
        brief: "interrupted",
        brief_advice: "`allstop resume`, or `allstop retry`",
        means,
        advice: Some(
            "the report says what was not reached: `allstop resume JOURNAL` continues the run, or `allstop retry REPORT`; \
             after a second signal there is only the journal",
        ),
        dry_run: None,
    }
}
