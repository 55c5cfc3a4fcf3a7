//! What a reviewed plan came to that was listed again.

use jiff::Timestamp;

use crate::engine::{SkipReason, TargetResult};
use crate::journal::Header;

use super::error::SessionError;
use super::header;
use super::left_out::LeftOut;

/// The name of the option of a journal's header that says it: when it was listed, and how many were not reviewed.
const OPTION: &str = "listed_again";

/// What a reviewed plan came to that was listed again.
pub(super) struct ListedAgain {
    pub(super) listed_at: Timestamp,
    /// The results of the targets that do not match any more.
    pub(super) stale: Vec<(usize, TargetResult)>,
    pub(super) unreviewed: u64,
}

impl ListedAgain {
    /// Returns what a journal's header says of it.
    pub(super) fn option(&self) -> (String, Vec<String>) {
        (OPTION.to_owned(), vec![self.listed_at.to_string(), self.unreviewed.to_string()])
    }

    /// Reads what a journal's header says of it; `None` of a run that listed nothing again. What the listing showed of each
    /// target is not known any more.
    pub(super) fn of_header(header: &Header, left_out: &LeftOut) -> Result<Option<Self>, SessionError> {
        let Some(values) = header.options.get(OPTION) else { return Ok(None) };
        let invalid = || header::invalid(OPTION, values.join(" "));
        let [listed_at, unreviewed] = values.as_slice() else { return Err(invalid()) };
        let listed_at = listed_at.parse().map_err(|_| invalid())?;
        let unreviewed = unreviewed.parse().map_err(|_| invalid())?;
        let stale = left_out.numbered().into_iter().filter(|(_, reason)| *reason == SkipReason::Stale);
        let stale = stale.map(|(number, reason)| (number as usize, TargetResult::skipped(reason))).collect();
        Ok(Some(Self { listed_at, stale, unreviewed }))
    }

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
