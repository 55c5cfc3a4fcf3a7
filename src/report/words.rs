//! Outcomes and reasons in words, as counts of rows put them.

use crate::run::{Outcome, SkipReason};

/// Says what rows with this outcome are.
pub(super) const fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stopped => "stopped",
        Outcome::AlreadyStopped => "had already ended or stood still",
        Outcome::Accepted => "accepted: the service took the stop, its end was not seen",
        Outcome::NotFound => "not found: the service does not know them",
        Outcome::Failed => "failed",
        Outcome::Unknown => "unknown: an answer was lost, and reading back did not settle it",
        Outcome::Skipped => "skipped",
        Outcome::WouldStop => "running now, would be stopped",
    }
}

/// The reasons for skipping, in words: first what was left out by choice.
pub(super) const SKIPPED: [(SkipReason, &str); 8] = [
    (SkipReason::Protected, "left alone: protected by the plan"),
    (SkipReason::Filtered, "left alone: not selected on the command line"),
    (SkipReason::Shard, "left to other shards"),
    (SkipReason::Duplicate, "name the same resource as an earlier target"),
    (SkipReason::Aborted, "not sent: the run was ended first"),
    (SkipReason::Interrupted, "not sent: the run was interrupted first"),
    (SkipReason::Deadline, "not sent: the deadline came first"),
    (SkipReason::Credentials, "not sent: the account's credentials were refused"),
];
