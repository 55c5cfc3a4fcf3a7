//! Rules of repetition: RRULE, as far as they repeat by the day or more rarely.

use std::ops::RangeInclusive;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::content::Line;
use super::problem::Problem;
use super::value::{self, When};
use crate::plan::suggest::quote;

/// How often a rule repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

/// When a rule ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ending {
    Never,
    After(u64),
    /// The last possible repetition.
    At(When),
}

/// On which days an event is repeated.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    every: Every,
    interval: i64,
    pub(super) ending: Ending,
    first_weekday: Weekday,
    months: Vec<i16>,
    year_days: Vec<i16>,
    month_days: Vec<i16>,
    /// Days of the week; the first, second or last of a month or year where a number is with it.
    weekdays: Vec<(Option<i16>, Weekday)>,
    /// Which of the days of one interval.
    positions: Vec<i16>,
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

/// What to do about a rule that cannot be read: whoever exports a calendar cannot write it otherwise.
const NOT_READ: &str = "such rules are not read: remove the event from the file, and list its days in `except`";

impl Rule {
    /// Reads the rule of an event that begins at `start`.
    pub(super) fn read(line: &Line, start: &When) -> Result<Self, Problem> {
        let mut rule = Self {
            every: Every::Day,
            interval: 1,
            ending: Ending::Never,
            first_weekday: Weekday::Monday,
            months: Vec::new(),
            year_days: Vec::new(),
            month_days: Vec::new(),
            weekdays: Vec::new(),
            positions: Vec::new(),
        };
        let mut seen = Vec::new();
        for part in line.value.split(';').filter(|part| !part.trim().is_empty()) {
            let unreadable = || line.problem(format!("{} in RRULE cannot be read", quote(part)));
            let (name, text) = part.split_once('=').ok_or_else(unreadable)?;
            let (name, text) = (name.trim().to_ascii_uppercase(), text.trim());
            if seen.contains(&name) {
                return Err(line.problem(format!("RRULE has a second {name}")));
            }
            let is_read = match name.as_str() {
                "FREQ" => frequency(text).map(|every| rule.every = every),
                "INTERVAL" => positive(text).map(|interval| rule.interval = interval),
                "COUNT" => positive(text).map(|count| rule.ending = Ending::After(count.unsigned_abs())),
                "UNTIL" => {
                    rule.ending = Ending::At(until(line, text, start)?);
                    Some(())
                }
                "WKST" => weekday(text).map(|day| rule.first_weekday = day),
                "BYMONTH" => numbers(text, 1..=12, false).map(|months| rule.months = months),
                "BYYEARDAY" => numbers(text, 1..=366, true).map(|days| rule.year_days = days),
                "BYMONTHDAY" => numbers(text, 1..=31, true).map(|days| rule.month_days = days),
                "BYSETPOS" => numbers(text, 1..=366, true).map(|positions| rule.positions = positions),
                "BYDAY" => weekdays(text).map(|days| rule.weekdays = days),
                _ => None,
            };
            is_read.ok_or_else(|| unreadable().hint(NOT_READ))?;
            seen.push(name);
        }
        let has = |name: &str| seen.iter().any(|seen| seen == name);
        if !has("FREQ") {
            return Err(line.problem("RRULE has no FREQ"));
        }
        if has("COUNT") && has("UNTIL") {
            return Err(line.problem("RRULE has both COUNT and UNTIL"));
        }
        rule.refuse_meaningless(line)?;
        rule.complete(start.day());
        Ok(rule)
    }

    /// Refuses parts that RFC 5545 forbids beside this frequency.
    fn refuse_meaningless(&self, line: &Line) -> Result<(), Problem> {
        let numbered = self.weekdays.iter().any(|(number, _)| number.is_some());
        let is_rare = matches!(self.every, Every::Month | Every::Year);
        let others = [&self.year_days, &self.month_days].iter().any(|days| !days.is_empty());
        let lonely = !self.positions.is_empty() && !others && self.weekdays.is_empty() && self.months.is_empty();
        let forbidden = [
            (!self.year_days.is_empty() && self.every != Every::Year, "BYYEARDAY without FREQ=YEARLY"),
            (!self.month_days.is_empty() && self.every == Every::Week, "BYMONTHDAY with FREQ=WEEKLY"),
            (numbered && !is_rare, "BYDAY with a number without FREQ=MONTHLY or FREQ=YEARLY"),
            (lonely, "BYSETPOS without another part that chooses days"),
        ];
        match forbidden.iter().find(|(is_there, _)| *is_there) {
            Some((_, what)) => Err(line.problem(format!("RRULE has {what}"))),
            None => Ok(()),
        }
    }

    /// Takes from the first day what the rule does not say.
    fn complete(&mut self, first: Date) {
        if !(self.weekdays.is_empty() && self.month_days.is_empty() && self.year_days.is_empty()) {
            return;
        }
        match self.every {
            Every::Day => {}
            Every::Week => self.weekdays.push((None, first.weekday())),
            Every::Month => self.month_days.push(first.day().into()),
            Every::Year => {
                if self.months.is_empty() {
                    self.months.push(first.month().into());
                }
                self.month_days.push(first.day().into());
            }
        }
    }

