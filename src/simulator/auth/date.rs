//! The dates of requests.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// How far a request's date may be from the service's clock, in seconds.
pub(super) const MOST_SKEW: i64 = 15 * 60;

/// Reads a date in UTC, written exactly in `format`.
pub(super) fn date(text: &str, format: &str) -> Option<Timestamp> {
    let date = DateTime::strptime(format, text).ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
    // The parser is generous with digits; the services are not.
    (date.strftime(format).to_string() == text).then_some(date)
}

/// Returns whether a date is too far from the clock.
pub(super) fn is_skewed(date: Timestamp, now: Timestamp) -> bool {
    (now.as_second() - date.as_second()).abs() > MOST_SKEW
}
