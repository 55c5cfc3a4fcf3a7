//! The top of the page: what is true of the whole run, in one sentence, and how that looks.

use super::super::verdict::sentence;
use super::super::words::ended;
use super::super::{Mode, Report, Tally};
use crate::base::ExitStatus;
use crate::wording;

/// How the verdict looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Everything is where the plan wants it.
    Good,
    /// Nothing is known to be wrong, but not everything is known.
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
    pub(super) fn of(report: &Report, tally: &Tally) -> Self {
        Self {
            tone: tone(report, tally),
            sentence: sentence(tally, report.run.mode),
            ended: ended(&report.run),
            exit: exit(report),
        }
    }
}

fn tone(report: &Report, tally: &Tally) -> Tone {
    let lied = report.rehearsal.as_ref().is_some_and(|rehearsal| !rehearsal.agrees);
    match (tally.open(), report.run.exit_code) {
        _ if lied || tally.not_stopped > 0 => Tone::Bad,
        (0, 4) => Tone::Neutral,
        (0, 0) if tally.selected() == 0 => Tone::Neutral,
        (0, 0) if report.run.mode == Mode::DryRun => Tone::Neutral,
        (0, 0) => Tone::Good,
        (_, 3 | 5) => Tone::Bad,
        (_, _) => Tone::Unsure,
    }
}

/// Says what the exit status means.
fn exit(report: &Report) -> &'static str {
    if report.run.unended.is_some() {
        return "none: the run has not ended";
    }
    let status = ExitStatus::ALL.into_iter().find(|status| status.code() == report.run.exit_code);
    let Some(words) = status.map(wording::exit) else { return "see the documentation of exit statuses" };
    match report.run.mode {
        Mode::DryRun => words.dry_run.unwrap_or(words.brief),
        Mode::Live | Mode::Rehearsal => words.brief,
    }
}
