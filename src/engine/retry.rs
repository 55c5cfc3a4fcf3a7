//! How long to wait before the next attempt: exponential, with full jitter, never less than the service asks for.

use std::time::Duration;

use backoff::{BackoffBuilder, ExponentialBuilder};

use crate::base::clock::Clock;
use crate::http::Response;
use crate::plan::Retry;

/// Returns the wait before the attempt after `failures` failures in a row (1 for the first).
///
/// `chance` is evenly spread over `0..1`; the wait is that part of the exponential bound, and at least `retry_after`.
pub(super) fn delay(retry: &Retry, failures: u32, chance: f64, retry_after: Option<Duration>) -> Duration {
    let jittered = bound(retry, failures).mul_f64(chance.clamp(0.0, 1.0));
    jittered.max(retry_after.unwrap_or_default())
}

/// Returns the most that the wait after `failures` failures in a row can be.
pub(super) fn bound(retry: &Retry, failures: u32) -> Duration {
    // 64 doublings of a nanosecond exceed any delay: more need not be counted.
    let step = failures.clamp(1, 64) as usize;
    ExponentialBuilder::new()
        .with_factor(2.0)
        .with_min_delay(retry.initial_delay)
        .with_max_delay(retry.max_delay)
        .without_max_times()
        .build()
        .nth(step - 1)
        .unwrap_or(retry.max_delay)
        .min(retry.max_delay)
}

/// The longest wait that is believed; beyond it, the sum of two times could overflow.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// Returns how long the service asks to wait.
pub(super) fn retry_after(response: &Response, clock: &dyn Clock) -> Option<Duration> {
    response.retry_after(|| clock.now()).map(|wait| wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    /// A clock that always shows the beginning of Unix time.
    struct Epoch;

    impl Clock for Epoch {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }
    }

    #[test]
    fn doubles_up_to_the_cap_and_jitters_over_the_whole_of_it() {
        let retry = Retry::default();
        let bounds: Vec<u64> = (1..=9).map(|n| bound(&retry, n).as_millis() as u64).collect();
        assert_eq!(bounds, [200, 400, 800, 1600, 3200, 6400, 12_800, 20_000, 20_000]);
        assert_eq!(bound(&retry, u32::MAX), retry.max_delay);
        assert_eq!(delay(&retry, 3, 0.0, None), Duration::ZERO);
        assert_eq!(delay(&retry, 3, 0.5, None).as_millis(), 400);
        assert_eq!(delay(&retry, 3, 0.5, Some(Duration::from_secs(7))), Duration::from_secs(7));
    }

    #[test]
    fn retry_after_is_believed_up_to_a_day() {
        let headers = [(http::header::RETRY_AFTER, http::HeaderValue::from_static("18446744073709551615"))];
        let response = Response { status: 429, headers: headers.into_iter().collect(), body: bytes::Bytes::new() };
        assert_eq!(retry_after(&response, &Epoch), Some(LONGEST_WAIT));
    }
}
