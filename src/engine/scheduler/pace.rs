//! A lane's pace: governor's token bucket over tokio's clock, so that tests can pause it.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::Instant;

/// Grants requests at a rate, with a burst after a pause.
pub(super) struct Pace {
    limiter: RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<TokioInstant>>,
    interval: Duration,
    burst: NonZeroU32,
}

impl Pace {
    /// Starts with a full bucket: `burst` requests at once, then one every `interval`.
    pub(super) fn new(interval: Duration, burst: u32) -> Self {
        let interval = interval.max(Duration::from_nanos(1));
        // governor keeps the time of a whole burst as nanoseconds, which must not overflow: that is centuries.
        let most = u128::from(u64::MAX / 4) / interval.as_nanos();
        let burst = burst.min(u32::try_from(most).unwrap_or(u32::MAX));
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(interval).unwrap_or(Quota::per_second(NonZeroU32::MAX)).allow_burst(burst);
        Self { limiter: RateLimiter::direct_with_clock(quota, TokioClock), interval, burst }
    }

    /// Takes out of the full bucket what may not have been refilled since a request was sent so long ago.
    pub(super) fn recall(&self, ago: Duration) {
        let refilled = u32::try_from(ago.as_nanos() / self.interval.as_nanos()).unwrap_or(u32::MAX);
        if let Some(missing) = NonZeroU32::new(self.burst.get().saturating_sub(refilled)) {
            // No more is taken than a full bucket has.
            let _ = self.limiter.check_n(missing);
        }
    }

    /// Takes a slot, or tells when the next one is free.
    pub(super) fn take(&self) -> Result<(), Instant> {
        self.limiter.check().map_err(|not_until| not_until.earliest_possible().0)
    }
}

/// tokio's clock, as governor wants it.
#[derive(Debug, Clone, Copy, Default)]
struct TokioClock;

impl Clock for TokioClock {
    type Instant = TokioInstant;

    fn now(&self) -> TokioInstant {
        TokioInstant(Instant::now())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct TokioInstant(Instant);

impl Reference for TokioInstant {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.saturating_duration_since(earlier.0).into()
    }

    fn saturating_sub(&self, duration: Nanos) -> Self {
        Self(self.0.checked_sub(duration.into()).unwrap_or(self.0))
    }
}

impl std::ops::Add<Nanos> for TokioInstant {
    type Output = Self;

    fn add(self, other: Nanos) -> Self {
        Self(self.0 + Duration::from(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_burst_is_too_large_for_a_slow_rate() {
        // At once go as many as the bucket has room for; the last of these rates leaves it no room for a second one.
        for (interval, granted) in [(3600, 1000), (360_000, 1000), (4_000_000_000, 1)] {
            let pace = Pace::new(Duration::from_secs(interval), u32::MAX);
            assert_eq!((0..1000).filter(|_| pace.take().is_ok()).count(), granted, "one every {interval} s");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn never_grants_more_than_burst_and_rate() {
        let pace = Pace::new(Duration::from_millis(500), 10);
        let start = Instant::now();
        let mut granted = Vec::new();
        while start.elapsed() < Duration::from_secs(60) {
            match pace.take() {
                Ok(()) => granted.push(start.elapsed()),
                Err(free_at) => tokio::time::sleep_until(free_at).await,
            }
        }
        for (i, from) in granted.iter().enumerate() {
            let within = |window: Duration| granted.iter().skip(i).take_while(|at| **at < *from + window).count();
            assert!(within(Duration::from_secs(1)) <= 12, "second from {from:?}");
            assert!(within(Duration::from_secs(10)) <= 30, "ten seconds from {from:?}");
        }
        assert!((128..=130).contains(&granted.len()), "10 at once and two a second: {}", granted.len());
    }
}
