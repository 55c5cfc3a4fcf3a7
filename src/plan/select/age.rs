//! How old something was when a listing showed it.

use std::time::Duration;

use jiff::Timestamp;

use super::began::Began;
use crate::plan::seen::Seen;
use crate::service::Start;

/// How old something was when a listing showed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// The least that it can be.
    pub least: Duration,
    /// The most that it can be, if there is a most.
    pub most: Option<Duration>,
}

impl Age {
    /// Returns the age of what a listing showed; `start` is what its kind's listings know of the time at which it began.
    /// `None` if that time or that of the listing is not known.
    #[must_use]
    pub fn of(seen: &Seen, start: Start) -> Option<Self> {
        let (began, at) = (Began::read(seen.since.as_deref(), start).ok()?, seen.at?);
        // What begins in the future has just begun.
        let since = |time: Timestamp| Duration::try_from(at.duration_since(time)).unwrap_or_default();
        Some(Self { least: since(began.latest), most: began.earliest.map(since) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn age(since: Option<&str>, start: Start) -> Option<(u64, Option<u64>)> {
        let at = Some("2026-11-22T12:00:00Z".parse().unwrap());
        let seen = Seen { state: None, name: None, since: since.map(Into::into), at };
        let Age { least, most } = Age::of(&seen, start)?;
        Some((least.as_secs() / 60, most.map(|most| most.as_secs() / 60)))
    }

    #[test]
    fn an_age_is_as_exact_as_the_time() {
        for (since, start, expected) in [
            (Some("2026-11-22T10:00:00Z"), Start::Exact, Some((120, Some(120)))),
            (Some("2026-11-22T10:00:00Z"), Start::Latest, Some((120, None))),
            // Without a zone, it may have been from 12 hours after to 14 hours before that.
            (Some("2026-11-21 12:00:00"), Start::Bare, Some((12 * 60, Some(38 * 60)))),
            (Some("2026-11-22T13:00:00Z"), Start::Exact, Some((0, Some(0)))),
            (Some("yesterday"), Start::Exact, None),
            (None, Start::Exact, None),
            (Some("2026-11-22T10:00:00Z"), Start::Unknown("there is none"), None),
        ] {
            assert_eq!(age(since, start), expected, "{since:?}");
        }
    }
}
