//! Moments as plans and services write them: a date, a time of day to the second, and perhaps a zone.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A text that is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    /// It has no zone.
    #[error("the zone is missing")]
    NoZone,
    /// It is something else.
    #[error("invalid format")]
    Unreadable,
}

/// A text that is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The calendar does not have it, such as `2026-02-30`.
    #[error("there is no such day")]
    NoSuchDay,
    /// It is something else.
    #[error("invalid format")]
    Unreadable,
}

/// Reads a day such as `2026-12-25`.
pub(super) fn date(text: &str) -> Result<Date, DateError> {
    let is_digit = |at: usize, byte: u8| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    if text.len() != 10 || !text.bytes().enumerate().all(|(at, byte)| is_digit(at, byte)) {
        return Err(DateError::Unreadable);
    }
    text.parse().map_err(|_| DateError::NoSuchDay)
}

/// Reads a moment such as `2026-11-22T03:12:00Z`: a date, a time of day to the second, and the zone (RFC 3339).
pub(super) fn zoned(text: &str) -> Result<Timestamp, MomentError> {
    // No part is filled in: a date alone is not its midnight.
    let has_seconds = text.get(10..19).is_some_and(|time| time.bytes().filter(|byte| *byte == b':').count() == 2);
    if !has_seconds || text.contains('[') {
        return Err(MomentError::Unreadable);
    }
    text.parse()
        .map_err(|_| if text.parse::<DateTime>().is_ok() { MomentError::NoZone } else { MomentError::Unreadable })
}

/// Reads a time without a zone, such as `2026-11-13 08:00:00`, as if it were in UTC.
pub(super) fn bare(text: &str) -> Option<Timestamp> {
    let local = (zoned(text) == Err(MomentError::NoZone)).then(|| text.parse::<DateTime>().ok()).flatten()?;
    TimeZone::UTC.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_that_there_are() {
        assert_eq!(date("2028-02-29").map(|day| day.to_string()), Ok("2028-02-29".into()));
        for text in ["2026-02-29", "2026-02-30", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00"] {
            assert_eq!(date(text), Err(DateError::NoSuchDay), "{text}");
        }
        for text in
            ["", "2026-1-2", "26-12-25", "2026/12/25", "2026-12-25T00:00:00Z", "20261225", "2026-W52-5", "+026-12-25"]
        {
            assert_eq!(date(text), Err(DateError::Unreadable), "{text}");
        }
    }

    #[test]
    fn reads_moments_with_a_zone() {
        for text in ["2026-11-22T03:12:00Z", "2026-11-22T11:12:00+08:00", "2026-11-22 03:12:00z"] {
            assert_eq!(zoned(text).map(|moment| moment.to_string()), Ok("2026-11-22T03:12:00Z".into()), "{text}");
        }
        for text in ["2026-11-22T03:12:00", "2026-11-22 03:12:00"] {
            assert_eq!(zoned(text), Err(MomentError::NoZone), "{text}");
            assert_eq!(bare(text).map(|moment| moment.to_string()), Some("2026-11-22T03:12:00Z".into()));
        }
        for text in ["", "now", "2026-11-22", "2026-11-22T03:12Z", "2026-11-31T03:12:00Z", "2026-11-22T03:12:00Z[UTC]"]
        {
            assert_eq!(zoned(text), Err(MomentError::Unreadable), "{text}");
            assert_eq!(bare(text), None, "{text}");
        }
    }
}
