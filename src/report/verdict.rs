//! The verdict on a run, which comes first, and what to do next, which comes last: never more than is known, never less.

use std::fmt;

use crate::base::count::HumanCount;

use super::json::{Mode, Run, Unended};
use super::tally::Tally;
use crate::engine::Status;
pub(super) use crate::wording::capitalised;

/// Returns the verdict on the whole run.
pub(super) fn sentence(tally: &Tally, mode: Mode) -> String {
    if tally.selected() == 0 {
        let what = if tally.elsewhere > 0 {
            "every target is in another shard"
        } else {
            "every target of the plan was left out"
        };
        return format!("Nothing to do: {what}.");
    }
    match mode {
        Mode::Live => format!("{}.", capitalised(&claim(tally))),
        Mode::Rehearsal => format!("Rehearsal, no cloud was touched: {}, in the simulator.", claim(tally)),
        Mode::DryRun => format!("Dry run, nothing was stopped: {}.", forecast(tally)),
    }
}

/// Says what a run achieved.
fn claim(tally: &Tally) -> String {
    let all = HumanCount(tally.selected());
    if tally.open() > 0 {
        let verb = if tally.open() == 1 { "is" } else { "are" };
        let words = if tally.unsure > 0 { "NOT known to be stopped" } else { "NOT stopped" };
        let claim = format!("{} of {all} {} {verb} {words}", HumanCount(tally.open()), targets(tally.selected()));
        return claim;
    }
    let words = match (tally.accepted > 0, tally.gone > 0) {
        (false, false) => "stopped",
        (false, true) => "stopped or gone",
        (true, false) => "stopped or took the stop; whether it ended them was not checked",
        (true, true) => "stopped, gone, or took the stop; whether it ended them was not checked",
    };
    if tally.selected() == 1 { format!("the one target is {words}") } else { format!("all {all} targets are {words}") }
}

/// Says what a dry run found.
fn forecast(tally: &Tally) -> String {
    let (would, all) = (HumanCount(tally.would_stop), HumanCount(tally.selected()));
    let first = format!("{would} of {all} {} would be stopped", targets(tally.selected()));
    let unasked = tally.unsent();
    let told = [
        (tally.open() - unasked, "could not be found or read"),
        (unasked, if unasked == 1 { "was not looked at" } else { "were not looked at" }),
    ];
    let told = told.into_iter().filter(|(count, _)| *count > 0);
    told.fold(first, |text, (count, words)| format!("{text}, {} {words}", HumanCount(count)))
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step<'a> {
    /// What to do, with a colon at the end where a command follows.
    pub(super) words: String,
    /// The command to paste, where there is one.
    pub(super) command: Option<&'a str>,
}

/// Shows both in one line.
impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)?;
        self.command.map_or(Ok(()), |command| write!(f, " {command}"))
    }
}

/// Returns what to do next about the run of a report.
pub(super) fn next_step_of<'a>(run: &Run, tally: &Tally, command: Option<&'a str>) -> Option<Step<'a>> {
    match run.unended {
        Some(Unended::GoesOn) => Some(Step { words: "wait until the run ends.".to_owned(), command: None }),
        Some(Unended::Killed) | None => next_step(tally, run.mode, run.status, command),
    }
}

/// Returns what to do next, where there is something; `command` takes up what is open.
pub(super) fn next_step<'a>(tally: &Tally, mode: Mode, status: Status, command: Option<&'a str>) -> Option<Step<'a>> {
    const AGAIN: &str = "run the plan again; targets that are stopped answer so and stay as they are.";
    let plain = |words: &str| Some(Step { words: words.to_owned(), command: None });
    if tally.selected() == 0 && tally.elsewhere > 0 {
        return None;
    }
    if tally.selected() == 0 {
        return plain("look at guards.protect and at --only, --skip, --kind, --label, --account and --region.");
    }
    // No command takes up what a dry run found: it stopped nothing.
    let command = command.filter(|_| mode != Mode::DryRun);
    let again = |first: &str| {
        let words = if command.is_some() { "run:" } else { AGAIN };
        Some(Step { words: format!("{first}{words}"), command })
    };
    match (mode, status, tally.open()) {
        (_, Status::Aborted, _) => again("find out why, then "),
        (Mode::DryRun, _, _) if tally.would_stop > 0 => plain("run without --dry-run to stop them."),
        (Mode::DryRun, _, _) | (Mode::Live | Mode::Rehearsal, _, 0) => None,
        (Mode::Rehearsal, _, _) if command.is_none() => None,
        (Mode::Live | Mode::Rehearsal, Status::Interrupted | Status::Deadline, _) => again("to go on, "),
        (Mode::Live | Mode::Rehearsal, Status::Completed, _) => again("deal with the causes, then "),
    }
}

const fn targets(number: u64) -> &'static str {
    if number == 1 { "target" } else { "targets" }
}
