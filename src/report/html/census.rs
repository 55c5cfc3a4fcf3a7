//! How the rows of a report stand, counted.

use super::super::{Mode, Report};
use crate::run::{Outcome, SkipReason};

/// How the rows stand, counted.
///
/// A report does not say whether its plan takes `not_found` and `accepted` for done, but its exit status does: where
/// that is 0, every selected row is.
#[derive(Debug, Clone, Default)]
pub(super) struct Census {
    /// Rows that are surely not stopped.
    pub(super) not_stopped: u64,
    /// Rows that are not known to be stopped.
    pub(super) unsure: u64,
    /// Rows that are where the plan wants them.
    pub(super) done: u64,
    /// Rows that a retry would take up.
    pub(super) retried: u64,
    /// Skipped rows by reason; reasons without rows are left out.
    pub(super) skipped: Vec<(SkipReason, u64)>,
}

impl Census {
    pub(super) fn of(report: &Report) -> Self {
        let by_reason = |reason| report.targets.iter().filter(|row| row.reason == Some(reason)).count() as u64;
        let skipped: Vec<_> = SkipReason::ALL
            .map(|reason| (reason, by_reason(reason)))
            .into_iter()
            .filter(|(_, rows)| *rows > 0)
            .collect();
        let left_out: u64 = skipped.iter().filter(|(reason, _)| reason.is_chosen()).map(|(_, rows)| rows).sum();
        let counts = &report.summary;
        let is_fine = report.run.exit_code == 0;
        let unproven = counts.accepted + counts.not_found;
        let would_stop = if report.run.mode == Mode::DryRun { counts.of_outcome(Outcome::WouldStop) } else { 0 };
        Self {
            not_stopped: counts.failed + counts.skipped.saturating_sub(left_out),
            unsure: counts.unknown + if is_fine { 0 } else { unproven },
            done: counts.stopped + counts.already_stopped + would_stop + if is_fine { unproven } else { 0 },
            retried: report.targets.iter().filter(|row| row.is_open()).count() as u64,
            skipped,
        }
    }

    /// Returns how many targets are not where the plan wants them, as far as is known.
    pub(super) const fn open(&self) -> u64 {
        self.not_stopped + self.unsure
    }

    /// Returns how many targets the run was about.
    pub(super) const fn selected(&self) -> u64 {
        self.done + self.open()
    }
}
