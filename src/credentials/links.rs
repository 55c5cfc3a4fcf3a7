//! The links of chains of roles whose keys still live: a renewal starts from the first one that does not.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::guess::Guess;
use super::provider::Issued;
use super::source::Source;
use crate::base::clock::{Clock, SystemClock};

/// How long before their end keys assume no role any more: so long, or this part of their life where that is shorter.
const MARGIN: Duration = Duration::from_secs(5 * 60);
const MARGIN_PART: u32 = 5;

/// The keys of links, by what each link is.
#[derive(Debug, Default)]
pub(super) struct Links(Mutex<HashMap<String, Kept>>);

#[derive(Debug)]
struct Kept {
    issued: Issued,
    lifetime: Duration,
    instant: Instant,
    wall: Timestamp,
}

/// Where the keys of a source's links are kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain<'a> {
    pub(super) links: &'a Links,
    /// Equal for accounts that share the source.
    pub(super) shared: &'a str,
    /// The metadata service, where nobody has configured it.
    pub(super) guess: &'a Guess,
    /// The sources that are not configured either.
    pub(super) tried: &'a [String],
}

impl Chain<'_> {
    /// Returns the keys of a link that still live.
    pub(super) fn known(self, link: &Source) -> Option<Issued> {
        let links = self.links.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = links.get(&self.name(link)).filter(|kept| kept.lives())?;
        Some(kept.issued.clone())
    }

    /// Keeps the keys of a link, where it is known how long they live.
    pub(super) fn keep(self, link: &Source, issued: &Issued) {
        let (now, wall) = (Instant::now(), SystemClock.now());
        let lifetime = issued.expires_at.map(|at| at.duration_since(issued.issued_at.unwrap_or(wall)));
        let Some(lifetime) = lifetime.and_then(|lifetime| Duration::try_from(lifetime).ok()) else { return };
        let kept = Kept { issued: issued.clone(), lifetime, instant: now, wall };
        self.links.0.lock().unwrap_or_else(PoisonError::into_inner).insert(self.name(link), kept);
    }

    /// Forgets the keys of a link: somebody refused them.
    pub(super) fn forget(self, link: &Source) {
        self.links.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name(link));
    }

    /// Names a link by all that it is, without its secrets. A profile that changes is another link.
    fn name(self, link: &Source) -> String {
        format!("{} {link:?} {:?}", self.shared, link.first_keys().map(|keys| keys.credentials.principal()))
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
