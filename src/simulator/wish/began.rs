//! When something began, as far as a listing tells.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::super::service::Times;

/// The first and the last moment at which something may have begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Began {
    first: Option<Timestamp>,
    last: Timestamp,
}

impl Began {
    /// Reads what a service wrote; `None` if it tells no moment.
    pub(super) fn read(text: &str, times: Times) -> Option<Self> {
        let text = text.trim();
        let exact = exact(text);
        let began = match (times, exact) {
            (Times::Untold, _) => None,
            (Times::Latest, Some(last)) => Some(Self { first: None, last }),
            (Times::Exact | Times::Bare, Some(at)) => Some(Self { first: Some(at), last: at }),
            (Times::Bare, None) => bare(text),
            (Times::Latest | Times::Exact, None) => None,
        }?;
        // None of the services is that old: such a moment stands for none.
        (began.last.as_second() >= 946_684_800).then_some(began)
    }

    /// Tells whether it began at a moment or earlier; `None` if that is not certain.
    pub(super) fn is_until(self, moment: Timestamp) -> Option<bool> {
        match self.first {
            _ if self.last <= moment => Some(true),
            Some(first) if first > moment => Some(false),
            Some(_) | None => None,
        }
    }

    /// Tells whether it began earlier than a moment; `None` if that is not certain.
    pub(super) fn is_before(self, moment: Timestamp) -> Option<bool> {
        match self.first {
            _ if self.last < moment => Some(true),
            Some(first) if first >= moment => Some(false),
            Some(_) | None => None,
        }
    }

    /// Returns the last moment at which it may have begun.
    pub(super) const fn last(self) -> Timestamp {
        self.last
    }
}

/// Reads a moment with a zone, or a count of seconds or milliseconds since 1970.
fn exact(text: &str) -> Option<Timestamp> {
    if text.bytes().any(|byte| !byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let number = text.parse().ok()?;
    match text.len() {
        10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

/// Reads a moment without a zone: it may be that of any zone.
fn bare(text: &str) -> Option<Began> {
    let local: DateTime = text.parse().ok()?;
    let utc = TimeZone::UTC.to_timestamp(local).ok()?;
    Some(Began {
        first: Some(utc.checked_sub(SignedDuration::from_hours(14)).ok()?),
        last: utc.checked_add(SignedDuration::from_hours(12)).ok()?,
    })
}
