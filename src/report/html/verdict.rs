//! The top of the page: how the verdict looks, and what the exit status means.

use super::super::json::{Report, RunInfo, RunMode};
use super::super::tally::Tally;
use crate::base::ExitStatus;
use crate::engine::Status;
use crate::wording;

/// Returns how the verdict looks, which is its class and its icon: `good`, `unsure`, `bad` or `neutral`.
pub(super) fn tone<R>(report: &Report<R>, tally: &Tally) -> &'static str {
    let disagrees = report.rehearsal.as_ref().is_some_and(|rehearsal| !rehearsal.agrees);
    match (status(&report.run), tally.open()) {
        _ if disagrees || tally.not_stopped > 0 => "bad",
        (Some(ExitStatus::NothingSelected), 0) => "neutral",
        (Some(ExitStatus::Done), 0) if tally.selected() == 0 || report.run.mode == RunMode::DryRun => "neutral",
        (Some(ExitStatus::Done), 0) => "good",
        (Some(ExitStatus::Refused | ExitStatus::NotWritten), _) => "bad",
        _ if tally.listed.has_gaps() || report.run.status == Status::Unlisted => "bad",
        _ => "unsure",
    }
}

/// Returns the exit status of a run, where it is one that this program knows.
fn status(run: &RunInfo) -> Option<ExitStatus> {
    ExitStatus::ALL.into_iter().find(|status| status.code() == run.exit_code)
}

/// Says what the exit status means.
pub(super) fn exit(run: &RunInfo, tally: &Tally) -> &'static str {
    if run.unended.is_some() {
        return "none: the run has not ended";
    }
    let Some(words) = status(run).map(wording::exit) else { return "see the documentation of exit statuses" };
    if tally.open() == 0 && tally.listed.has_gaps() && status(run) == Some(ExitStatus::NotDone) {
        return wording::NOT_WHOLE;
    }
    match run.mode {
        RunMode::DryRun => words.dry_run.unwrap_or(words.brief),
        RunMode::Live | RunMode::Rehearsal => words.brief,
    }
}
