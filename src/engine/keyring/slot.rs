//! The keys of one source: whether they serve, and when their source is asked again.
//!
//! A pure state machine. It takes what happened and the moment, and neither waits nor asks.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::lease::{Both, Lease, is_expired, spacing};
use crate::credentials::{Identity, Issued, Nature, SourceError};
use crate::engine::attempt::AccountKeys;

/// The first wait after a failed renewal that may work a moment later, and the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The shortest wait: the jitter takes no more away.
const SHORTEST_WAIT: Duration = Duration::from_millis(200);

/// The wait after a failed renewal that works only once somebody changed something.
const WAIT_FOR_PEOPLE: Duration = Duration::from_secs(15);

/// How long Huawei Cloud locks a key.
const LOCK: Duration = Duration::from_secs(5 * 60);

/// The least time until a source that returned the same keys is asked again.
const WAIT_FOR_NEWER: Duration = Duration::from_secs(10);

/// How long before an account closes its source must have been asked last; else it is asked once more.
const LAST_TRY: Duration = Duration::from_secs(1);

/// How long a try may take while the account waits for nothing else, at least.
const LONGEST_TRY: Duration = Duration::from_secs(10);

/// How long an account waits before anybody hears of it: most waits are over by then.
const BRIEF: Duration = Duration::from_secs(1);

/// What may be sent with the keys of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Gate {
    /// Everything.
    Open,
    /// One request at a time: nobody has accepted the keys yet.
    Single,
    /// Nothing: newer ones are waited for.
    Waiting,
    /// Nothing any more.
    Closed,
}

/// What to do about a request whose keys were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Refusal {
    /// Newer ones are known.
    Outdated,
    /// Newer ones are asked for.
    Asking,
    /// The source has no others.
    Final,
}

/// What happened to the keys of a source, for whoever watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) enum Change {
    /// Newer ones are there.
    Refreshed,
    /// Nothing is sent until newer ones are there, for this reason and at most so long.
    Waiting(String, Duration),
    /// Nothing is sent any more, for this reason.
    Closed(String),
}

/// The keys of one source.
pub(super) struct Slot {
    keys: Arc<AccountKeys>,
    lease: Option<Lease>,
    expires_at: Option<Timestamp>,
    identity: Option<Identity>,
    is_renewable: bool,
    /// Whether the keys were accepted once, or came from somebody who vouches for them.
    is_proven: bool,
    /// Whether the keys were refused, so that nothing is sent before the source was asked.
    is_refused: bool,
    /// Whether the source was asked because of a refusal, and no service has accepted any keys since.
    is_doubted: bool,
    is_asking: bool,
    /// Nobody asks before this.
    not_before: Instant,
    /// When the source was asked last.
    asked_at: Instant,
    failures: u32,
    trouble: Option<SourceError>,
    waiting_since: Option<Instant>,
    is_announced: bool,
    /// Whether the source was asked once more as the wait was over.
    was_last_tried: bool,
    closed: Option<String>,
    pub(super) refreshes: u32,
    pub(super) refresh_failures: u32,
    paused: Duration,
}

/// What a slot wants next.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Next {
    /// Whether its source is to be asked now.
    pub(super) ask: bool,
    /// When to look again.
    pub(super) wake: Option<Instant>,
    pub(super) change: Option<Change>,
}

impl Slot {
    /// Begins with the first keys. `chance` is evenly spread over `0..1`.
    pub(super) fn new(issued: Issued, is_proven: bool, now: Both, chance: f64) -> Self {
        Self {
            lease: Lease::of(&issued, now, chance),
            expires_at: issued.expires_at,
            identity: issued.identity,
            is_renewable: issued.is_renewable,
            keys: Arc::new(AccountKeys::new(issued.credentials, 0)),
            is_proven,
            is_refused: false,
            is_doubted: false,
            is_asking: false,
            not_before: now.instant,
            asked_at: now.instant,
            failures: 0,
            trouble: None,
            waiting_since: None,
            is_announced: false,
            was_last_tried: false,
            closed: None,
            refreshes: 0,
            refresh_failures: 0,
            paused: Duration::ZERO,
        }
    }

    pub(super) fn keys(&self) -> Arc<AccountKeys> {
        Arc::clone(&self.keys)
    }

    pub(super) const fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    pub(super) const fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    pub(super) const fn is_renewable(&self) -> bool {
        self.is_renewable
    }

