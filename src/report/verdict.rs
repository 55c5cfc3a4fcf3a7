//! What every format says of a run: the headline, the counts, and the next step.

use std::fmt;

use super::json::{RunInfo, RunMode, Unended};
use super::listed::Listed;
use super::tally::Tally;
use crate::base::count::{HumanCount, agreed, counted};
use crate::engine::{Outcome, SkipReason, Status};
use crate::wording::{capitalised, label, listed_outcome, listed_reason, skipped};

/// Returns the verdict on the whole run.
pub(super) fn sentence(tally: &Tally, mode: RunMode, status: Status) -> String {
    if let Some(nothing) = nothing(tally, mode, status) {
        return nothing;
    }
    let gaps = gaps(tally, mode);
    match mode {
        RunMode::Live => format!("{}{gaps}.", capitalised(&claim(tally))),
        RunMode::Rehearsal => format!("Rehearsal, no cloud was touched: {}, in the simulator{gaps}.", claim(tally)),
        RunMode::DryRun => format!("Dry run, nothing was stopped: {}{gaps}.", forecast(tally)),
    }
}

/// Returns the verdict on a run that had nothing to stop, or stopped nothing because it was not listed.
fn nothing(tally: &Tally, mode: RunMode, status: Status) -> Option<String> {
    let Listed { selects, missing, .. } = tally.listed;
    if status == Status::Unlisted {
        return Some(stopped_nothing(mode, &format!(", because {} failed", counted(missing.max(1), "listing"))));
    }
    if tally.selected() > 0 {
        return None;
    }
    if tally.listed.has_gaps() {
        return Some(stopped_nothing(mode, &gaps(tally, RunMode::DryRun)));
    }
    let what = if tally.elsewhere > 0 {
        "every target is in another shard"
    } else if selects && status != Status::Completed {
        return Some(stopped_nothing(mode, ""));
    } else if tally.found_nothing() {
        "nothing that runs matches"
    } else if is_stale(tally) {
        "no target of the plan matches any more"
    } else {
        "every target of the plan was left out"
    };
    Some(format!("Nothing to do: {what}."))
}

/// Tells whether no target of a reviewed plan matches any more.
fn is_stale(tally: &Tally) -> bool {
    let targets = tally.counts().targets;
    targets > 0 && tally.skipped(SkipReason::Stale) == targets
}

/// Says that nothing was stopped; `why` follows.
fn stopped_nothing(mode: RunMode, why: &str) -> String {
    match mode {
        RunMode::Live => format!("Nothing was stopped{why}."),
        RunMode::Rehearsal => format!("Rehearsal, no cloud was touched: nothing was stopped{why}."),
        RunMode::DryRun => format!("Dry run: nothing would be stopped{why}."),
    }
}

/// Says what may be left although it has no row; empty if there is nothing.
fn gaps(tally: &Tally, mode: RunMode) -> String {
    let Listed { missing, unusable, .. } = tally.listed;
    let missing =
        (missing > 0).then(|| format!("the list is NOT COMPLETE, because {} failed", counted(missing, "listing")));
    let unusable = (unusable > 0).then(|| agreed(unusable, "more matches and cannot", "more match and cannot"));
    let unusable = unusable.map(|words| format!("{words} be stopped"));
    let told: Vec<_> = missing.into_iter().chain(unusable).collect();
    let joint = if tally.open() > 0 || mode == RunMode::DryRun { "and" } else { "but" };
    if told.is_empty() { String::new() } else { format!(", {joint} {}", told.join(", and ")) }
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

/// The outcomes, the most serious first; skipped ones stand for what was not sent.
const SERIOUS: [Outcome; 8] = [
    Outcome::Failed,
    Outcome::Unknown,
    Outcome::NotFound,
    Outcome::Skipped,
    Outcome::Accepted,
    Outcome::WouldStop,
    Outcome::Stopped,
    Outcome::AlreadyStopped,
];

/// Returns how serious an outcome is: 0 is the most.
pub(super) fn seriousness(of: Outcome) -> usize {
    SERIOUS.iter().position(|outcome| *outcome == of).unwrap_or(SERIOUS.len())
}

/// Returns the counts of a run in two words each, the most serious first; what was left out comes last.
pub(super) fn short_counts(tally: &Tally) -> impl Iterator<Item = (u64, String)> {
    let (left_out, unsent): (Vec<_>, Vec<_>) = SkipReason::ALL.into_iter().partition(|reason| reason.is_chosen());
    let skipped = |reasons: Vec<SkipReason>| {
        let words = reasons.first().map(|reason| skipped(*reason)).unwrap_or_default();
        (reasons.into_iter().map(|reason| tally.skipped(reason)).sum::<u64>(), words.to_owned())
    };
    let unsent = skipped(unsent);
    let outcomes = SERIOUS.map(|outcome| match outcome == Outcome::Skipped {
        true => unsent.clone(),
        false => (tally.counts().of_outcome(outcome), label(outcome.name())),
    });
    outcomes.into_iter().chain([skipped(left_out)]).filter(|(rows, _)| *rows > 0)
}

/// What to do where everything was left out.
const LEFT_OUT: &str = "check guards.protect and --only, --skip, --kind, --label, --account and --region.";

/// What to do where there is no command that goes on.
const AGAIN: &str = "run the plan again; it does not change targets that are already stopped.";

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

/// Returns what to do next about a run that a guard refused.
pub(super) fn after_refusal(command: Option<&str>) -> Step<'_> {
    let words = if command.is_some() { "run:" } else { "run the plan again." };
    Step { words: format!("when the guard allows it, {words}"), command }
}

