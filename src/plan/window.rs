//! The time of the week in which sending is allowed, as local time in a time zone.

use std::fmt;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::except::{END, Exceptions, Last};

/// The time of the week in which sending is allowed.
///
/// It is open whenever the local time is at or after `from` and before `to`. An hour that occurs twice counts twice,
/// and one that is skipped does not count. On an excepted day it does not open; one that opened on the day before closes
/// as usual. During an excepted time it is closed.
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
    /// Days on which it does not open, and times at which it is closed.
    pub except: Exceptions,
}

impl Window {
    /// How many days [`next_open`](Self::next_open) looks ahead, after the last exception: a week, a day that a zone skips,
    /// and the edges.
    const AHEAD: i64 = 16;

    /// Tells whether sending is allowed at `moment`.
    #[must_use]
    pub fn is_open(&self, moment: Timestamp) -> bool {
        self.except.at(moment).is_none() && self.openings(moment).any(|day| self.opens_on(day))
    }

    /// Says which exception keeps it closed at `moment`, and of which calendar it is; `None` where it is open, or closed in any case.
    #[must_use]
    pub fn exception_at(&self, moment: Timestamp) -> Option<String> {
        if self.is_open(moment) {
            return None;
        }
        let mut days = self.openings(moment).filter(|day| self.is_named(*day));
        let first = days.next()?;
        let excepted = std::iter::once(first).chain(days).find(|day| self.except.on(*day).is_some());
        excepted.map(|day| self.except.reason_on(day)).or_else(|| self.except.reason_at(moment))
    }

    /// Returns the first moment from `moment` on at which sending is allowed; `moment` itself if it is now.
    ///
    /// `None` only where the calendar ends, or everything until then is excepted. Exceptions to the end of 2099 are
    /// exceptions for ever: events that repeat without an end are read until then.
    #[must_use]
    pub fn next_open(&self, moment: Timestamp) -> Option<Timestamp> {
        if self.is_open(moment) {
            return Some(moment);
        }
        let today = self.timezone.to_datetime(moment).date();
        let last = self.last_to_look_at(today);
        let opens = |candidate: &Timestamp| *candidate > moment && self.is_open(*candidate);
        // It opens when the clock reaches `from`, when the clock is put forward over it, or when an excepted time ends.
        let reached = self.opening_days(today.yesterday().unwrap_or(today), last);
        let reached = reached.flat_map(|day| self.moments_of(day.to_datetime(self.from))).find(opens);
        let end = reached.unwrap_or_else(|| self.end_of(last));
        let jumped = self.timezone.following(moment).map(|jump| jump.timestamp()).take_while(|jump| *jump <= end);
        let freed = self.except.ends_after(moment).take_while(|freed| *freed <= end);
        jumped
            .chain(freed)
            .filter(opens)
            .chain(reached)
            .min()
            .filter(|opening| !self.is_excepted_for_ever(today, *opening))
    }

    /// Tells whether exceptions keep it closed from a day on until the last day for which calendars are read.
    fn is_excepted_for_ever(&self, today: Date, opening: Timestamp) -> bool {
        let Last { day, end } = self.except.last();
        let day_of = |moment| self.timezone.to_datetime(moment).date();
        let last = day.into_iter().chain(end.map(day_of)).max();
        // The last repetition is up to a week before the last day that is read, or ends after it.
        let (first, ahead) = (END.saturating_sub(7.days()), END.saturating_add(Self::AHEAD.days()));
        let reaches_end = last.is_some_and(|last| first <= last && last <= ahead);
        today <= END && reaches_end && day_of(opening) > END
    }

    /// Says when it opens: the local time, and in parentheses the moment in UTC where its zone is another one.
    #[must_use]
    pub fn opening_text(&self, opening: Timestamp) -> String {
        let zone = self.zone_name();
        if zone == "UTC" {
            return opening.to_string();
        }
        let shown = self.timezone.to_datetime(opening);
        let format = if shown.second() == 0 && shown.subsec_nanosecond() == 0 { "%F %H:%M" } else { "%F %H:%M:%S" };
        format!("{} {zone} ({opening})", shown.strftime(format))
    }

    fn zone_name(&self) -> &str {
        self.timezone.iana_name().unwrap_or("local")
    }

    /// Says, one sentence each, which calendars except nothing any more, and whether the whole list does not.
    #[must_use]
    pub fn warnings(&self, now: Timestamp) -> Vec<String> {
        let ended = |last| self.ended(last, now);
        let over =
            |what: &str, day| format!("guards.window.except{what} excepts nothing any more: its last day was {day}");
        let calendars = self.except.last_by_calendar();
        let calendars: Vec<_> = calendars.filter_map(|(name, last)| Some((name, ended(last)?))).collect();
        if calendars.is_empty() {
            return ended(self.except.last()).map(|day| over("", day)).into_iter().collect();
        }
        calendars.into_iter().map(|(name, day)| over(&format!(": {name}"), day)).collect()
    }

