//! What every format says of a run: the headline, the counts, and the next step.

use std::fmt;

use super::json::{RunInfo, RunMode, Unended};
use super::tally::Tally;
use crate::base::count::{HumanCount, agreed, counted};
use crate::engine::{Outcome, SkipReason, Status};
use crate::wording::{capitalised, listed_outcome, listed_reason};

/// Returns the verdict on the whole run.
pub(super) fn sentence(tally: &Tally, mode: RunMode) -> String {
    if tally.selected() == 0 {
        let what = if tally.elsewhere > 0 {
            "every target is in another shard"
        } else {
            "every target of the plan was left out"
        };
        return format!("Nothing to do: {what}.");
    }
    match mode {
        RunMode::Live => format!("{}.", capitalised(&claim(tally))),
        RunMode::Rehearsal => format!("Rehearsal, no cloud was touched: {}, in the simulator.", claim(tally)),
        RunMode::DryRun => format!("Dry run, nothing was stopped: {}.", forecast(tally)),
    }
}

/// Says what a run achieved.
fn claim(tally: &Tally) -> String {
    let all = HumanCount(tally.selected());
    if tally.open() > 0 {
        let words = if tally.unsure > 0 { "NOT known to be stopped" } else { "NOT stopped" };
        return match tally.selected() {
            1 => format!("the one target is {words}"),
            _ => {
                agreed(tally.open(), &format!("of {all} targets is {words}"), &format!("of {all} targets are {words}"))
            }
        };
    }
    let words = match (tally.accepted > 0, tally.gone > 0) {
        (false, false) => "stopped",
        (false, true) => "stopped or not found",
        (true, false) => "stopped, or accepted without verification",
        (true, true) => "stopped, not found, or accepted without verification",
    };
    if tally.selected() == 1 { format!("the one target is {words}") } else { format!("all {all} targets are {words}") }
}

/// Says what a dry run found.
fn forecast(tally: &Tally) -> String {
    let first = format!("{} of {} would be stopped", HumanCount(tally.would_stop), counted(tally.selected(), "target"));
    let unchecked = tally.unsent();
    let others = [
        (tally.open() - unchecked, ["could not be found or read"; 2]),
        (unchecked, ["was not checked", "were not checked"]),
    ];
    let others = others.into_iter().filter(|(count, _)| *count > 0);
    others.fold(first, |text, (count, [one, many])| format!("{text}, {}", agreed(count, one, many)))
}

/// Returns what the counts of a run say: how many targets, and what became of them; outcomes without targets are left out.
pub(super) fn counts(tally: &Tally) -> impl Iterator<Item = (u64, String)> {
    let outcomes = Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::Skipped).map(|outcome| {
        let is_accepted = outcome == Outcome::NotFound && tally.gone > 0;
        let note = if is_accepted { ", which counts as done in this plan" } else { "" };
        (tally.counts().of_outcome(outcome), format!("{}{note}", listed_outcome(outcome)))
    });
    let skipped = SkipReason::ALL.into_iter().map(|reason| (tally.skipped(reason), listed_reason(reason)));
    outcomes.chain(skipped).filter(|(rows, _)| *rows > 0)
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
pub(super) fn next_step_of<'a>(run: &RunInfo, tally: &Tally, command: Option<&'a str>) -> Option<Step<'a>> {
    match run.unended {
        Some(Unended::GoesOn) => Some(Step { words: "wait until the run ends.".to_owned(), command: None }),
        Some(Unended::Killed) | None => next_step(tally, run.mode, run.status, command),
    }
}

/// Returns what to do next, if anything; `command` continues or retries the run.
pub(super) fn next_step<'a>(
    tally: &Tally,
    mode: RunMode,
    status: Status,
    command: Option<&'a str>,
) -> Option<Step<'a>> {
    const AGAIN: &str = "run the plan again; it does not change targets that are already stopped.";
    let plain = |words: &str| Some(Step { words: words.to_owned(), command: None });
    if tally.selected() == 0 && tally.elsewhere > 0 {
        return None;
    }
    if tally.selected() == 0 {
        return plain("check guards.protect and --only, --skip, --kind, --label, --account and --region.");
    }
    // A dry run cannot be retried: it stopped nothing.
    let command = command.filter(|_| mode != RunMode::DryRun && tally.leaves_open);
    let again = |first: &str| {
        let words = if command.is_some() { "run:" } else { AGAIN };
        Some(Step { words: format!("{first}{words}"), command })
    };
    match (mode, status, tally.open()) {
        (_, Status::Aborted, _) => again("find out why, then "),
        (RunMode::DryRun, _, _) if tally.would_stop > 0 => plain("run without --dry-run to stop them."),
        (RunMode::DryRun, _, _) | (RunMode::Live | RunMode::Rehearsal, _, 0) => None,
        (RunMode::Rehearsal, _, _) if command.is_none() => None,
        (RunMode::Live | RunMode::Rehearsal, Status::Interrupted | Status::Deadline | Status::Paused, _) => {
            again("to continue, ")
        }
        (RunMode::Live | RunMode::Rehearsal, Status::Completed, _) => again("fix the causes, then "),
    }
}
