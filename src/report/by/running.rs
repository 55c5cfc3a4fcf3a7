//! How long targets had been running when a run stopped them, where their services tell.

use std::time::Duration;

use serde::Serialize;

use crate::engine::Outcome;
use crate::plan::{Age, Seen};
use crate::report::json::{Row, millis};
use crate::service::Kind;

/// How long a target had been running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ran {
    /// At least so long.
    least: Duration,
    /// Whether it was not longer than that.
    is_exact: bool,
}

/// How long several targets had been running.
#[derive(Debug, Clone, Default)]
pub(super) struct Running {
    millis: Vec<u64>,
    inexact: u64,
    unknown: u64,
}

/// The same in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct RunningFor {
    /// For how many targets it is known.
    pub(super) known: u64,
    /// For how many it is not: their services do not tell, or no listing showed them.
    pub(super) unknown: u64,
    /// For how many of the known ones it was at least so long.
    pub(super) at_least: u64,
    /// The sum of the known ones.
    pub(super) total_ms: u64,
    /// The median of the known ones.
    pub(super) median_ms: u64,
}

impl Running {
    /// Takes in a row. Only what was stopped counts, or what would be in a dry run.
    pub(super) fn add(&mut self, row: &Row) {
        if !matches!(row.outcome, Outcome::Stopped | Outcome::WouldStop) {
            return;
        }
        match ran(row) {
            None => self.unknown += 1,
            Some(Ran { least, is_exact }) => {
                self.millis.push(millis(least));
                self.inexact += u64::from(!is_exact);
            }
        }
    }

    /// Returns the numbers; `None` if nothing is known.
    pub(super) fn numbers(mut self) -> Option<RunningFor> {
        self.millis.sort_unstable();
        let half = self.millis.len() / 2;
        let upper = *self.millis.get(half)?;
        let is_odd = self.millis.len() % 2 == 1;
        let lower = if is_odd { upper } else { half.checked_sub(1).and_then(|at| self.millis.get(at)).copied()? };
        Some(RunningFor {
            known: self.millis.len() as u64,
            unknown: self.unknown,
            at_least: self.inexact,
            total_ms: self.millis.iter().fold(0, |sum, ms| sum.saturating_add(*ms)),
            median_ms: lower + (upper - lower) / 2,
        })
    }
}

/// Returns how long a target had been running when the first request about it was sent: its age when a listing showed it,
/// and the time since then.
fn ran(row: &Row) -> Option<Ran> {
    let start = Kind::named(&row.kind)?.service().lister().selectable().start;
    let seen = Seen::from(row.seen.as_deref()?);
    let Age { least, most } = Age::of(&seen, start)?;
    let since = row.started_at?.timestamp().duration_since(seen.at?);
    let since = Duration::try_from(since).unwrap_or_default();
    Some(Ran { least: least + since, is_exact: most == Some(least) })
}
