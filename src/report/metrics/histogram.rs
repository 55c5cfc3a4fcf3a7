//! How times are distributed.

use std::time::Duration;

/// The upper bounds of the buckets, in seconds; the last bucket has none.
pub const BOUNDS: [f64; 14] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0];

/// Times, counted by length.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Histogram {
    /// How many are in each bucket: above the bound before, up to its own one.
    buckets: [u64; BOUNDS.len()],
    /// How many are above all bounds.
    above: u64,
    sum: Duration,
}

impl Histogram {
    /// Counts one more.
    pub(super) fn add(&mut self, time: Duration) {
        let mut buckets = BOUNDS.iter().zip(&mut self.buckets);
        let bucket = buckets.find(|(bound, _)| time.as_secs_f64() <= **bound);
        *bucket.map_or(&mut self.above, |(_, bucket)| bucket) += 1;
        self.sum += time;
    }

    /// Returns for each bound how many are not above it; the last is how many there are.
    pub fn cumulative(&self) -> impl Iterator<Item = (f64, u64)> {
        let bounds = BOUNDS.into_iter().zip(self.buckets).chain([(f64::INFINITY, self.above)]);
        bounds.scan(0, |all, (bound, number)| {
            *all += number;
            Some((bound, *all))
        })
    }

    /// Returns how many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum::<u64>() + self.above
    }

    /// Returns how long all of them take together.
    #[must_use]
    pub const fn sum(&self) -> Duration {
        self.sum
    }
}
