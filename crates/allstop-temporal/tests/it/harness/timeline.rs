//! When stops took effect: gaps, rates and the whole time.

use std::time::Duration;

use allstop::Timestamp;
use allstop::simulator::Ledger;

/// The moments at which stops took effect, in order, by the simulator's clock.
#[derive(Debug, Clone)]
pub(crate) struct Timeline(Vec<Timestamp>);

impl Timeline {
    pub(crate) fn of(ledger: &Ledger) -> Self {
        Self::of_those(ledger, |_| true)
    }

    /// Takes those whose name is one of `which`.
    pub(crate) fn of_those(ledger: &Ledger, which: impl Fn(&str) -> bool) -> Self {
        let records = ledger.resources.iter().filter(|record| which(&record.id.name));
        let mut moments: Vec<_> = records.filter_map(|record| record.applied_at).collect();
        moments.sort_unstable();
        Self(moments)
    }

    /// Returns how many stops took effect.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the moments.
    pub(crate) fn moments(&self) -> &[Timestamp] {
        &self.0
    }

    /// Returns how long after `begin` the first stop took effect that did so later.
    pub(crate) fn first_after(&self, begin: Timestamp) -> Option<Duration> {
        self.0.iter().find(|moment| **moment > begin).map(|moment| between(begin, *moment))
    }

    /// Returns how long after `begin` the last stop took effect before `end`; zero if none did.
    pub(crate) fn last_within(&self, begin: Timestamp, end: Timestamp) -> Duration {
        let last = self.0.iter().rev().find(|moment| **moment > begin && **moment < end);
        last.map(|last| between(begin, *last)).unwrap_or_default()
    }

    /// Returns the time from the first stop to the last.
    pub(crate) fn span(&self) -> Duration {
        self.0.first().zip(self.0.last()).map(|(first, last)| between(*first, *last)).unwrap_or_default()
    }

    /// Returns the longest time in which no stop took effect, between the first and the last.
    pub(crate) fn longest_gap(&self) -> Duration {
        self.0.windows(2).map(|pair| between(pair[0], pair[1])).max().unwrap_or_default()
    }

    /// Returns the most stops that took effect within any span of this length, apart from the first `burst` of all.
    pub(crate) fn most_within(&self, length: Duration, burst: usize) -> usize {
        let moments = self.0.get(burst..).unwrap_or_default();
        let mut begin = 0;
        let count = |(end, moment): (usize, &Timestamp)| {
            while between(moments[begin], *moment) >= length {
                begin += 1;
            }
            end - begin + 1
        };
        moments.iter().enumerate().map(count).max().unwrap_or_default()
    }
}

fn between(from: Timestamp, to: Timestamp) -> Duration {
    to.duration_since(from).unsigned_abs()
}
