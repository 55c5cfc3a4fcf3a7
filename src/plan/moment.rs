//! Moments as plans and services write them: a date, a time of day to the second, and perhaps a zone.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A text that is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum MomentError {
    /// It has no zone.
    #[error("the zone is missing")]
    NoZone,
    /// It is something else.
    #[error("invalid format")]
    Unreadable,
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
