//! The top of the page: what is true of the whole run, in one sentence, and how that looks.

use super::super::verdict::sentence;
use super::super::words::ended;
use super::super::{Mode, Report, Tally};

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
    pub(super) ended: Option<&'static str>,
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
const fn exit(report: &Report) -> &'static str {
    if report.run.unended.is_some() {
        return "that of a run that is interrupted; this one has none";
    }
    match (report.run.exit_code, report.run.mode) {
        (0, Mode::DryRun) => "every selected target was found",
        (0, Mode::Live | Mode::Rehearsal) => "every selected target is where the plan wants it",
        (1, Mode::DryRun) => "at least one selected target could not be found or read, or was not looked at",
        (1, Mode::Live | Mode::Rehearsal) => "at least one selected target is not known to be stopped",
        (3, _) => "a guard refused the run, or too many failures ended it",
        (4, _) => "nothing was selected",
        (5, _) => "the journal or the report could not be written",
        (129, _) => "ended by SIGHUP (its terminal or connection was closed); what was not reached is told below",
        (130, _) => "ended by SIGINT (Ctrl-C); what was not reached is told below",
        (143, _) => "ended by SIGTERM; what was not reached is told below",
        _ => "see the exit status in the documentation",
    }
}
