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

/// What [`ExitStatus::NotDone`] means of a run of which every row is done.
pub const NOT_WHOLE: &str = "something that the plan selects could not be listed, or cannot be stopped";

/// Returns the words for an exit status.
#[must_use]
pub const fn exit(status: ExitStatus) -> Exit {
    let (brief, brief_advice, means, advice) = match status {
        ExitStatus::Done => (
            "every target is stopped, or was already",
            "nothing",
            "every selected target is stopped, or was already",
            None,
        ),
        ExitStatus::NotDone => (
            "at least one target is not known to be stopped",
            "read the summary's *Why*, then paste its last line",
            "at least one is not: failed, unknown, accepted but not verified, not found, or not reached before `--deadline` or a `pause: ask`; or something that the plan selects could not be listed",
            Some(
                "read the summary, or the rows with an `error` in the report; fix the causes; `allstop retry REPORT`; if `selections` of the report has something `missing`, run the plan again",
            ),
        ),
        ExitStatus::BadInput => (
            "bad plan, invocation or credentials; nothing was sent",
            "fix what the message names",
            "bad invocation, plan, configuration or credentials; nothing was sent",
            Some("the message names file, line and column, or the variable that is missing"),
        ),
        ExitStatus::Refused => (
            "a guard or a \"no\" at the prompt refused the run, or too many failures ended it",
            "find out why before you raise the guard",
            "a guard refused the run, the run was not confirmed, or the failure threshold or a canary ended it early",
            Some("find out why before you raise the guard; what was not sent is `skipped` with reason `aborted`"),
        ),
        ExitStatus::NothingSelected => (
            "nothing was selected",
            "check the selection and `protect`",
            "the selection is empty: every target was left out by choice, or nothing matches",
            Some(
                "check `guards.protect`, `--only`, `--skip`, `--kind`, `--label`, `--account` and `--region`, and the conditions of `select`",
            ),
        ),
        ExitStatus::NotWritten => (
            "the journal or the report could not be written",
            "free space, or name another path",
            "the journal or the report, in whatever format, could not be written",
            Some("free space or name another path; the message says which file"),
        ),
        ExitStatus::Hangup => interrupted("ended by SIGHUP: its terminal or connection was closed"),
        ExitStatus::Interrupt => interrupted("ended by SIGINT (Ctrl-C)"),
        ExitStatus::Terminate => interrupted("ended by SIGTERM"),
    };
    let dry_run = if matches!(status, ExitStatus::Done) {
        Some("every selected target was found")
    } else if matches!(status, ExitStatus::NotDone) {
        Some("at least one selected target could not be found or read, or was not read")
    } else {
        None
    };
    Exit { brief, brief_advice, means, advice, dry_run }
}

type Row = (&'static str, &'static str, &'static str, Option<&'static str>);

const fn interrupted(means: &'static str) -> Row {
    let advice = "the report says what was not reached: `allstop resume JOURNAL` continues the run, or `allstop retry \
                  REPORT`; after a second signal there is only the journal";
    ("interrupted", "`allstop resume`, or `allstop retry`", means, Some(advice))
}