    /// Returns why nothing is sent any more, if so.
    pub(super) fn closed(&self) -> Option<&str> {
        self.closed.as_deref()
    }

    /// Returns how long it waited for keys.
    pub(super) fn paused(&self, now: Instant) -> Duration {
        self.paused + self.waiting_since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }

    /// Says what may be sent now.
    pub(super) fn gate(&self, now: Both) -> Gate {
        match (&self.closed, self.is_starved(now), self.is_proven) {
            (Some(_), ..) => Gate::Closed,
            (None, true, _) => Gate::Waiting,
            (None, false, false) => Gate::Single,
            (None, false, true) => Gate::Open,
        }
    }

    /// Tells whether the keys cannot be used, and others may come.
    fn is_starved(&self, now: Both) -> bool {
        self.is_refused || self.lease.is_some_and(|lease| lease.until_end(now).is_zero())
    }

    /// Takes in that a service refused a request that was signed with this generation of keys, perhaps as it has locked
    /// the key.
    pub(super) fn refused(&mut self, generation: u32, is_locked: bool, now: Instant) -> Refusal {
        if self.keys.generation != generation {
            return Refusal::Outdated;
        }
        if self.closed.is_some() || (self.is_doubted && !self.is_refused && !is_locked) {
            return Refusal::Final;
        }
        if is_locked {
            self.not_before = now + LOCK;
            self.trouble = Some(locked());
        }
        (self.is_refused, self.is_doubted) = (true, true);
        Refusal::Asking
    }

    /// Takes in that a service accepted this generation of keys.
    pub(super) fn accepted(&mut self, generation: u32) {
        if self.keys.generation == generation {
            (self.is_proven, self.is_doubted) = (true, false);
        }
    }

    /// Closes it.
    pub(super) fn close(&mut self, reason: String) -> Change {
        self.closed = Some(reason.clone());
        Change::Closed(reason)
    }

    /// Looks what is due; `patience` is how long it may wait for keys.
    pub(super) fn next(&mut self, now: Both, patience: Duration) -> Next {
        if self.closed.is_some() {
            return Next::default();
        }
        let is_starved = self.is_starved(now);
        match self.waiting_since {
            None if is_starved => self.waiting_since = Some(now.instant),
            Some(since) if !is_starved => {
                self.paused += now.instant.saturating_duration_since(since);
                (self.waiting_since, self.is_announced, self.was_last_tried) = (None, false, false);
            }
            None | Some(_) => {}
        }
        let ends_at = self.waiting_since.map(|since| since + patience);
        if self.waiting_since.is_some_and(|since| now.instant >= since + patience.max(LONGEST_TRY)) && self.is_asking {
            let reason = self.trouble.as_ref().map_or("the source does not answer", SourceError::message).to_owned();
            self.paused = self.paused(now.instant);
            self.waiting_since = None;
            return Next { change: Some(self.close(reason)), ..Next::default() };
        }
        if let (Some(trouble), Some(ends_at)) = (&self.trouble, ends_at) {
            let reason = trouble.message().to_owned();
            let is_stale = self.asked_at + LAST_TRY < now.instant && trouble.nature() != Nature::Locked;
            if ends_at <= now.instant && !self.is_asking && !self.was_last_tried && is_stale && !patience.is_zero() {
                // Somebody may have logged in again by now.
                (self.was_last_tried, self.not_before) = (true, now.instant);
            } else if ends_at <= now.instant && !self.is_asking {
                self.paused = self.paused(now.instant);
                self.waiting_since = None;
                return Next { change: Some(self.close(reason)), ..Next::default() };
            }
            if !self.is_announced && ends_at.saturating_duration_since(now.instant) + BRIEF <= patience {
                self.is_announced = true;
                let left = ends_at.saturating_duration_since(now.instant);
                let hint = trouble.hint();
                let reason = if hint.is_empty() { reason } else { format!("{reason}: {hint}") };
                return Next { change: Some(Change::Waiting(reason, left)), wake: Some(now.instant), ask: false };
            }
        }
        let end = self.lease.filter(|_| !is_starved).map(|lease| now.instant + lease.until_end(now));
        let due = match (self.is_refused, self.lease) {
            (true, _) => Some(now.instant),
            (false, lease) => lease.map(|lease| now.instant + lease.until_due(now)),
        };
        let due = due.filter(|_| !self.is_asking).map(|due| due.max(self.not_before));
        let ask = due.is_some_and(|due| due <= now.instant);
        if ask {
            (self.is_asking, self.asked_at) = (true, now.instant);
        }
        // The end of the patience counts once it is known that keys cannot be had.
        let ends_at = ends_at.filter(|_| self.trouble.is_some());
        let closes_at = match (self.is_asking, self.waiting_since) {
            (true, Some(since)) => Some(since + patience.max(LONGEST_TRY)),
            (true, None) => None,
            (false, _) => ends_at,
        };
        let told_at = ends_at.filter(|_| !self.is_announced && patience > BRIEF).map(|at| at + BRIEF - patience);
        let wake = [due.filter(|_| !ask), end, closes_at, told_at].into_iter().flatten().min();
        Next { ask, wake, change: None }
    }

