//! Wall time, behind a trait: signatures and reports need it, and nothing else may ask for it.
//!
//! Waiting and measuring use tokio's clock, which tests pause; only this file reads the system's. What a run notes of
//! its own course is dated by a `Timeline`, so that a wall clock that is set in mid-run makes nothing last a year.

use std::future::pending;

use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep_until};

/// Tells the wall time.
pub trait Clock: Send + Sync {
    /// Returns the present moment in UTC.
    fn now(&self) -> Timestamp;
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    fn now(&self) -> Timestamp {
        let now = std::time::SystemTime::now();
        // A clock beyond all years that can be written stands at their end.
        let is_past = now < std::time::UNIX_EPOCH;
        Timestamp::try_from(now).unwrap_or(if is_past { Timestamp::MIN } else { Timestamp::MAX })
    }
}

/// A run's own time: the wall time at its start, carried on by the monotonic clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeline {
    wall: Timestamp,
    instant: Instant,
}

impl Timeline {
    /// Begins now, at `wall`.
    pub(crate) fn starting_at(wall: Timestamp) -> Self {
        Self { wall, instant: Instant::now() }
    }

    /// Returns the time at `instant`.
    pub(crate) fn at(&self, instant: Instant) -> Timestamp {
        let passed = instant.saturating_duration_since(self.instant);
        let passed = SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX);
        self.wall.saturating_add(passed).unwrap_or(Timestamp::MAX)
    }

    /// Returns the present time.
    pub(crate) fn now(&self) -> Timestamp {
        self.at(Instant::now())
    }
}

/// Waits for a moment; for ever, where there is none.
pub(crate) async fn reached(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => pending().await,
    }
}
