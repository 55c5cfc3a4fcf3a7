//! How the rows of a run or of a report stand, counted in one pass over them.

use super::exit::{Standing, standing};
use super::json::{Counts, Report};
use super::remainder::is_open;
use crate::engine::{Outcome, Results, SkipReason};
use crate::plan::Plan;

/// How rows stand, counted.
///
/// Going over the results of a run unpacks them: what is said at its end is said from one tally of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// Outcomes and requests.
    pub(super) counts: Counts,
    /// Skipped rows, by the place of their reason in [`SkipReason::ALL`].
    skipped: [u64; SkipReason::ALL.len()],
    /// Where the plan wants them.
    pub(super) done: u64,
    /// Done because the service does not know them and the plan says that is fine.
    pub(super) gone: u64,
    /// Done because the service took the stop and the plan asked for no more.
    pub(super) accepted: u64,
    /// Dry run: running now.
    pub(super) would_stop: u64,
    /// Surely not stopped.
    pub(super) not_stopped: u64,
    /// Not known to be stopped.
    pub(super) unsure: u64,
    /// Left to other shards.
    pub(super) elsewhere: u64,
    /// Gone, where nobody can tell whether that is fine.
    pub(super) missing: u64,
    /// Whether a retry would find something to do.
    pub(super) leaves_open: bool,
}

impl Tally {
    /// Counts the rows of a run.
    #[must_use]
    pub fn of(plan: &Plan, results: &Results) -> Self {
        let mut tally = Self::default();
        for result in results.iter() {
            tally.counts.add(&result);
            tally.add(standing(plan, &result), result.outcome, result.reason);
        }
        tally
    }

    /// Counts the rows of a report.
    ///
    /// A report of a run that did not end well does not tell whether its plan takes what is gone for done; then such
    /// rows are told apart, unless they alone can be why it did not.
    #[must_use]
    pub fn of_report(report: &Report) -> Self {
        let mut tally = Self { counts: report.summary, ..Self::default() };
        for row in &report.targets {
            match (report.standing(row), row.outcome) {
                (Standing::Open, Outcome::NotFound) => tally.missing += 1,
                (standing, outcome) => tally.add(standing, outcome, row.reason),
            }
        }
        if tally.open() == 0 {
            tally.unsure = std::mem::take(&mut tally.missing);
        }
        tally
    }

    fn add(&mut self, standing: Standing, outcome: Outcome, reason: Option<SkipReason>) {
        let place = SkipReason::ALL.iter().position(|known| Some(*known) == reason);
        if let Some(rows) = place.and_then(|place| self.skipped.get_mut(place)) {
            *rows += 1;
        }
        self.leaves_open |= standing == Standing::Open && is_open(outcome, reason);
        match standing {
            Standing::Done => self.add_done(outcome),
            Standing::Open if matches!(outcome, Outcome::Failed | Outcome::Skipped) => self.not_stopped += 1,
            Standing::Open => self.unsure += 1,
            Standing::LeftOut => self.elsewhere += u64::from(reason == Some(SkipReason::Shard)),
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
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Returns how many rows were skipped for this reason.
    pub(super) fn skipped(&self, reason: SkipReason) -> u64 {
        let place = SkipReason::ALL.iter().position(|known| *known == reason);
        place.and_then(|place| self.skipped.get(place)).copied().unwrap_or_default()
    }

    /// Returns how many targets nothing was sent for, though nobody chose so.
    pub(super) fn unsent(&self) -> u64 {
        SkipReason::ALL.into_iter().filter(|reason| !reason.is_chosen()).map(|reason| self.skipped(reason)).sum()
    }

    /// Returns how many targets are not where the plan wants them, as far as is known.
    pub(super) const fn open(&self) -> u64 {
        self.not_stopped + self.unsure
    }

    /// Returns how many targets the run was about.
    pub(super) const fn selected(&self) -> u64 {
        self.done + self.open() + self.missing
    }
}
