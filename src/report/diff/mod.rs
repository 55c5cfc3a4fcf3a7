//! What changed from one report to another: what was stopped and is not any more, what is newly stopped, new, gone.
//!
//! A target is the same if its id and its resource are. If the new run skipped it, it counts as not tried, which is no
//! change.

mod text;

use std::collections::HashMap;

use serde::Serialize;

use super::json::{Moment, NamedValue, Report, Row, RunMode};
use super::remarks::missing;
use crate::engine::{Outcome, SkipReason};

/// What changed from one report to another; serializes as `allstop report diff --json` prints it.
#[derive(Debug, Clone, Serialize)]
pub struct Diff<'a> {
    version: u32,
    old: Side<'a>,
    new: Side<'a>,
    no_longer_stopped: Vec<Change<'a>>,
    newly_stopped: Vec<Change<'a>>,
    changed: Vec<Change<'a>>,
    added: Vec<Sight<'a>>,
    gone: Vec<Sight<'a>>,
    not_tried: u64,
    unchanged: u64,
}

/// One of the two runs.
#[derive(Debug, Clone, Copy, Serialize)]
struct Side<'a> {
    run: &'a str,
    mode: RunMode,
    plan: &'a str,
    started_at: Moment,
    /// How many listings failed; absent where all are whole.
    #[serde(skip_serializing_if = "is_none")]
    not_listed: usize,
    #[serde(skip)]
    report: &'a Report,
}

/// A target with different facts in the two reports.
#[derive(Debug, Clone, Copy, Serialize)]
struct Change<'a> {
    id: &'a str,
    old: Outcome,
    new: Outcome,
    /// Why nothing was sent before.
    old_reason: Option<SkipReason>,
    #[serde(skip)]
    row: &'a Row,
}

/// A target that only one of the reports has.
#[derive(Debug, Clone, Copy, Serialize)]
struct Sight<'a> {
    id: &'a str,
    outcome: Outcome,
    reason: Option<SkipReason>,
    #[serde(skip)]
    row: &'a Row,
}

impl<'a> Diff<'a> {
    /// Compares two reports.
    #[must_use]
    pub fn new(old: &'a Report, new: &'a Report) -> Self {
        let mut diff = Self {
            version: 1,
            old: Side::of(old),
            new: Side::of(new),
            no_longer_stopped: Vec::new(),
            newly_stopped: Vec::new(),
            changed: Vec::new(),
            added: Vec::new(),
            gone: Vec::new(),
            not_tried: 0,
            unchanged: 0,
        };
        let mut before: HashMap<Key<'_>, &Row> = old.targets.iter().map(|row| (key(row), row)).collect();
        for row in &new.targets {
            match before.remove(&key(row)) {
                Some(earlier) => diff.compare(earlier, row),
                None => diff.added.push(Sight::of(row)),
            }
        }
        let is_gone = |row: &&Row| before.contains_key(&key(row));
        diff.gone = old.targets.iter().filter(is_gone).map(Sight::of).collect();
        diff
    }

    /// Returns whether something that was stopped is not any more, as far as is known.
    #[must_use]
    pub const fn is_worse(&self) -> bool {
        !self.no_longer_stopped.is_empty()
    }

    fn compare(&mut self, old: &'a Row, new: &'a Row) {
        let change = Change { id: &new.id, old: old.outcome, new: new.outcome, old_reason: old.reason, row: new };
        let was_stopped = is_stopped(old.outcome);
        let is_same = old.outcome == new.outcome && old.reason == new.reason;
        if is_same || (was_stopped && is_stopped(new.outcome)) {
            self.unchanged += 1;
        } else if new.outcome == Outcome::Skipped {
            self.not_tried += 1;
        } else if is_stopped(new.outcome) {
            self.newly_stopped.push(change);
        } else if was_stopped && is_not_stopped(new.outcome) {
            self.no_longer_stopped.push(change);
        } else {
            self.changed.push(change);
        }
    }
}

impl<'a> Side<'a> {
    fn of(report: &'a Report) -> Self {
        let run = &report.run;
        Self {
            run: &run.id,
            mode: run.mode,
            plan: &run.plan.name,
            started_at: run.started_at,
            not_listed: missing(&report.selections).len(),
            report,
        }
    }
}

impl<'a> Sight<'a> {
    fn of(row: &'a Row) -> Self {
        Self { id: &row.id, outcome: row.outcome, reason: row.reason, row }
    }
}

/// Tells whether there is none of them.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields so")]
const fn is_none(number: &usize) -> bool {
    *number == 0
}

/// Tells whether a target is known to be stopped.
pub(super) const fn is_stopped(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Stopped | Outcome::AlreadyStopped)
}

/// Tells whether a run looked at a target and does not know that it is stopped, or gone.
pub(super) const fn is_not_stopped(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Failed | Outcome::Unknown | Outcome::Accepted | Outcome::WouldStop)
}

/// What makes a target the same in two reports.
pub(super) type Key<'a> = (&'a str, &'a str, &'a str, &'a str, Vec<(&'a str, &'a NamedValue)>);

/// Returns what makes a row's target the same in another report.
pub(super) fn key(row: &Row) -> Key<'_> {
    (&row.id, &row.kind, &row.account, &row.region, row.identity().collect())
}
