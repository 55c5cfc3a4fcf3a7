//! When something began, as far as that is known.

use jiff::{SignedDuration, Timestamp};

use crate::plan::moment;
use crate::service::{Resource, Start};

/// The times at which something may have begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Began {
    /// The earliest; `None` if it may have been at any time before the latest.
    pub(super) earliest: Option<Timestamp>,
    /// The latest.
    pub(super) latest: Timestamp,
}

/// Why a condition on a time is neither true nor false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// No time is shown.
    Absent,
    /// What is shown is no time.
    Unreadable,
    /// It is true of some of the times, and not of others.
    Inexact,
}

/// A time without a zone is that of a zone between these.
const WEST: SignedDuration = SignedDuration::from_hours(12);
const EAST: SignedDuration = SignedDuration::from_hours(14);

/// None of the services is so old: an earlier time stands for none, such as the year 1 or 1970.
const FIRST: Timestamp = Timestamp::constant(946_684_800, 0);

impl Began {
    /// Reads when something began.
    pub(super) fn of(resource: &Resource, start: Start) -> Result<Self, Doubt> {
        Self::read(resource.since.as_deref(), start)
    }

    /// Reads a time as a service writes it.
    pub(super) fn read(since: Option<&str>, start: Start) -> Result<Self, Doubt> {
        let text = since.map(str::trim).filter(|text| !text.is_empty()).ok_or(Doubt::Absent)?;
        let began = match (start, zoned(text)) {
            (Start::Unknown(_), _) => None,
            (Start::Latest, time) => time.map(|latest| Self { earliest: None, latest }),
            (Start::Exact | Start::Bare, Some(time)) => Some(Self { earliest: Some(time), latest: time }),
            (Start::Bare, None) => bare(text),
            (Start::Exact, None) => None,
        };
        began.filter(|began| began.latest >= FIRST).ok_or(Doubt::Unreadable)
    }

    /// Tells whether it began before a time.
    pub(super) fn is_before(self, time: Timestamp) -> Result<bool, Doubt> {
        if self.latest < time {
            return Ok(true);
        }
        if self.earliest.is_some_and(|earliest| earliest >= time) { Ok(false) } else { Err(Doubt::Inexact) }
    }

    /// Tells whether it began before a time, or at it.
    pub(super) fn is_until(self, time: Timestamp) -> Result<bool, Doubt> {
        if self.latest <= time {
            return Ok(true);
        }
        if self.earliest.is_some_and(|earliest| earliest > time) { Ok(false) } else { Err(Doubt::Inexact) }
    }
}

/// Reads a time with a zone, or a number of seconds or milliseconds since 1970.
fn zoned(text: &str) -> Option<Timestamp> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        return match text.len() {
            10 => Timestamp::from_second(number).ok(),
            13 => Timestamp::from_millisecond(number).ok(),
            _ => None,
        };
    }
    moment::zoned(text).ok()
}

/// Reads a time without a zone.
fn bare(text: &str) -> Option<Began> {
    let time = moment::bare(text)?;
    Some(Began { earliest: Some(time.checked_sub(EAST).ok()?), latest: time.checked_add(WEST).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn began(text: &str, start: Start) -> Result<Began, Doubt> {
        Began::of(&Resource { since: Some(text.into()), ..Resource::unknown(0) }, start)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn times_with_a_zone_are_exact() {
        for (text, time) in [
            ("2026-11-22T03:12:00Z", "2026-11-22T03:12:00Z"),
            ("2026-11-22T03:12:00z", "2026-11-22T03:12:00Z"),
            ("2026-11-22t03:12:00z", "2026-11-22T03:12:00Z"),
            ("2026-11-22T03:12:00.123456789Z", "2026-11-22T03:12:00.123456789Z"),
            ("2026-11-22T11:12:00+08:00", "2026-11-22T03:12:00Z"),
            ("2026-11-22T11:12:00+0800", "2026-11-22T03:12:00Z"),
            ("2026-11-22 11:12:00+08:00", "2026-11-22T03:12:00Z"),
            (" 2026-11-22T03:12:00Z ", "2026-11-22T03:12:00Z"),
            ("1795315200", "2026-11-22T02:40:00Z"),
            ("1795315200123", "2026-11-22T02:40:00.123Z"),
        ] {
            let time = at(time);
            assert_eq!(began(text, Start::Exact), Ok(Began { earliest: Some(time), latest: time }), "{text}");
            assert_eq!(began(text, Start::Bare), began(text, Start::Exact), "{text}");
            assert_eq!(began(text, Start::Latest), Ok(Began { earliest: None, latest: time }), "{text}");
            assert_eq!(began(text, Start::Unknown("")), Err(Doubt::Unreadable), "{text}");
        }
    }

    #[test]
    fn times_without_a_zone_are_known_to_26_hours() {
        let expected = Began { earliest: Some(at("2026-11-12T18:00:00Z")), latest: at("2026-11-13T20:00:00Z") };
        for text in ["2026-11-13 08:00:00", "2026-11-13T08:00:00"] {
            assert_eq!(began(text, Start::Bare), Ok(expected), "{text}");
            assert_eq!(began(text, Start::Exact), Err(Doubt::Unreadable), "{text}");
            assert_eq!(began(text, Start::Latest), Err(Doubt::Unreadable), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_not_known() {
        for text in [
            "yesterday",
            "0",
            "-1",
            "179531520",
            "17953152001",
            "2026-11-13",
            "2026-11-13T08",
            "2026-11-13T08:00Z",
            "2026-13-13T08:00:00Z",
            "0001-01-01T00:00:00Z",
            "1970-01-01T00:00:00Z",
            "0000000000",
            "２０２６-11-13T08:00:00Z",
        ] {
            assert_eq!(began(text, Start::Exact), Err(Doubt::Unreadable), "{text}");
            assert_eq!(began(text, Start::Bare), Err(Doubt::Unreadable), "{text}");
        }
        assert_eq!(began("", Start::Exact), Err(Doubt::Absent));
        assert_eq!(Began::of(&Resource::unknown(0), Start::Exact), Err(Doubt::Absent));
    }
}
