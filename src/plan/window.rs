//! The time of the week in which sending is allowed, as local time in a time zone.

use std::fmt;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// The time of the week in which sending is allowed.
///
/// It is open whenever the local time is at or after `from` and before `to`. An hour that occurs twice counts twice,
/// and one that is skipped does not count.
#[derive(Debug, Clone)]
pub struct Window {
    /// The days on which it opens; empty for every day.
    pub days: Vec<Weekday>,
    /// When it opens.
    pub from: Time,
    /// When it closes; at or before `from`, it closes on the next day.
    pub to: Time,
    /// The time zone of days and times.
    pub timezone: TimeZone,
}

impl Window {
    /// How many days [`next_open`](Self::next_open) looks ahead: a week, a day that a zone skips, and the edges.
    const AHEAD: i64 = 16;

    /// Tells whether sending is allowed at `moment`.
    #[must_use]
    pub fn is_open(&self, moment: Timestamp) -> bool {
        let shown = self.timezone.to_datetime(moment);
        let (date, time) = (shown.date(), shown.time());
        if self.from < self.to {
            return self.opens_on(date) && self.from <= time && time < self.to;
        }
        let since_today = self.from <= time && self.opens_on(date);
        let since_yesterday = time < self.to && date.yesterday().is_ok_and(|yesterday| self.opens_on(yesterday));
        since_today || since_yesterday
    }

    /// Returns the first moment from `moment` on at which sending is allowed; `moment` itself if it is now.
    ///
    /// `None` only where the calendar ends.
    #[must_use]
    pub fn next_open(&self, moment: Timestamp) -> Option<Timestamp> {
        if self.is_open(moment) {
            return Some(moment);
        }
        let today = self.timezone.to_datetime(moment).date();
        let days = (-1..=Self::AHEAD).filter_map(|days| today.checked_add(days.days()).ok());
        let end = moment.checked_add((Self::AHEAD * 24).hours()).ok()?;
        // It opens when the clock reaches `from`, or when the clock is put forward over it.
        let reached = days.flat_map(|day| self.moments_of(day.to_datetime(self.from)));
        let jumped = self.timezone.following(moment).map(|jump| jump.timestamp()).take_while(|jump| *jump <= end);
        reached.chain(jumped).filter(|candidate| *candidate > moment && self.is_open(*candidate)).min()
    }

    /// Returns one of the same zone that is always open.
    #[must_use]
    pub fn opened(&self) -> Self {
        Self { days: Vec::new(), from: Time::midnight(), to: Time::midnight(), timezone: self.timezone.clone() }
    }

    fn opens_on(&self, date: Date) -> bool {
        self.days.is_empty() || self.days.contains(&date.weekday())
    }

    /// Returns the moments at which the clock shows `shown`: one, two, or none.
    fn moments_of(&self, shown: DateTime) -> impl Iterator<Item = Timestamp> + use<> {
        let (first, second) = match self.timezone.to_ambiguous_timestamp(shown).offset() {
            AmbiguousOffset::Unambiguous { offset } => (Some(offset), None),
            AmbiguousOffset::Gap { .. } => (None, None),
            AmbiguousOffset::Fold { before, after } => (Some(before), Some(after)),
        };
        [first, second].into_iter().flatten().filter_map(move |offset| offset.to_timestamp(shown).ok())
    }
}

impl fmt::Display for Window {
    /// Says when it is open, such as `Mon, Tue from 20:00 to 06:00 the next day, Asia/Shanghai time`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days: Vec<_> = self.days.iter().map(|day| short_name(*day)).collect();
        let days = if days.is_empty() { "every day".to_owned() } else { days.join(", ") };
        let next = if self.to <= self.from { " the next day" } else { "" };
        let zone = self.timezone.iana_name().unwrap_or("local");
        let (from, to) = (self.from.strftime("%H:%M"), self.to.strftime("%H:%M"));
        write!(f, "{days} from {from} to {to}{next}, {zone} time")
    }
}

const fn short_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

#[cfg(test)]
mod tests;
