//! How long keys live: when they are to be renewed, and when they are used no more.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::credentials::Issued;

/// How long before their expiry keys are renewed, at most; less where they live shortly.
const AHEAD: Duration = Duration::from_secs(5 * 60);

/// The part of their lifetime that is left then, where that is less.
const AHEAD_PART: u32 = 5;

/// The part of that time by which it varies, so that many runs do not renew in step.
const JITTER_PART: f64 = 0.1;

/// How long before their expiry keys are used no more, at most.
const MARGIN: Duration = Duration::from_secs(15);

/// The part of their lifetime that is left then, where that is less.
const MARGIN_PART: u32 = 20;

/// The least time between two renewals.
const LEAST_SPACING: Duration = Duration::from_secs(1);

/// The moment by both clocks: a laptop that slept has a monotonic clock that stood still, and a wall clock may be set back.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Both {
    pub(in crate::engine) instant: Instant,
    pub(in crate::engine) wall: Timestamp,
}

impl Both {
    /// Returns how long ago an earlier moment was, by the clock that shows more.
    fn since(self, earlier: Self) -> Duration {
        let wall = self.wall.duration_since(earlier.wall);
        let wall = Duration::try_from(wall).unwrap_or_default();
        self.instant.saturating_duration_since(earlier.instant).max(wall)
    }
}

/// The lifetime of keys, from the moment that they came.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lease {
    since: Both,
    lifetime: Duration,
    /// After how long they are renewed.
    due: Duration,
}

impl Lease {
    /// Returns the lifetime of keys that came now; `None` where they do not expire, and where they look expired already:
    /// then one clock is wrong, and only a service can tell. `chance` is evenly spread over `0..1`.
    ///
    /// The lifetime is by the clock of whoever issued them: a wrong clock here does no harm.
    pub(super) fn of(issued: &Issued, now: Both, chance: f64) -> Option<Self> {
        let lifetime = lifetime(issued, now.wall)?;
        let ahead = AHEAD.min(lifetime / AHEAD_PART);
        let due = (lifetime - ahead).mul_f64(1.0 - JITTER_PART * chance);
        Some(Self { since: now, lifetime, due })
    }

    /// Returns how long it is until they are renewed.
    pub(super) fn until_due(&self, now: Both) -> Duration {
        self.due.saturating_sub(now.since(self.since))
    }

    /// Returns how long it is until they are used no more.
    pub(super) fn until_end(&self, now: Both) -> Duration {
        let end = self.lifetime - MARGIN.min(self.lifetime / MARGIN_PART);
        end.saturating_sub(now.since(self.since))
    }

    /// Returns the least time between two renewals of such keys.
    pub(super) fn spacing(&self) -> Duration {
        LEAST_SPACING.max(self.lifetime / 20)
    }

    /// Returns what is left of their whole life.
    pub(super) fn left(&self, now: Both) -> Duration {
        self.lifetime.saturating_sub(now.since(self.since))
    }
}

/// Returns the least time between two renewals of keys with this lifetime.
pub(super) fn spacing(lease: Option<&Lease>) -> Duration {
    lease.map_or(LEAST_SPACING, Lease::spacing)
}

/// Tells whether keys look expired when they come.
pub(super) fn is_expired(issued: &Issued, now: Timestamp) -> bool {
    issued.expires_at.is_some() && lifetime(issued, now).is_none()
}

fn lifetime(issued: &Issued, now: Timestamp) -> Option<Duration> {
    let lifetime = issued.expires_at?.duration_since(issued.issued_at.unwrap_or(now));
    Duration::try_from(lifetime).ok().filter(|_| lifetime > SignedDuration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Credentials;

    fn keys(expires_in: i64, issued_in: Option<i64>) -> Issued {
        let at = |seconds: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
        let mut issued = Issued::new(Credentials::AuthToken("t".into()));
        (issued.expires_at, issued.issued_at) = (Some(at(expires_in)), issued_in.map(at));
        issued
    }

    fn now(seconds: u64) -> Both {
        let wall = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds.cast_signed());
        Both { instant: Instant::now(), wall }
    }

    #[tokio::test(start_paused = true)]
    async fn margins_are_parts_of_short_lives_and_bounded_for_long_ones() {
        let start = now(0);
        let seconds = |lifetime: i64| {
            let lease = Lease::of(&keys(lifetime, None), start, 0.0).unwrap();
            (lease.until_due(start).as_secs_f64(), lease.until_end(start).as_secs_f64(), lease.spacing().as_secs_f64())
        };
        assert_eq!(seconds(3), (2.4, 2.85, 1.0));
        assert_eq!(seconds(900), (720.0, 885.0, 45.0));
        assert_eq!(seconds(3600), (3300.0, 3585.0, 180.0));
        let early = Lease::of(&keys(900, None), start, 1.0).unwrap();
        assert_eq!(early.until_due(start).as_secs_f64(), 648.0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_issuers_clock_counts_and_not_ours() {
        let late = now(1_000_000);
        let lease = Lease::of(&keys(3600, Some(0)), late, 0.0).unwrap();
        assert_eq!(lease.until_due(late).as_secs(), 3300);
        assert!(Lease::of(&keys(3600, None), late, 0.0).is_none());
        assert!(is_expired(&keys(3600, None), late.wall) && !is_expired(&keys(3600, Some(0)), late.wall));
    }

    #[tokio::test(start_paused = true)]
    async fn both_clocks_are_asked() {
        let start = now(0);
        let lease = Lease::of(&keys(3600, None), start, 0.0).unwrap();
        tokio::time::advance(Duration::from_secs(600)).await;
        let set_back = Both { instant: Instant::now(), wall: start.wall };
        assert_eq!(lease.until_due(set_back).as_secs(), 2700);
        let slept = Both { instant: start.instant, ..now(3590) };
        assert_eq!((lease.until_due(slept).as_secs(), lease.until_end(slept).as_secs()), (0, 0));
        assert_eq!(lease.left(slept).as_secs(), 10);
    }
}
