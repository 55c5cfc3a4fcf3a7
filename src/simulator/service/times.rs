//! How the services write moments.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Writes a moment as `2026-11-22T05:30:00.000Z`.
pub(super) fn rfc3339(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// Writes a moment as `2026-11-22 05:30:00`: the hour is that of UTC, and nothing tells so.
pub(super) fn bare(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Writes a moment as seconds since 1970, ten digits.
pub(super) fn seconds(moment: Timestamp) -> String {
    moment.as_second().to_string()
}

/// Writes a moment as milliseconds since 1970.
pub(super) fn milliseconds(moment: Timestamp) -> String {
    moment.as_millisecond().to_string()
}
