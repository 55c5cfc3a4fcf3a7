//! The top of the page: what is true of the whole run, in one sentence, and what to do about it.

use indicatif::HumanCount;

use super::super::verdict::capitalised;
use super::super::words::early_end;
use super::super::{Mode, Report};
use super::census::Census;
use super::words::counted;
use crate::run::Status;

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
    pub(super) fn of(report: &Report, census: &Census) -> Self {
        Self {
            tone: tone(report, census),
            sentence: sentence(report, census),
            ended: early_end(report.run.status),
            exit: exit(report),
        }
    }
}

fn tone(report: &Report, census: &Census) -> Tone {
    let lied = report.rehearsal.as_ref().is_some_and(|rehearsal| !rehearsal.agrees);
    match (census.open(), report.run.exit_code) {
        _ if lied || census.not_stopped > 0 => Tone::Bad,
        (0, 4) => Tone::Neutral,
        (0, 0) if report.run.mode == Mode::DryRun => Tone::Neutral,
        (0, 0) => Tone::Good,
        (_, 3 | 5) => Tone::Bad,
        (_, _) => Tone::Unsure,
    }
}

fn sentence(report: &Report, census: &Census) -> String {
    if census.selected() == 0 {
        return "Nothing to do: every target of the plan was left out.".to_owned();
    }
    match report.run.mode {
        Mode::Live => format!("{}.", capitalised(&claim(report, census))),
        Mode::Rehearsal => format!("Rehearsal, no cloud was touched: {}, in the simulator.", claim(report, census)),
        Mode::DryRun => format!("Dry run, nothing was stopped: {}.", forecast(report, census)),
    }
}

/// Says what a run achieved.
fn claim(report: &Report, census: &Census) -> String {
    let all = census.selected();
    if census.open() > 0 {
        let verb = if census.open() == 1 { "is" } else { "are" };
        let words = if census.unsure > 0 { "NOT known to be stopped" } else { "NOT stopped" };
        return format!("{} of {} {verb} {words}", HumanCount(census.open()), counted(all, "target"));
    }
    let words = match (report.summary.accepted > 0, report.summary.not_found > 0) {
        (false, false) => "stopped",
        (false, true) => "stopped or gone",
        (true, false) => "stopped or took the stop; whether it ended them was not checked",
        (true, true) => "stopped, gone, or took the stop; whether it ended them was not checked",
    };
    if all == 1 { format!("the one target is {words}") } else { format!("all {} are {words}", counted(all, "target")) }
}

/// Says what a dry run found.
fn forecast(report: &Report, census: &Census) -> String {
    let (would, all) = (HumanCount(report.summary.would_stop), counted(census.selected(), "target"));
    match census.open() {
        0 => format!("{would} of {all} would be stopped"),
        open => format!("{would} of {all} would be stopped, {} could not be found or read", HumanCount(open)),
    }
}

/// Says what the exit status means.
const fn exit(report: &Report) -> &'static str {
    match (report.run.exit_code, report.run.mode) {
        (0, Mode::DryRun) => "every selected target was found",
        (0, Mode::Live | Mode::Rehearsal) => "every selected target is where the plan wants it",
        (1, Mode::DryRun) => "at least one selected target could not be found or read",
        (1, Mode::Live | Mode::Rehearsal) => "at least one selected target is not known to be stopped",
        (3, _) => "a guard refused the run, or too many failures ended it",
        (4, _) => "nothing was selected",
        (5, _) => "the journal or the report could not be written",
        (130, _) => "ended by SIGINT (Ctrl-C); what was not reached is told below",
        (143, _) => "ended by SIGTERM; what was not reached is told below",
        _ => "see the exit status in the documentation",
    }
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// What to do.
    pub(super) words: &'static str,
    /// The command to paste, where there is one.
    pub(super) command: Option<String>,
}

/// Returns what to do next, where there is something; `again` takes up what is open.
pub(super) fn next_step(report: &Report, census: &Census, again: Option<&str>) -> Option<Step> {
    let plain = |words| Some(Step { words, command: None });
    if census.selected() == 0 {
        return plain("Look at guards.protect and at --only, --skip, --kind, --label and --shard.");
    }
    if report.run.mode == Mode::DryRun {
        return if report.summary.would_stop > 0 { plain("Run without --dry-run to stop them.") } else { None };
    }
    if census.open() == 0 || census.retried == 0 {
        return None;
    }
    let rehearse = if report.run.mode == Mode::Rehearsal { " --rehearse" } else { "" };
    let command = again.map_or_else(|| format!("allstop retry REPORT.json{rehearse}"), str::to_owned);
    let words = match report.run.status {
        Status::Aborted => "Find out why, then run:",
        Status::Interrupted | Status::Deadline => "To go on, run:",
        Status::Completed => "Deal with the causes below, then run:",
    };
    Some(Step { words, command: Some(command) })
}
