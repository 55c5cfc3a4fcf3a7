//! The words of the page for the words of the report.

use crate::engine::{Outcome, SkipReason};
use crate::wording;

pub(super) use crate::wording::{evidence, label};

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

/// Returns what an outcome means.
pub(super) const fn meaning(outcome: Outcome) -> &'static str {
    wording::outcome(outcome).short
}

/// Returns why no stop was sent.
pub(super) const fn skipped(reason: SkipReason) -> &'static str {
    wording::reason(reason).short
}
