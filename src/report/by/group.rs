//! The targets that have the same values.

use super::running::{Running, RunningFor};
use crate::engine::Outcome;
use crate::report::json::Row;

/// The number of targets with each outcome, and how long those that were stopped had been running.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    outcomes: [u64; Outcome::ALL.len()],
    running: Running,
}

/// The same in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbers {
    outcomes: [u64; Outcome::ALL.len()],
    /// `None` if nothing is known.
    pub(super) running: Option<RunningFor>,
}

impl Group {
    pub(super) fn add(&mut self, row: &Row) {
        for (outcome, count) in Outcome::ALL.iter().zip(&mut self.outcomes) {
            *count += u64::from(*outcome == row.outcome);
        }
        self.running.add(row);
    }

    pub(super) fn numbers(self) -> Numbers {
        Numbers { outcomes: self.outcomes, running: self.running.numbers() }
    }
}

impl Numbers {
    pub(super) fn targets(&self) -> u64 {
        self.outcomes.iter().sum()
    }

    /// Returns the outcomes, each with its number of targets.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = (Outcome, u64)> {
        Outcome::ALL.into_iter().zip(self.outcomes)
    }
}
