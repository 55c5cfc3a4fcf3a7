//! How long a plan takes, as far as its quotas tell.

use std::iter;
use std::time::Duration;

use crate::http::Quota;

use super::limits::{Retry, VerifyMode};
use super::model::Plan;

impl Plan {
    /// Returns how long a lane takes when every stop needs all its attempts, and the last one the longest waits and the
    /// whole time of its verification. Throttled responses do not count: they do not lower a lane's rate below its quota.
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
}

/// Returns how long it takes until so many requests have left.
pub(super) fn sending(requests: u64, quota: Quota) -> Duration {
    let waiting = requests.saturating_sub(u64::from(quota.burst));
    let seconds = u128::from(waiting) * u128::from(quota.rate.per.seconds());
    let millis = (seconds * 1000).div_ceil(u128::from(quota.rate.events.max(1)));
    Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
}