    /// Returns the days of the rule interval by interval, from the one that `first` is in; those before `first`, too.
    pub(super) fn intervals(&self, first: Date) -> impl Iterator<Item = Vec<Date>> {
        (0..).map_while(move |number: i64| {
            let (first, last) = self.interval(first, number.checked_mul(self.interval)?)?;
            let days = std::iter::successors(Some(first), move |day| day.tomorrow().ok().filter(|next| *next <= last));
            Some(self.chosen(days.filter(|day| self.takes(*day)).collect()))
        })
    }

    /// Returns the first and the last day of an interval so many days, weeks, months or years after that of `day`.
    fn interval(&self, day: Date, number: i64) -> Option<(Date, Date)> {
        let begins = match self.every {
            Every::Day => day,
            Every::Week => {
                let into = day.weekday().since(self.first_weekday);
                day.checked_sub(i64::from(into).days()).ok()?
            }
            Every::Month => day.first_of_month(),
            Every::Year => day.first_of_year(),
        };
        let span = match self.every {
            Every::Day => jiff::Span::new().try_days(number),
            Every::Week => jiff::Span::new().try_weeks(number),
            Every::Month => jiff::Span::new().try_months(number),
            Every::Year => jiff::Span::new().try_years(number),
        };
        let first = begins.checked_add(span.ok()?).ok()?;
        let last = match self.every {
            Every::Day => first,
            Every::Week => first.checked_add(6.days()).unwrap_or(Date::MAX),
            Every::Month => first.last_of_month(),
            Every::Year => first.last_of_year(),
        };
        Some((first, last))
    }

    /// Tells whether a day of an interval is one of the rule, positions apart.
    fn takes(&self, day: Date) -> bool {
        (self.months.is_empty() || self.months.contains(&day.month().into()))
            && is_one(&self.month_days, day.day().into(), day.days_in_month().into())
            && is_one(&self.year_days, day.day_of_year(), day.days_in_year())
            && (self.weekdays.is_empty() || self.weekdays.iter().any(|wanted| self.is_weekday(*wanted, day)))
    }

    fn is_weekday(&self, (number, weekday): (Option<i16>, Weekday), day: Date) -> bool {
        if day.weekday() != weekday {
            return false;
        }
        let Some(number) = number else { return true };
        let is_of_month = self.every == Every::Month || !self.months.is_empty();
        let (place, length) = if is_of_month {
            (day.day().into(), day.days_in_month().into())
        } else {
            (day.day_of_year(), day.days_in_year())
        };
        let (from_start, from_end) = ((place - 1) / 7 + 1, -((length - place) / 7 + 1));
        number == from_start || number == from_end
    }

    /// Chooses by position among the days of one interval.
    fn chosen(&self, days: Vec<Date>) -> Vec<Date> {
        if self.positions.is_empty() {
            return days;
        }
        let count = i16::try_from(days.len()).unwrap_or(i16::MAX);
        let places = (1..=count).zip(days);
        places.filter(|(place, _)| is_one(&self.positions, *place, count)).map(|(_, day)| day).collect()
    }
}

/// Tells whether a place among so many is one of those named, from the start or, where negative, from the end; none named
/// is all of them.
fn is_one(named: &[i16], place: i16, count: i16) -> bool {
    named.is_empty() || named.contains(&place) || named.contains(&(place - count - 1))
}

/// The longest list of numbers or days, in bytes: enough for all 732 of BYYEARDAY.
const LONGEST_LIST: usize = 4096;

fn frequency(text: &str) -> Option<Every> {
    let all = [("DAILY", Every::Day), ("WEEKLY", Every::Week), ("MONTHLY", Every::Month), ("YEARLY", Every::Year)];
    all.into_iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).map(|(_, every)| every)
}

fn positive(text: &str) -> Option<i64> {
    text.parse::<u32>().ok().filter(|number| *number > 0).map(i64::from)
}

/// Reads numbers with commas between them, negative ones only where they count from the end.
fn numbers(text: &str, range: RangeInclusive<i16>, from_end: bool) -> Option<Vec<i16>> {
    let fits = |number: &i16| range.contains(&number.saturating_abs()) && (from_end || *number > 0);
    if text.len() > LONGEST_LIST {
        return None;
    }
    text.split(',').map(|text| text.trim().parse().ok().filter(fits)).collect()
}

fn weekday(text: &str) -> Option<Weekday> {
    WEEKDAYS.into_iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).map(|(_, day)| day)
}

fn weekdays(text: &str) -> Option<Vec<(Option<i16>, Weekday)>> {
    let one = |text: &str| {
        let (number, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
        let number = match number {
            "" => None,
            number => Some(number.parse().ok().filter(|number: &i16| (1..=53).contains(&number.saturating_abs()))?),
        };
        Some((number, weekday(name)?))
    };
    if text.len() > LONGEST_LIST {
        return None;
    }
    text.split(',').map(|text| one(text.trim())).collect()
}

/// Reads the last possible repetition: a day for days, a time for times.
fn until(line: &Line, text: &str, start: &When) -> Result<When, Problem> {
    let zone = match start {
        When::Day(_) => jiff::tz::TimeZone::UTC,
        When::Time(time) => time.time_zone().clone(),
    };
    let until = value::read(line, text, &zone)?;
    if until.is_day() == start.is_day() {
        return Ok(until);
    }
    let (own, other) = if start.is_day() { ("a time", "a day") } else { ("a day", "a time") };
    Err(line.problem(format!("UNTIL is {own}, and DTSTART of the event is {other}")))
}
