//! Huawei Cloud locks a key after too many refusals in a row.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::world::Locking;

/// The refusals of keys, and the locks.
#[derive(Debug, Default)]
pub(super) struct Locks(BTreeMap<Box<str>, Row>);

/// The refusals of one key.
#[derive(Debug, Default)]
struct Row {
    in_a_row: u32,
    until: Option<Instant>,
}

/// The most keys whose refusals are counted: more than this are guesses.
const MOST: usize = 10_000;

impl Locks {
    /// Returns whether a key is locked.
    pub(super) fn is_locked(&self, id: &str, now: Instant) -> bool {
        self.0.get(id).and_then(|row| row.until).is_some_and(|until| now < until)
    }

    /// Notes that a key was accepted.
    pub(super) fn accept(&mut self, id: &str) {
        self.0.remove(id);
    }

    /// Notes that a key was refused.
    pub(super) fn refuse(&mut self, id: &str, locking: Locking, now: Instant) {
        if locking.after == 0 || (self.0.len() >= MOST && !self.0.contains_key(id)) {
            return;
        }
        let row = self.0.entry(id.into()).or_default();
        row.in_a_row += 1;
        if row.in_a_row >= locking.after {
            *row = Row { in_a_row: 0, until: now.checked_add(Duration::from_secs(locking.for_s)) };
        }
    }

    /// Returns the keys that are locked.
    pub(super) fn locked(&self, now: Instant) -> Vec<String> {
        let locked = self.0.iter().filter(|(_, row)| row.until.is_some_and(|until| now < until));
        locked.map(|(id, _)| id.to_string()).collect()
    }
}
