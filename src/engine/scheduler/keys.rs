//! What may be sent with which key: keys that wait, that nobody has accepted yet, and that were refused.
//!
//! A service may refuse a key for one target, which may be that target's own trouble, and a region may refuse a key that
//! another one accepts: tokens are for one region, and some regions have accounts of their own. So a key is doubted, and
//! closed, by region. Whether it waits is the same for all regions.

use std::time::Duration;

use tokio::time::Instant;

use crate::engine::keyring::{Gate, SourceId};
use crate::plan::{AccountId, TargetId};

/// The number of a key in a region; only [`Keys`] makes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct KeyId(u16);

/// The keys of a run, by source and region.
#[derive(Default)]
pub(super) struct Keys {
    keys: Vec<Key>,
    sources: Vec<Source>,
    /// By account; `None` where no lane is its.
    of_account: Vec<Option<KeyId>>,
}

/// The key of a source in a region.
pub(super) struct Key {
    source: SourceId,
    region: String,
    in_flight: usize,
    /// The target that the key was refused for, while no service has accepted it since.
    suspect: Option<TargetId>,
    /// Whether it was refused for good.
    is_closed: bool,
}

/// A source of keys.
#[derive(Clone, Copy)]
struct Source {
    gate: Gate,
    in_flight: usize,
    waits_since: Option<Instant>,
}

impl Default for Source {
    fn default() -> Self {
        Self { gate: Gate::Open, in_flight: 0, waits_since: None }
    }
}

impl Keys {
    /// Returns the key of an account's source in its region.
    pub(super) fn key(&mut self, account: AccountId, source: SourceId, region: &str) -> KeyId {
        let known = self.keys.iter().position(|key| key.source == source && key.region == region);
        let number = known.unwrap_or_else(|| {
            let region = region.to_owned();
            self.keys.push(Key { source, region, in_flight: 0, suspect: None, is_closed: false });
            self.keys.len() - 1
        });
        if self.sources.len() <= source.index() {
            self.sources.resize(source.index() + 1, Source::default());
        }
        if self.of_account.len() <= account.index() {
            self.of_account.resize(account.index() + 1, None);
        }
        let key = KeyId(u16::try_from(number).unwrap_or(u16::MAX));
        self.of_account[account.index()] = Some(key);
        key
    }

    /// Returns the key of an account, if a lane is its.
    pub(super) fn of_account(&self, account: AccountId) -> Option<KeyId> {
        self.of_account.get(account.index()).copied().flatten()
    }

    /// Tells whether a request may be sent with a key now.
    pub(super) fn may_send(&self, key: KeyId) -> bool {
        let key = &self[key];
        let source = self.sources[key.source.index()];
        let is_free = match source.gate {
            Gate::Open => true,
            Gate::Single => source.in_flight == 0,
            Gate::Waiting | Gate::Closed => false,
        };
        is_free && (key.suspect.is_none() || key.in_flight == 0)
    }

    /// Tells whether a key waits, or is doubted: then no more is recorded, or asked for, than the next request takes.
    pub(super) fn is_held(&self, key: KeyId) -> bool {
        let key = &self[key];
        key.suspect.is_some() || self.sources[key.source.index()].gate != Gate::Open
    }

    /// Tells whether nothing is sent with a key any more.
    pub(super) fn is_closed(&self, key: KeyId) -> bool {
        let key = &self[key];
        key.is_closed || self.sources[key.source.index()].gate == Gate::Closed
    }

    /// Counts a request that leaves with a key.
    pub(super) fn sending(&mut self, key: KeyId) {
        self.count(key, 1);
    }

    /// Counts the end of a request that left with a key.
    pub(super) fn completed(&mut self, key: KeyId) {
        self.count(key, -1);
    }

    fn count(&mut self, key: KeyId, change: isize) {
        let key = &mut self.keys[usize::from(key.0)];
        key.in_flight = key.in_flight.saturating_add_signed(change);
        let source = &mut self.sources[key.source.index()];
        source.in_flight = source.in_flight.saturating_add_signed(change);
    }

    /// Takes in that a key was refused for a target; tells whether that closes it.
    ///
    /// One refusal may be that target's own trouble, such as a gateway that breaks its signature. What is in flight
    /// decides, or one more request asks; a second target that is refused closes the key in the region. Not a third:
    /// services lock keys that are refused again and again.
    pub(super) fn refused(&mut self, key: KeyId, target: TargetId) -> bool {
        let key = &mut self.keys[usize::from(key.0)];
        let first = *key.suspect.get_or_insert(target);
        let closes = first != target && !key.is_closed;
        key.is_closed |= closes;
        closes
    }

    /// Notes that a service accepted a key.
    pub(super) fn vouched(&mut self, key: KeyId) {
        self.keys[usize::from(key.0)].suspect = None;
    }

    /// Notes what may be sent with the keys of each source now; returns the sources whose wait is over, and how long it
    /// was, and tells whether one has closed.
    pub(super) fn set_gates(&mut self, gates: &[Gate], now: Instant) -> Vec<(SourceId, Duration)> {
        let mut woken = Vec::new();
        let mut seen = Vec::new();
        for key in &self.keys {
            let Some(gate) = gates.get(key.source.index()) else { continue };
            let source = &mut self.sources[key.source.index()];
            source.gate = *gate;
            match (gate, source.waits_since) {
                (Gate::Waiting, None) => source.waits_since = Some(now),
                (Gate::Open | Gate::Single, Some(since)) if !seen.contains(&key.source) => {
                    source.waits_since = None;
                    seen.push(key.source);
                    woken.push((key.source, now.saturating_duration_since(since)));
                }
                (Gate::Waiting | Gate::Closed | Gate::Open | Gate::Single, _) => {}
            }
        }
        woken
    }

    /// Returns the keys of a source.
    pub(super) fn of_source(&self, source: SourceId) -> impl Iterator<Item = KeyId> {
        let keys = (0..).map(KeyId).zip(&self.keys);
        keys.filter(move |(_, key)| key.source == source).map(|(id, _)| id)
    }
}

impl std::ops::Index<KeyId> for Keys {
    type Output = Key;

    fn index(&self, id: KeyId) -> &Key {
        &self.keys[usize::from(id.0)]
    }
}
