//! Why no stop was sent.

use super::{Entry, Topic};
use crate::engine::SkipReason;

/// Returns why no stop was sent to a target that was skipped for this reason.
#[must_use]
pub const fn reason(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Protected => "a `guards.protect` pattern matches it, or another target that names its resource",
        SkipReason::Filtered => {
            "the command line left it out, or, in a retry, the earlier run left nothing to do for it"
        }
        SkipReason::Shard => "another shard stops it",
        SkipReason::Duplicate => {
            "another selected target names the same resource: look at the row that `duplicate_of` names, or where \
             that is `filtered`, at the next one with the same `duplicate_of`"
        }
        SkipReason::Aborted => "a guard or the failure threshold ended the run first",
        SkipReason::Interrupted => "a signal ended the run first",
        SkipReason::Deadline => "the deadline came first",
        SkipReason::Credentials => "the account's credentials were refused",
    }
}

const fn advice(reason: SkipReason) -> Option<&'static str> {
    match reason {
        SkipReason::Protected => Some("change `guards.protect` if it is to be stopped after all"),
        SkipReason::Filtered => Some("look at `--only`, `--skip`, `--kind`, `--label`, `--account` and `--region`"),
        SkipReason::Shard | SkipReason::Duplicate => None,
        SkipReason::Aborted => Some("find out why, then `allstop retry REPORT`"),
        SkipReason::Interrupted => Some("`allstop resume JOURNAL`, or `allstop retry REPORT`"),
        SkipReason::Deadline => Some("`allstop retry REPORT`, with a later `--deadline`"),
        SkipReason::Credentials => Some("put the account's keys right, then `allstop retry REPORT`"),
    }
}

pub(super) fn entries() -> Vec<Entry> {
    SkipReason::ALL.into_iter().map(|word| Entry::own(Topic::Reason, word.name(), reason(word), advice(word))).collect()
}