    /// Returns the last day of exceptions that are over; `None` while one of them can keep the window closed.
    fn ended(&self, last: Last, now: Timestamp) -> Option<Date> {
        let is_over = |day: Date| {
            // Overnight, the window that does not open on that day would close on the next one.
            let closes = if self.to <= self.from { self.to } else { Time::midnight() };
            let end = day.tomorrow().ok()?.to_datetime(closes);
            let end = self.timezone.to_ambiguous_timestamp(end).later().ok()?;
            Some(now >= end)
        };
        let day = last.day.filter(|day| is_over(*day) == Some(true));
        let end = last.end.filter(|end| *end <= now);
        if day.is_some() != last.day.is_some() || end.is_some() != last.end.is_some() {
            return None;
        }
        // The end itself is not excepted.
        let end = end.map(|end| self.timezone.to_datetime(end.checked_sub(1.nanosecond()).unwrap_or(end)).date());
        day.into_iter().chain(end).max()
    }

    /// Returns one of the same zone that is always open.
    #[must_use]
    pub fn opened(&self) -> Self {
        let (timezone, except) = (self.timezone.clone(), Exceptions::default());
        Self { days: Vec::new(), from: Time::midnight(), to: Time::midnight(), timezone, except }
    }

    /// Leaves out the exceptions that are over before one moment, or begin after another. The day before counts: a window
    /// that opened then may still be open.
    pub(crate) fn keep_exceptions(&mut self, from: Timestamp, to: Timestamp) {
        let day = |moment| self.timezone.to_datetime(moment).date();
        let from = day(from).yesterday().unwrap_or(Date::MIN);
        self.except = self.except.between(from, day(to));
    }

    /// Returns the days on one of which it must have opened to be open at `moment`: that day, the day before, or both.
    fn openings(&self, moment: Timestamp) -> impl Iterator<Item = Date> + use<> {
        let shown = self.timezone.to_datetime(moment);
        let (date, time) = (shown.date(), shown.time());
        let is_overnight = self.to <= self.from;
        let today = self.from <= time && (is_overnight || time < self.to);
        let yesterday = is_overnight && time < self.to;
        let yesterday = yesterday.then(|| date.yesterday().ok()).flatten();
        today.then_some(date).into_iter().chain(yesterday)
    }

    /// Tells whether a day is one of `days`.
    fn is_named(&self, date: Date) -> bool {
        self.days.is_empty() || self.days.contains(&date.weekday())
    }

    fn opens_on(&self, date: Date) -> bool {
        self.is_named(date) && self.except.on(date).is_none()
    }

    /// Returns the days between two on which it opens; what is excepted is passed over at once.
    fn opening_days(&self, first: Date, last: Date) -> impl Iterator<Item = Date> {
        let mut next = Some(first);
        let days = std::iter::from_fn(move || {
            let day = next.filter(|day| *day <= last)?;
            let excepted = self.except.on(day);
            next = excepted.map_or(day, |(_, last)| last).tomorrow().ok();
            Some(excepted.is_none().then_some(day))
        });
        days.flatten().filter(|day| self.is_named(*day))
    }

    /// Returns the last day on which an opening is looked for.
    fn last_to_look_at(&self, today: Date) -> Date {
        let Last { day, end } = self.except.last();
        let time = end.map(|end| self.timezone.to_datetime(end).date());
        let last = day.into_iter().chain(time).fold(today, Date::max);
        last.checked_add(Self::AHEAD.days()).unwrap_or(Date::MAX)
    }

    /// Returns a moment after a day has ended.
    fn end_of(&self, day: Date) -> Timestamp {
        let after = day.tomorrow().and_then(|after| self.timezone.to_timestamp(after.to_datetime(Time::midnight())));
        after.unwrap_or(Timestamp::MAX)
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
    /// Says when it is open, such as `Mon, Tue from 20:00 to 06:00 the next day, Asia/Shanghai time, except 2026-12-25`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days: Vec<_> = self.days.iter().map(|day| short_name(*day)).collect();
        let days = if days.is_empty() { "every day".to_owned() } else { days.join(", ") };
        let next = if self.to <= self.from { " the next day" } else { "" };
        let zone = self.zone_name();
        let (from, to) = (self.from.strftime("%H:%M"), self.to.strftime("%H:%M"));
        write!(f, "{days} from {from} to {to}{next}, {zone} time")?;
        if self.except.is_empty() { Ok(()) } else { write!(f, ", except {}", self.except) }
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
