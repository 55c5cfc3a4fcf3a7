//! The top of the page: what is true of the whole run, in one sentence, and how that looks.

use super::super::json::{Report, RunInfo, RunMode};
use super::super::tally::Tally;
use super::super::verdict::sentence;
use super::super::words::ended;
use crate::base::ExitStatus;
use crate::wording;

/// How the verdict looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Every target counts as done.
    Good,
    /// Some states are unknown.
    Unsure,
    /// Something is not stopped.
    Bad,
    /// Nothing was to be stopped.
    Neutral,
}

impl Tone {
    /// Returns the class and icon of the verdict.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Unsure => "unsure",
            Self::Bad => "bad",
            Self::Neutral => "neutral",
        }
    }
}

/// What is true of the whole run.
#[derive(Debug)]
pub(super) struct Verdict {
    /// How it looks.
    pub(super) tone: Tone,
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

fn tone<R>(report: &Report<R>, tally: &Tally) -> Tone {
    let disagrees = report.rehearsal.as_ref().is_some_and(|rehearsal| !rehearsal.agrees);
    match (status(&report.run), tally.open()) {
        _ if disagrees || tally.not_stopped > 0 => Tone::Bad,
        (Some(ExitStatus::NothingSelected), 0) => Tone::Neutral,
        (Some(ExitStatus::Done), 0) if tally.selected() == 0 || report.run.mode == RunMode::DryRun => Tone::Neutral,
        (Some(ExitStatus::Done), 0) => Tone::Good,
        (Some(ExitStatus::Refused | ExitStatus::NotWritten), _) => Tone::Bad,
        _ => Tone::Unsure,
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
