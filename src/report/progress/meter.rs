//! How often something happened over the last seconds: a count for each second of the last minute.

use std::time::Duration;

use tokio::time::Instant;

/// How many seconds are kept.
const KEPT: usize = 64;

/// The longest time that [`Meter::rate`] looks back.
pub(super) const MINUTE: Duration = Duration::from_secs(60);

/// Counts by the second. Adding is a handful of instructions and allocates nothing.
#[derive(Debug)]
pub(super) struct Meter {
    began: Instant,
    /// The second that was counted last, from `began` on.
    last: u64,
    counts: [u32; KEPT],
    /// When the first and the latest were counted.
    pub(super) first: Option<Instant>,
    pub(super) latest: Option<Instant>,
}

impl Meter {
    /// Starts with nothing counted.
    pub(super) const fn new(began: Instant) -> Self {
        Self { began, last: 0, counts: [0; KEPT], first: None, latest: None }
    }

    /// Counts one.
    pub(super) fn add(&mut self, now: Instant) {
        let second = now.saturating_duration_since(self.began).as_secs();
        // After a pause, the seconds in between counted nothing.
        for passed in (self.last + 1..=second).take(KEPT) {
            self.counts[passed as usize % KEPT] = 0;
        }
        self.last = self.last.max(second);
        if second + KEPT as u64 > self.last {
            self.counts[second as usize % KEPT] += 1;
        }
        self.first.get_or_insert(now);
        self.latest = Some(now);
    }

    /// Returns the rate over about the last `window`, at most a minute, or since the first; a second.
    ///
    /// `None` until a whole second is over since the first.
    pub(super) fn rate(&self, window: Duration, now: Instant) -> Option<f64> {
        let since = now.saturating_duration_since(self.first?);
        if since < Duration::from_secs(1) {
            return None;
        }
        let elapsed = now.saturating_duration_since(self.began);
        // The second that runs, and as many whole ones as the window has.
        let from = elapsed.as_secs().saturating_sub(window.min(MINUTE).as_secs());
        let counted: u32 = (from..=self.last).rev().take(KEPT).map(|second| self.counts[second as usize % KEPT]).sum();
        let span = since.min(elapsed.saturating_sub(Duration::from_secs(from)));
        Some(f64::from(counted) / span.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn looks_at_the_last_seconds_only() {
        let began = Instant::now();
        let mut meter = Meter::new(began);
        let at = |millis: u64| began + Duration::from_millis(millis);
        let close = |rate: Option<f64>, wanted: f64| {
            assert!(rate.is_some_and(|rate| (rate - wanted).abs() < 0.01), "{rate:?} instead of {wanted}");
        };
        assert_eq!(meter.rate(MINUTE, at(9000)), None, "nothing was counted");
        let mut at_once = Meter::new(began);
        (0..10).for_each(|_| at_once.add(began));
        close(at_once.rate(MINUTE, at(2000)), 5.0);
        // A hundred a second for ten seconds, from the tenth on.
        (0..1000).for_each(|n| meter.add(at(10_000 + n * 10)));
        assert_eq!(meter.rate(MINUTE, at(10_900)), None, "less than a second is no rate");
        close(meter.rate(Duration::from_secs(5), at(20_000)), 100.0);
        close(meter.rate(MINUTE, at(20_000)), 100.0);
        close(meter.rate(MINUTE, at(30_000)), 50.0);
        close(meter.rate(Duration::from_secs(5), at(30_000)), 0.0);
        // One more, long after.
        meter.add(at(500_500));
        close(meter.rate(Duration::from_secs(5), at(501_000)), 0.2);
        close(meter.rate(MINUTE, at(501_000)), 1.0 / 60.0);
        assert_eq!((meter.first, meter.latest), (Some(at(10_000)), Some(at(500_500))));
    }
}
