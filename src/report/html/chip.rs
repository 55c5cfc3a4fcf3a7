//! The page's names of outcomes.

use crate::engine::{Outcome, SkipReason};

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
