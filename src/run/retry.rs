//! How long to wait before the next try: exponential, with full jitter, never less than the service asks for.

use std::time::Duration;

use backoff::{BackoffBuilder, ExponentialBuilder};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use crate::clock::Clock;
use crate::plan::Retry;
use crate::wire::Reply;

/// Returns the wait before the try after `failures` failures in a row (1 for the first).
///
/// `chance` is evenly spread over `0..1`; the wait is that part of the exponential bound, and at least `hint`.
pub(super) fn delay(retry: &Retry, failures: u32, chance: f64, hint: Option<Duration>) -> Duration {
    let jittered = bound(retry, failures).mul_f64(chance.clamp(0.0, 1.0));
    jittered.max(hint.unwrap_or_default())
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
const LONGEST_HINT: Duration = Duration::from_secs(24 * 3600);

/// Returns how long the service asks to wait: `x-acs-retry-after` (milliseconds), else `Retry-After` (seconds or a date).
pub(super) fn hint(reply: &Reply, clock: &dyn Clock) -> Option<Duration> {
    stated(reply, clock).map(|hint| hint.min(LONGEST_HINT))
}

fn stated(reply: &Reply, clock: &dyn Clock) -> Option<Duration> {
    if let Some(millis) = reply.header("x-acs-retry-after").and_then(|text| text.trim().parse().ok()) {
        return Some(Duration::from_millis(millis));
    }
    let text = reply.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(text)?;
    let from = reply.header("date").and_then(http_date).unwrap_or_else(|| clock.now());
    Some(Duration::try_from(until.duration_since(from)).unwrap_or_default())
}

/// Reads an HTTP date such as `Sun, 22 Nov 2026 05:30:00 GMT`.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    PARSER.parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;

    fn reply(headers: &[(&'static str, &str)]) -> Reply {
        let headers = headers.iter().map(|(k, v)| (http::HeaderName::from_static(k), v.parse().unwrap()));
        Reply { status: 429, headers: headers.collect::<HeaderMap>(), body: bytes::Bytes::new() }
    }

    /// A clock that stands at the beginning of Unix time.
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
    fn reads_every_form_of_the_hint() {
        let of = |headers: &[(&'static str, &str)]| hint(&reply(headers), &Epoch);
        assert_eq!(of(&[("x-acs-retry-after", "1500"), ("retry-after", "9")]), Some(Duration::from_millis(1500)));
        assert_eq!(of(&[("retry-after", " 3 ")]), Some(Duration::from_secs(3)));
        let dates = [("retry-after", "Sun, 22 Nov 2026 05:30:07 GMT"), ("date", "Sun, 22 Nov 2026 05:30:00 GMT")];
        assert_eq!(of(&dates), Some(Duration::from_secs(7)));
        assert_eq!(of(&[("retry-after", "Thu, 01 Jan 1970 00:00:05 GMT")]), Some(Duration::from_secs(5)));
        assert_eq!(of(&[("retry-after", "18446744073709551615")]), Some(LONGEST_HINT));
        assert_eq!(of(&[("retry-after", "soon")]), None);
        assert_eq!(of(&[]), None);
    }
}
