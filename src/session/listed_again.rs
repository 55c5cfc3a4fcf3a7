//! What a reviewed plan came to that was listed again.

use jiff::Timestamp;

use crate::engine::{SelectionRecord, SkipReason, TargetResult};

/// What a reviewed plan came to that was listed again.
pub(super) struct ListedAgain {
    pub(super) selections: Vec<SelectionRecord>,
    pub(super) started_at: Timestamp,
    pub(super) listed_at: Timestamp,
    /// The results of the targets that do not match any more.
    pub(super) stale: Vec<(usize, TargetResult)>,
    pub(super) unreviewed: u64,
}

impl ListedAgain {
    /// Returns how many targets do not match any more.
    pub(super) const fn stale(&self) -> u64 {
        self.stale.len() as u64
    }

    /// Puts what the listing showed into the results.
    pub(super) fn show(&self, results: impl Iterator<Item = TargetResult>) -> Vec<TargetResult> {
        let mut results: Vec<_> = results.collect();
        for (number, result) in &self.stale {
            if let Some(slot) = results.get_mut(*number).filter(|slot| slot.reason == Some(SkipReason::Stale)) {
                *slot = result.clone();
            }
        }
        results
    }
}