    /// Takes in that nobody waits for the source any more.
    pub(super) const fn forget(&mut self) {
        self.is_asking = false;
    }

    /// Takes in newer keys, or the same ones. `account` is the account's name.
    pub(super) fn issued(
        &mut self,
        (issued, is_proven): (Issued, bool),
        account: &str,
        now: Both,
        chance: f64,
    ) -> Option<Change> {
        self.is_asking = false;
        if let (Some(before), Some(after)) = (&self.identity, &issued.identity)
            && before.account_id != after.account_id
        {
            let reason = format!("the credentials of {account} changed to account {} in mid-run", after.account_id);
            return Some(self.close(reason));
        }
        let lease = Lease::of(&issued, now, chance);
        if self.keys.are(&issued.credentials) {
            return self.same_again(lease, now);
        }
        self.not_before = now.instant + spacing(lease.as_ref());
        (self.failures, self.trouble) = (0, None);
        self.is_refused = false;
        self.is_proven = is_proven;
        self.is_renewable = issued.is_renewable;
        self.lease = lease;
        self.expires_at = issued.expires_at;
        if is_expired(&issued, now.wall) {
            self.not_before = now.instant + WAIT_FOR_NEWER;
        }
        if let Some(identity) = issued.identity {
            self.identity = Some(identity);
        }
        self.keys = Arc::new(AccountKeys::new(issued.credentials, self.keys.generation + 1));
        self.refreshes += 1;
        Some(Change::Refreshed)
    }

    /// Takes in the keys that are known: sources cache them.
    fn same_again(&mut self, lease: Option<Lease>, now: Both) -> Option<Change> {
        let left = self.lease.map_or(Duration::ZERO, |lease| lease.left(now));
        self.not_before = now.instant + WAIT_FOR_NEWER.max(left / 2);
        self.failures = 0;
        let was_locked = self.trouble.as_ref().is_some_and(|trouble| trouble.nature() == Nature::Locked);
        if self.is_refused && self.is_renewable && !was_locked {
            self.not_before = now.instant + WAIT_FOR_NEWER;
            self.trouble = Some(SourceError::new(Nature::Final, "the source has no newer keys", ""));
        } else {
            // They may be tried again: no source has others.
            self.is_proven &= !self.is_refused;
            (self.is_refused, self.trouble) = (false, None);
            self.lease = self.lease.and(lease.or(self.lease));
        }
        None
    }

    /// Takes in that the source has failed.
    pub(super) fn failed(&mut self, error: SourceError, now: Instant, chance: f64) {
        self.is_asking = false;
        self.refresh_failures += 1;
        let wait = match error.nature() {
            Nature::Passing => {
                let bound = FIRST_WAIT.saturating_mul(1 << self.failures.min(5)).min(LONGEST_WAIT);
                bound.mul_f64(chance).max(SHORTEST_WAIT)
            }
            Nature::Absent | Nature::Final | Nature::Refused | Nature::Wrong => WAIT_FOR_PEOPLE,
            Nature::Locked => LOCK,
        };
        self.failures = self.failures.saturating_add(1);
        self.not_before = now + wait;
        if self.is_refused && !self.is_renewable {
            self.is_refused = false;
            self.is_proven = false;
        } else {
            self.trouble = Some(error);
        }
    }
}

fn locked() -> SourceError {
    SourceError::new(Nature::Locked, "Huawei Cloud has locked the access key for 5 minutes after failed sign-ins", "")
}
