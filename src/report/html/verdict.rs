//! The top of the page: what is true of the whole run, in one sentence, and how that looks.

use super::super::json::{Report, RunInfo, RunMode};
use super::super::tally::Tally;
use super::super::verdict::sentence;
use super::super::words::ended;
use crate::base::ExitStatus;
use crate::wording;

/// What is true of the whole run.
#[derive(Debug)]
pub(super) struct Verdict {
    /// How it looks, which is its class and its icon: `good`, `unsure`, `bad` or `neutral`.
    pub(super) tone: &'static str,
    /// The one sentence.
    pub(super) sentence: String,
    /// Why the run ended early, where it did.
    pub(super) ended: Option<String>,
    /// What the exit status means.
    pub(super) exit: &'static str,
}

impl Verdict {
    pub(super) fn of<R>(report: &Report<R>, tally: &Tally) -> Self {
        Self {
            tone: tone(report, tally),
            sentence: sentence(tally, report.run.mode),
            ended: ended(&report.run),
            exit: exit(&report.run),
        }
    }
}

fn tone<R>(report: &Report<R>, tally: &Tally) -> &'static str {
    let disagrees = report.rehearsal.as_ref().is_some_and(|rehearsal| !rehearsal.agrees);
    match (status(&report.run), tally.open()) {
        _ if disagrees || tally.not_stopped > 0 => "bad",
        (Some(ExitStatus::NothingSelected), 0) => "neutral",
        (Some(ExitStatus::Done), 0) if tally.selected() == 0 || report.run.mode == RunMode::DryRun => "neutral",
        (Some(ExitStatus::Done), 0) => "good",
        (Some(ExitStatus::Refused | ExitStatus::NotWritten), _) => "bad",
        _ => "unsure",
    }
}

/// Returns the exit status of a run, where it is one that this program knows.
fn status(run: &RunInfo) -> Option<ExitStatus> {
    ExitStatus::ALL.into_iter().find(|status| status.code() == run.exit_code)
}

/// Says what the exit status means.
fn exit(run: &RunInfo) -> &'static str {
    if run.unended.is_some() {
        return "none: the run has not ended";
    }
    let Some(words) = status(run).map(wording::exit) else { return "see the documentation of exit statuses" };
    match run.mode {
        RunMode::DryRun => words.dry_run.unwrap_or(words.brief),
        RunMode::Live | RunMode::Rehearsal => words.brief,
    }
}
