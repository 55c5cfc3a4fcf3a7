//! The links of chains of roles whose keys still live: a renewal starts from the first one that does not.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::provider::Issued;
use crate::base::clock::{Clock, SystemClock};

/// How long before their end keys assume no role any more: so long, or this part of their life where that is shorter.
const MARGIN: Duration = Duration::from_secs(5 * 60);
const MARGIN_PART: u32 = 5;

/// The keys of links, by the source that shares them and their depth in its chain.
#[derive(Debug, Default)]
pub(super) struct Links(Mutex<HashMap<(String, usize), Kept>>);

#[derive(Debug)]
struct Kept {
    issued: Issued,
    lifetime: Duration,
    instant: Instant,
    wall: Timestamp,
}

/// One link of a chain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link<'a> {
    pub(super) links: &'a Links,
    /// Equal for accounts that share the source.
    pub(super) source: &'a str,
    /// How many roles follow it.
    pub(super) depth: usize,
}

impl<'a> Link<'a> {
    /// Returns the link before this one.
    pub(super) const fn before(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    /// Returns the keys of it that still live.
    pub(super) fn known(self) -> Option<Issued> {
        let links = self.links.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = links.get(&self.key()).filter(|kept| kept.lives())?;
        Some(kept.issued.clone())
    }

    /// Keeps its keys, where it is known how long they live.
    pub(super) fn keep(self, issued: &Issued) {
        let (now, wall) = (Instant::now(), SystemClock.now());
        let lifetime = issued.expires_at.map(|at| at.duration_since(issued.issued_at.unwrap_or(wall)));
        let Some(lifetime) = lifetime.and_then(|lifetime| Duration::try_from(lifetime).ok()) else { return };
        let kept = Kept { issued: issued.clone(), lifetime, instant: now, wall };
        self.links.0.lock().unwrap_or_else(PoisonError::into_inner).insert(self.key(), kept);
    }

    /// Forgets its keys: somebody refused them.
    pub(super) fn forget(self) {
        self.links.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key());
    }

    fn key(self) -> (String, usize) {
        (self.source.to_owned(), self.depth)
    }
}

impl Kept {
    /// Tells whether the keys assume roles yet. A machine may have slept: both clocks are asked.
    fn lives(&self) -> bool {
        let by_wall = Duration::try_from(SystemClock.now().duration_since(self.wall)).unwrap_or_default();
        let age = self.instant.elapsed().max(by_wall);
        age + MARGIN.min(self.lifetime / MARGIN_PART) < self.lifetime
    }
}