/// Returns what to do next, if anything; `command` continues or retries the run.
pub(super) fn next_step<'a>(
    tally: &Tally,
    mode: RunMode,
    status: Status,
    command: Option<&'a str>,
) -> Option<Step<'a>> {
    let plain = |words: &str| Some(Step { words: words.to_owned(), command: None });
    if tally.selected() == 0 && tally.elsewhere > 0 {
        return None;
    }
    if status == Status::Unlisted && tally.listed.missing == 0 {
        return plain("fix the cause, then run the plan again.");
    }
    if status == Status::Unlisted {
        return plain("fix the causes, then run the plan again; or pass --partial to stop what could be listed.");
    }
    if tally.selected() == 0 && tally.listed.selects {
        return Some(after_listing(tally, status));
    }
    if tally.selected() == 0 {
        return plain(LEFT_OUT);
    }
    // A dry run cannot be retried: it stopped nothing.
    let command = command.filter(|_| mode != RunMode::DryRun && tally.can_be_retried(status));
    let again = |first: &str| {
        let words = if command.is_some() { "run:" } else { AGAIN };
        Some(Step { words: format!("{first}{words}"), command })
    };
    match (mode, status, tally.open()) {
        (_, Status::Aborted, _) => again("find out why, then "),
        (RunMode::DryRun, _, _) if tally.would_stop > 0 => plain("run without --dry-run to stop them."),
        (RunMode::DryRun, _, _) => None,
        (RunMode::Live | RunMode::Rehearsal, _, 0) => tally.listed.has_gaps().then(|| after_listing(tally, status)),
        (RunMode::Rehearsal, _, _) if command.is_none() => None,
        (RunMode::Live | RunMode::Rehearsal, Status::Interrupted | Status::Deadline | Status::Paused, _) => {
            again("to continue, ")
        }
        (RunMode::Live | RunMode::Rehearsal, Status::Completed | Status::Unlisted, _) => again("fix the causes, then "),
    }
}

/// Returns what to do next about a run whose selections found nothing to stop, or not everything.
fn after_listing(tally: &Tally, status: Status) -> Step<'static> {
    let words = match status {
        _ if tally.listed.missing > 0 => format!("fix the causes, then {AGAIN}"),
        _ if tally.listed.unusable > 0 => {
            "stop what cannot be a target by other means: the report names it in selections.".to_owned()
        }
        Status::Aborted => format!("find out why, then {AGAIN}"),
        Status::Interrupted | Status::Deadline | Status::Paused => format!("to continue, {AGAIN}"),
        Status::Completed | Status::Unlisted if is_stale(tally) => {
            "to stop what runs now, review the plan again.".to_owned()
        }
        Status::Completed | Status::Unlisted if tally.counts().targets > 0 => LEFT_OUT.to_owned(),
        Status::Completed | Status::Unlisted => {
            "check the conditions of select, and its accounts and regions.".to_owned()
        }
    };
    Step { words, command: None }
}

#[cfg(test)]
mod tests {
    use super::super::disposition::Disposition;
    use super::*;

    #[test]
    fn short_counts_begin_with_what_is_most_serious() {
        let mut tally = Tally::default();
        let skipped = |reason| (Disposition::Open, Outcome::Skipped, Some(reason));
        let rows = [
            (Disposition::Done, Outcome::Stopped, None),
            (Disposition::Done, Outcome::Accepted, None),
            (Disposition::LeftOut, Outcome::Skipped, Some(SkipReason::Protected)),
            skipped(SkipReason::Credentials),
            (Disposition::Open, Outcome::Unknown, None),
            skipped(SkipReason::Deadline),
            (Disposition::Open, Outcome::Failed, None),
        ];
        rows.into_iter().for_each(|(disposition, outcome, reason)| {
            tally.add(disposition, outcome, reason, std::iter::empty());
        });
        let told: Vec<_> = short_counts(&tally).map(|(rows, words)| format!("{rows} {words}")).collect();
        assert_eq!(told.join(", "), "1 failed, 1 unknown, 2 not sent, 1 accepted, 1 stopped, 1 left out");
    }
}
