//! One event: when it begins, how long it lasts, and how it is repeated.

use std::collections::HashSet;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, ToSpan};

use super::content::Line;
use super::problem::Problem;
use super::rule::Rule;
use super::stream::Component;
use super::value::{self, Mark, When};
use crate::plan::except::Exception;

/// One event of a calendar.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) uid: Option<String>,
    pub(super) is_cancelled: bool,
    pub(super) start: When,
    length: Length,
    /// The rules by which it is repeated, each with its line.
    pub(super) rules: Vec<(u32, Rule)>,
    /// Further times at which it is, some with their own length.
    pub(super) dates: Vec<(When, Option<Length>)>,
    /// The repetitions that are left out.
    pub(super) left_out: HashSet<Mark>,
    /// The repetition of the event of the same `uid` that it replaces.
    pub(super) replaces: Option<Mark>,
}

/// How long an event lasts.
#[derive(Debug)]
pub(super) enum Length {
    /// Whole days.
    Days(i64),
    /// So much time.
    Exact(SignedDuration),
    /// Days of the calendar, then time.
    Nominal(Span),
}

impl Event {
    /// Reads an event; times without a zone are in `zone`.
    pub(super) fn read(component: &Component, zone: &TimeZone) -> Result<Self, Problem> {
        let all = |name: &'static str| component.lines.iter().filter(move |line| line.name == name);
        let one = |name: &'static str| all(name).next();
        for name in ["DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "STATUS", "UID"] {
            if let Some(second) = all(name).nth(1) {
                return Err(second.problem(format!("the event has a second {name}")));
            }
        }
        if let Some(line) = one("EXRULE") {
            let problem = line.problem("EXRULE cannot be read: RFC 5545 does not have it any more");
            return Err(problem.hint("list the days that are left out with EXDATE"));
        }
        let first = one("DTSTART").ok_or_else(|| Problem::new(component.line, "this event has no DTSTART"))?;
        let start = value::when(first, zone)?;
        let length = length(&start, one("DTEND"), one("DURATION"), zone)?;
        let rules = all("RRULE").map(|line| Ok((line.number, Rule::read(line, &start)?)));
        let rules = rules.collect::<Result<_, _>>()?;
        let mut left_out = HashSet::new();
        for line in all("EXDATE") {
            for when in value::whens(line, zone)? {
                left_out.insert(same_sort(line, &start, when)?.mark());
            }
        }
        let mut dates = Vec::new();
        for line in all("RDATE") {
            for text in line.value.split(',') {
                dates.push(date(line, text, &start, zone)?);
            }
        }
        let replaces = one("RECURRENCE-ID").map(|line| {
            if line.param("RANGE").is_some() {
                return Err(line.problem("an event that replaces all later repetitions cannot be read"));
            }
            same_sort(line, &start, value::when(line, zone)?).map(|when| when.mark())
        });
        let replaces = replaces.transpose()?;
        let is_cancelled = one("STATUS").is_some_and(|line| line.value.eq_ignore_ascii_case("CANCELLED"));
        let uid = one("UID").map(|line| line.value.clone());
        Ok(Self { uid, is_cancelled, start, length, rules, dates, left_out, replaces })
    }

    /// Returns what one repetition excepts; nothing for one without length.
    pub(super) fn exception(&self, start: &When, own: Option<&Length>) -> Option<Exception> {
        match (start, own.unwrap_or(&self.length)) {
            (When::Day(first), Length::Days(days)) => {
                let last = first.checked_add((days - 1).days()).unwrap_or(jiff::civil::Date::MAX);
                Some(Exception::Days(*first, last))
            }
            (When::Day(_), Length::Exact(_) | Length::Nominal(_)) => None,
            (When::Time(from), length) => {
                let end = match length {
                    Length::Days(days) => from.checked_add(days.days()),
                    Length::Exact(time) => from.checked_add(*time),
                    Length::Nominal(span) => from.checked_add(*span),
                };
                let end = end.map_or(jiff::Timestamp::MAX, |end| end.timestamp());
                (from.timestamp() < end).then(|| Exception::Times(from.timestamp(), end))
            }
        }
    }
}

/// Reads a day or time of RDATE, or a period, which has its own length.
fn date(line: &Line, text: &str, start: &When, zone: &TimeZone) -> Result<(When, Option<Length>), Problem> {
    let Some((from, to)) = text.split_once('/') else {
        return Ok((same_sort(line, start, value::read(line, text, zone)?)?, None));
    };
    let from = same_sort(line, start, value::read(line, from, zone)?)?;
    let length = if to.trim_start_matches('+').starts_with('P') {
        Length::Nominal(value::duration(line, to)?)
    } else {
        between(line, &from, &value::read(line, to, zone)?)?
    };
    Ok((from, Some(length)))
}

/// Refuses a day where the event has times, and the other way round: it would match nothing.
fn same_sort(line: &Line, start: &When, when: When) -> Result<When, Problem> {
    if start.is_day() == when.is_day() {
        return Ok(when);
    }
    let (own, other) = if start.is_day() { ("times", "days") } else { ("days", "times") };
    Err(line.problem(format!("{} has {own}, and DTSTART of the event has {other}", line.name)))
}

/// Returns how long an event lasts: a day without an end is that day, and a time without an end has no length.
fn length(start: &When, end: Option<&Line>, duration: Option<&Line>, zone: &TimeZone) -> Result<Length, Problem> {
    match (end, duration) {
        (None, None) if start.is_day() => Ok(Length::Days(1)),
        (None, None) => Ok(Length::Exact(SignedDuration::ZERO)),
        (Some(_), Some(line)) => Err(line.problem("the event has both DTEND and DURATION")),
        (Some(line), None) => between(line, start, &value::when(line, zone)?),
        (None, Some(line)) => {
            let span = value::duration(line, &line.value)?;
            let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
            match start {
                When::Time(_) => Ok(Length::Nominal(span)),
                When::Day(_) if days > 0 && span.fieldwise() == days_alone(&span).fieldwise() => Ok(Length::Days(days)),
                When::Day(_) => Err(line.problem("an event that begins with a day must last whole days")),
            }
        }
    }
}

/// Returns a span without its hours, minutes and seconds.
fn days_alone(span: &Span) -> Span {
    Span::new().weeks(span.get_weeks()).days(span.get_days())
}

/// Returns the length between a start and an end. The day of the end is not part of the event; where it is the same day,
/// the event is that day.
fn between(line: &Line, start: &When, end: &When) -> Result<Length, Problem> {
    let backwards = || line.problem(format!("{} is before the event begins", line.name));
    match (start, end) {
        (When::Day(first), When::Day(end)) if end < first => Err(backwards()),
        (When::Day(first), When::Day(end)) => Ok(Length::Days(i64::from((*end - *first).get_days()).max(1))),
        (When::Time(from), When::Time(to)) if to < from => Err(backwards()),
        (When::Time(from), When::Time(to)) => Ok(Length::Exact(from.duration_until(to))),
        _ => same_sort(line, start, end.clone()).map(|_| Length::Days(1)),
    }
}
