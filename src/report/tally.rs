//! The verdict on all rows of a run, counted in one pass over them.

use super::counts::OutcomeCounts;
use super::disposition::{Accepts, Disposition};
use super::listed::Listed;
use crate::engine::{Outcome, Record, Results, SkipReason, Status};
use crate::error::ErrorClass;
use crate::plan::Plan;

/// Rows, counted by outcome and by whether they count as done.
///
/// A pass over the results of a run unpacks them: one tally serves everything that is said at the end of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// Outcomes and requests.
    pub(super) counts: OutcomeCounts,
    /// Skipped rows, by the place of their reason in [`SkipReason::ALL`].
    skipped: [u64; SkipReason::ALL.len()],
    /// Done.
    pub(super) done: u64,
    /// Of those, not found.
    pub(super) gone: u64,
    /// Of those, only accepted.
    pub(super) accepted: u64,
    /// Of those, running in a dry run.
    pub(super) would_stop: u64,
    /// Not done: known not to be stopped.
    pub(super) not_stopped: u64,
    /// Not done: not known to be stopped.
    pub(super) unsure: u64,
    /// Left to other shards.
    pub(super) elsewhere: u64,
    /// Whether a retry would find something to do.
    pub(super) leaves_open: bool,
    /// What the listings of the selections came to.
    pub(super) listed: Listed,
}

impl Tally {
    /// Counts the results of a run, and what its selections leave open.
    #[must_use]
    pub fn of(plan: &Plan, record: &Record) -> Self {
        Self::of_rows(plan, &record.results).with(Listed::of_run(plan, &record.selections))
    }

    /// Adds what the listings of the selections came to.
    pub(super) const fn with(self, listed: Listed) -> Self {
        Self { listed, ..self }
    }

    /// Counts the results of a run alone.
    pub(super) fn of_rows(plan: &Plan, results: &Results) -> Self {
        let accepts = Accepts::from(plan);
        let mut tally = Self::default();
        for result in results.iter() {
            let retried = result.attempts.iter().map(|attempt| attempt.class.filter(|_| attempt.retry_in.is_some()));
            let disposition = Disposition::of(result.outcome, result.reason, accepts);
            tally.add(disposition, result.outcome, result.reason, retried);
        }
        tally
    }

    /// Counts one row; `retried` has an item for each of its stop requests, as [`OutcomeCounts::add`] takes them.
    pub(super) fn add(
        &mut self,
        disposition: Disposition,
        outcome: Outcome,
        reason: Option<SkipReason>,
        retried: impl Iterator<Item = Option<ErrorClass>>,
    ) {
        self.counts.add(outcome, retried);
        for (known, rows) in SkipReason::ALL.iter().zip(&mut self.skipped) {
            *rows += u64::from(Some(*known) == reason);
        }
        self.leaves_open |= disposition == Disposition::Open && disposition.is_retried(outcome);
        match disposition {
            Disposition::Done => self.add_done(outcome),
            Disposition::Open if matches!(outcome, Outcome::Failed | Outcome::Skipped) => self.not_stopped += 1,
            Disposition::Open => self.unsure += 1,
            Disposition::LeftOut => self.elsewhere += u64::from(reason == Some(SkipReason::Shard)),
        }
    }

    fn add_done(&mut self, outcome: Outcome) {
        self.done += 1;
        self.gone += u64::from(outcome == Outcome::NotFound);
        self.accepted += u64::from(outcome == Outcome::Accepted);
        self.would_stop += u64::from(outcome == Outcome::WouldStop);
    }

    /// Returns the outcomes and requests.
    #[must_use]
    pub const fn counts(&self) -> &OutcomeCounts {
        &self.counts
    }

    /// Tells whether a guard refused the run before it sent anything.
    #[must_use]
    pub const fn was_refused(&self, record: &Record) -> bool {
        matches!(record.status, Status::Aborted) && record.lanes.is_empty() && self.counts.unknown == 0
    }

    /// Returns how many rows were skipped for this reason.
    pub(super) fn skipped(&self, reason: SkipReason) -> u64 {
        let counted = SkipReason::ALL.iter().zip(&self.skipped);
        counted.filter(|(known, _)| **known == reason).map(|(_, rows)| rows).sum()
    }

    /// Returns how many targets were not sent, but not by choice.
    pub(super) fn unsent(&self) -> u64 {
        SkipReason::ALL.into_iter().filter(|reason| !reason.is_chosen()).map(|reason| self.skipped(reason)).sum()
    }

    /// Tells whether a plan that selects found nothing at all: nothing that runs matches.
    pub(super) const fn found_nothing(&self) -> bool {
        self.listed.selects && self.listed.matched == 0 && self.counts.targets == 0
    }

    /// Tells whether a retry would find something to do. Of a run that could not list everything, nothing was selected.
    pub(super) fn can_be_retried(&self, status: Status) -> bool {
        self.leaves_open && status != Status::Unlisted
    }

    /// Returns how many targets are not done.
    pub(super) const fn open(&self) -> u64 {
        self.not_stopped + self.unsure
    }

    /// Returns how many targets the run was about.
    pub(super) const fn selected(&self) -> u64 {
        self.done + self.open()
    }
}
