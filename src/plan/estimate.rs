//! How long a plan takes, as far as its quotas tell.

use std::iter;
use std::time::Duration;

use crate::wire::Quota;

use super::model::{Plan, Retry, VerifyMode};
use super::overview::{Overview, OverviewRow};
use super::table;

impl OverviewRow {
    /// Estimates how long the lane takes when nothing has to be tried again.
    #[must_use]
    pub fn estimate(&self) -> Duration {
        sending(self.stops, self.quota)
    }
}

impl Overview {
    /// Estimates how long the run takes: lanes run side by side, so it is the slowest one's time.
    #[must_use]
    pub fn estimate(&self) -> Duration {
        self.rows.iter().map(OverviewRow::estimate).max().unwrap_or_default()
    }

    /// Returns how long the run takes when every stop needs all its tries: the slowest lane's time.
    #[must_use]
    pub fn at_worst(&self) -> Duration {
        self.rows.iter().map(|row| row.at_worst).max().unwrap_or_default()
    }
}

impl Plan {
    /// Returns how long a lane takes when every stop needs all its tries, and the last one the longest waits and the
    /// whole time of its verification. Throttled answers do not count: they do not lower a lane's rate below its quota.
    pub(super) fn at_worst(&self, stops: u64, quota: Quota) -> Duration {
        if stops == 0 {
            return Duration::ZERO;
        }
        let Retry { max_attempts, initial_delay, max_delay, max_elapsed, .. } = self.retry;
        let bounds = iter::successors(Some(initial_delay), |delay| Some(delay.saturating_mul(2).min(max_delay)));
        let waits = bounds.take(max_attempts.saturating_sub(1) as usize).fold(Duration::ZERO, Duration::saturating_add);
        let verifying = if self.verify.mode == VerifyMode::Off { Duration::ZERO } else { self.verify.timeout };
        sending(stops.saturating_mul(max_attempts.into()), quota)
            .saturating_add(waits.min(max_elapsed))
            .saturating_add(verifying)
    }

    /// Says how long the whole takes, and what the worst case is.
    pub(super) fn times(&self, overview: &Overview) -> Vec<String> {
        if overview.stops() == 0 {
            return Vec::new();
        }
        let whole = format!(
            "Lanes run side by side, so the whole takes about {}, and {} at worst.",
            about(overview.estimate()),
            table::time(overview.at_worst())
        );
        let tries = match self.retry.max_attempts {
            1 => "one try".into(),
            several => format!("{several} tries"),
        };
        let seen = match self.verify.mode {
            VerifyMode::Off => String::new(),
            VerifyMode::Auto | VerifyMode::Always => {
                format!(", and {} until the last one is seen to end", table::time(self.verify.timeout))
            }
        };
        vec![
            whole,
            format!(
                "At worst means {tries} for every stop, the longest waits between them{seen}; throttling comes on top."
            ),
        ]
    }
}

/// Writes an estimate.
pub(super) fn about(time: Duration) -> String {
    if time.is_zero() { "a moment".into() } else { table::time(time) }
}

/// Returns how long it takes until so many requests have left.
fn sending(requests: u64, quota: Quota) -> Duration {
    let waiting = requests.saturating_sub(u64::from(quota.burst));
    let seconds = u128::from(waiting) * u128::from(quota.rate.per.seconds());
    let millis = (seconds * 1000).div_ceil(u128::from(quota.rate.events.max(1)));
    Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
}
