//! Days and times at which a window does not open.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::moment::{self, DateError, MomentError};

/// What stands between the first and the last of a span.
const TO: &str = "..";

/// The last day on which an event of a calendar that repeats without an end is read. What is after it is not known.
pub(super) const END: Date = date(2099, 12, 31);

/// One span of days, or of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exception {
    /// From the first day to the last, both included.
    Days(Date, Date),
    /// From the first moment until just before the second.
    Times(Timestamp, Timestamp),
}

/// A text that is no exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExceptionError {
    /// A date in it is none.
    #[error("{0}")]
    Date(#[from] DateError),
    /// A moment in it is none.
    #[error("{0}")]
    Moment(#[from] MomentError),
    /// It ends before it begins.
    #[error("it ends before it begins")]
    Backwards,
}

impl FromStr for Exception {
    type Err = ExceptionError;

    /// Reads a day, or a span of days or of moments: `2026-12-25`, `2026-12-24..2027-01-02`,
    /// `2026-12-24T12:00:00Z..2026-12-24T18:00:00Z`.
    fn from_str(text: &str) -> Result<Self, ExceptionError> {
        let Some((from, to)) = text.split_once(TO).map(|(from, to)| (from.trim(), to.trim())) else {
            let day = moment::date(text)?;
            return Ok(Self::Days(day, day));
        };
        if from.contains('T') && to.contains('T') {
            let (from, to) = (moment::zoned(from)?, moment::zoned(to)?);
            return if from < to { Ok(Self::Times(from, to)) } else { Err(ExceptionError::Backwards) };
        }
        let (first, last) = (moment::date(from)?, moment::date(to)?);
        if first <= last { Ok(Self::Days(first, last)) } else { Err(ExceptionError::Backwards) }
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(first, last) if first == last => write!(f, "{first}"),
            Self::Days(first, last) => write!(f, "{first}{TO}{last}"),
            Self::Times(from, to) => write!(f, "{from}{TO}{to}"),
        }
    }
}

/// The exceptions of a window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exceptions {
    /// As people know them: spans, and the names of calendars.
    named: Vec<String>,
    all: Spans,
    /// What each calendar excepts, by the name of its file.
    calendars: Vec<(String, Spans)>,
}

/// Days and times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Spans {
    /// The days, in order, without overlaps and neighbours.
    days: Vec<(Date, Date)>,
    /// The times, in the same way.
    times: Vec<(Timestamp, Timestamp)>,
}

impl Spans {
    fn take(&mut self, all: &[Exception]) {
        for one in all {
            match *one {
                Exception::Days(first, last) => self.days.push((first, last)),
                Exception::Times(from, to) => self.times.push((from, to)),
            }
        }
        merge(&mut self.days, |end| end.tomorrow().unwrap_or(end));
        merge(&mut self.times, |end| end);
    }

    const fn is_empty(&self) -> bool {
        self.days.is_empty() && self.times.is_empty()
    }

    fn iter(&self) -> impl Iterator<Item = Exception> {
        let days = self.days.iter().map(|(first, last)| Exception::Days(*first, *last));
        days.chain(self.times.iter().map(|(from, to)| Exception::Times(*from, *to)))
    }

    fn on(&self, day: Date) -> Option<(Date, Date)> {
        holding(&self.days, day).filter(|(_, last)| day <= *last)
    }

    fn at(&self, moment: Timestamp) -> Option<(Timestamp, Timestamp)> {
        holding(&self.times, moment).filter(|(_, end)| moment < *end)
    }

    fn last(&self) -> Last {
        Last { day: self.days.last().map(|(_, last)| *last), end: self.times.last().map(|(_, end)| *end) }
    }
}

/// The last of some exceptions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Last {
    /// The last excepted day.
    pub(super) day: Option<Date>,
    /// The end of the last excepted time.
    pub(super) end: Option<Timestamp>,
}

impl Exceptions {
    /// How many are named where a window is described.
    const NAMED: usize = 4;

    /// Adds exceptions, each named as it is written.
    pub(super) fn extend(&mut self, all: impl IntoIterator<Item = Exception>) {
        let all: Vec<_> = all.into_iter().collect();
        self.named.extend(all.iter().map(Exception::to_string));
        self.all.take(&all);
    }

