//! Why no stop was sent.

use super::words::Words;
use crate::engine::SkipReason;

/// Returns the words for a reason.
#[must_use]
pub const fn reason(reason: SkipReason) -> Words {
    let (short, means, advice) = match reason {
        SkipReason::Protected => (
            "protected by the plan",
            "a pattern of `guards.protect` or `guards.protect_until` matches it, or another target that names its resource",
            Some("change the guard if it is to be stopped after all"),
        ),
        SkipReason::Filtered => (
            "not selected for this run",
            "the command line left it out, or, in a retry, the earlier run stopped it or left it out",
            Some("check `--only`, `--skip`, `--kind`, `--label`, `--account` and `--region`"),
        ),
        SkipReason::Shard => ("in another shard", "another shard stops it", None),
        SkipReason::Duplicate => (
            "duplicate of an earlier target",
            "another selected target names the same resource: see the row that `duplicate_of` names, or, if that is \
             `filtered`, the next one with the same `duplicate_of`",
            None,
        ),
        SkipReason::Stale => (
            "does not match any more",
            "the plan was reviewed with it, and it did not match any more when it was listed again",
            Some("the row's `state` says what it does now; review the plan again if it is to be stopped after all"),
        ),
        SkipReason::Aborted => (
            "the run was ended first",
            "a guard, the failure threshold or a canary ended the run first",
            Some("find out why, then `allstop retry REPORT`"),
        ),
        SkipReason::Interrupted => (
            "the run was interrupted first",
            "a signal ended the run first",
            Some("`allstop resume JOURNAL`, or `allstop retry REPORT`"),
        ),
        SkipReason::Deadline => (
            "the deadline passed first",
            "the deadline passed first",
            Some("`allstop retry REPORT`, with a later `--deadline`"),
        ),
        SkipReason::Paused => (
            "the run paused first",
            "the run ended first, at a `pause: ask` of a stage",
            Some("`allstop resume JOURNAL`, which is the yes"),
        ),
        SkipReason::Credentials => (
            "the account's credentials were refused or could not be had",
            "the account's credentials were refused or could not be had",
            Some("fix the account's credentials, then `allstop retry REPORT`"),
        ),
    };
    Words { name: reason.name(), short, means, advice }
}

/// Returns what became of targets that were skipped for this reason, in two words.
#[must_use]
pub const fn skipped(of: SkipReason) -> &'static str {
    if of.is_chosen() { "left out" } else { "not sent" }
}

/// Returns what a list says of targets that were skipped for this reason.
#[must_use]
pub fn listed_reason(of: SkipReason) -> String {
    format!("{}: {}", skipped(of), reason(of).short)
}
