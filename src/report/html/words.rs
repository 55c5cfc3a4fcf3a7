//! The words of the page for the words of the report.

use crate::engine::{Evidence, Outcome, SkipReason};

/// Returns how an outcome is known.
pub(super) const fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Answer => "the service's own answer",
        Evidence::ReadBack => "the state, read back",
    }
}

/// Returns the page's name of an outcome. A skipped target is one of two: left out by choice, or not reached.
pub(super) fn chip(outcome: Outcome, reason: Option<SkipReason>) -> &'static str {
    if outcome != Outcome::Skipped {
        outcome.name()
    } else if reason.is_some_and(SkipReason::is_chosen) {
        "left_out"
    } else {
        "not_sent"
    }
}

/// Returns such a name as it is read.
pub(super) fn label(chip: &str) -> String {
    chip.replace('_', " ")
}

/// Returns what an outcome means.
pub(super) const fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stopped => "this run's stop took effect",
        Outcome::AlreadyStopped => "had ended or stood still before",
        Outcome::Accepted => "took the stop, its end was not seen",
        Outcome::NotFound => "the service does not know them",
        Outcome::Failed => "refused, or the tries ran out",
        Outcome::Unknown => "an answer was lost, reading back did not settle it",
        Outcome::Skipped => "no stop was sent",
        Outcome::WouldStop => "running now",
    }
}

/// Returns why no stop was sent.
pub(super) const fn skipped(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Protected => "protected by the plan",
        SkipReason::Filtered => "not selected",
        SkipReason::Shard => "left to another shard",
        SkipReason::Duplicate => "same resource as another target",
        SkipReason::Aborted => "the run was ended first",
        SkipReason::Interrupted => "the run was interrupted first",
        SkipReason::Deadline => "the deadline came first",
        SkipReason::Credentials => "the account's credentials were refused",
    }
}

/// Returns `1 target` or `2 targets`: a number with its noun.
pub(super) fn counted(number: u64, noun: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{} {noun}{end}", indicatif::HumanCount(number))
}