    /// Adds what a calendar excepts; `name` is that of its file.
    pub(super) fn add_calendar(&mut self, name: &str, all: &[Exception]) {
        self.named.push(format!("the events of {name}"));
        self.all.take(all);
        let mut own = Spans::default();
        own.take(all);
        self.calendars.push((name.to_owned(), own));
    }

    /// Tells whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns them as plans write them, those of calendars, too.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.all.iter().map(|span| span.to_string()).collect()
    }

    /// Returns those that touch a span of days; which day a moment is on, no zone moves by more than a day.
    pub(super) fn between(&self, from: Date, to: Date) -> Self {
        let day = |moment: Timestamp| moment.to_zoned(jiff::tz::TimeZone::UTC).date();
        let (before, after) = (from.yesterday().unwrap_or(from), to.tomorrow().unwrap_or(to));
        let mut some = Self::default();
        some.extend(self.all.iter().filter(|span| match *span {
            Exception::Days(first, last) => first <= to && from <= last,
            Exception::Times(first, last) => day(first) <= after && before <= day(last),
        }));
        some
    }

    /// Returns the span of excepted days that a day is in.
    pub(super) fn on(&self, day: Date) -> Option<(Date, Date)> {
        self.all.on(day)
    }

    /// Returns the excepted time that a moment is in.
    pub(super) fn at(&self, moment: Timestamp) -> Option<(Timestamp, Timestamp)> {
        self.all.at(moment)
    }

    /// Says that a day is excepted, and by which calendars.
    pub(super) fn reason_on(&self, day: Date) -> String {
        self.reason(Exception::Days(day, day), |spans| spans.on(day).is_some())
    }

    /// Says that the time that a moment is in is excepted, and by which calendars; `None` if it is not.
    pub(super) fn reason_at(&self, moment: Timestamp) -> Option<String> {
        let (from, to) = self.at(moment)?;
        Some(self.reason(Exception::Times(from, to), |spans| spans.at(moment).is_some()))
    }

    fn reason(&self, what: Exception, is_by: impl Fn(&Spans) -> bool) -> String {
        let names = self.calendars.iter().filter(|(_, spans)| is_by(spans)).map(|(name, _)| name.as_str());
        let names: Vec<_> = names.collect();
        if names.is_empty() {
            format!("{what} is excepted")
        } else {
            format!("{what} is excepted by {}", names.join(" and "))
        }
    }

    /// Returns the ends of excepted times after a moment.
    pub(super) fn ends_after(&self, moment: Timestamp) -> impl Iterator<Item = Timestamp> {
        self.all.times.iter().map(|(_, end)| *end).filter(move |end| *end > moment)
    }

    /// Returns the last of all.
    pub(super) fn last(&self) -> Last {
        self.all.last()
    }

    /// Returns the last of each calendar, with the name of its file.
    pub(super) fn last_by_calendar(&self) -> impl Iterator<Item = (&str, Last)> {
        self.calendars.iter().map(|(name, spans)| (name.as_str(), spans.last()))
    }
}

impl fmt::Display for Exceptions {
    /// Names the first few: `2026-12-25, 2026-12-31..2027-01-02 and the events of holidays.ics`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shown, more) = self.named.split_at(self.named.len().min(Self::NAMED));
        match (shown, more.len()) {
            ([one], 0) => f.write_str(one),
            ([first @ .., last], 0) => write!(f, "{} and {last}", first.join(", ")),
            (shown, more) => write!(f, "{} and {more} more", shown.join(", ")),
        }
    }
}

/// Sorts spans and joins those that overlap or touch; `next` is what comes right after an end.
fn merge<T: Ord + Copy>(spans: &mut Vec<(T, T)>, next: impl Fn(T) -> T) {
    spans.sort_unstable();
    spans.dedup_by(|later, kept| {
        let touches = later.0 <= next(kept.1);
        if touches {
            kept.1 = kept.1.max(later.1);
        }
        touches
    });
}

/// Returns the last span that begins at or before a point.
fn holding<T: Ord + Copy>(spans: &[(T, T)], point: T) -> Option<(T, T)> {
    let after = spans.partition_point(|(first, _)| *first <= point);
    spans.get(after.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests;
