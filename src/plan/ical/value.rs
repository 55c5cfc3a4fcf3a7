//! Values of properties: days, local times with their zones, and durations.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use super::content::Line;
use super::problem::Problem;
use super::windows_zones;
use crate::plan::suggest::quote;
use crate::plan::zone;

/// A day, or a local time in a zone.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum When {
    Day(Date),
    Time(Zoned),
}

/// What tells the repetitions of one event apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Mark {
    Day(Date),
    Time(Timestamp),
}

impl When {
    pub(super) fn mark(&self) -> Mark {
        match self {
            Self::Day(day) => Mark::Day(*day),
            Self::Time(time) => Mark::Time(time.timestamp()),
        }
    }

    /// Returns the day in its own zone.
    pub(super) fn day(&self) -> Date {
        match self {
            Self::Day(day) => *day,
            Self::Time(time) => time.date(),
        }
    }

    /// Returns the same time on another day.
    pub(super) fn on(&self, day: Date) -> Option<Self> {
        match self {
            Self::Day(_) => Some(Self::Day(day)),
            Self::Time(time) => {
                let local = day.to_datetime(time.time());
                local.to_zoned(time.time_zone().clone()).ok().map(Self::Time)
            }
        }
    }

    pub(super) const fn is_day(&self) -> bool {
        matches!(self, Self::Day(_))
    }
}

/// Reads the days or times of a line, separated by commas; those without a zone are in `zone`.
pub(super) fn whens(line: &Line, zone: &TimeZone) -> Result<Vec<When>, Problem> {
    line.value.split(',').map(|text| read(line, text, zone)).collect()
}

/// Reads the only day or time of a line.
pub(super) fn when(line: &Line, zone: &TimeZone) -> Result<When, Problem> {
    read(line, &line.value, zone)
}

/// Reads a day or a time, with the parameters of its line.
pub(super) fn read(line: &Line, text: &str, zone: &TimeZone) -> Result<When, Problem> {
    let text = text.trim();
    let none = |what: &str| line.problem(format!("{} in {} is no {what}", quote(text), line.name));
    let says_date = line.param("VALUE").is_some_and(|value| value.eq_ignore_ascii_case("DATE"));
    if says_date || (text.len() == 8 && line.param("TZID").is_none()) {
        return date(text).map(When::Day).ok_or_else(|| none("day, such as `20261225`"));
    }
    let (text, is_utc) = text.strip_suffix(['Z', 'z']).map_or((text, false), |text| (text, true));
    let local = date_time(text).ok_or_else(|| none("day or time, such as `20261225` or `20261225T080000Z`"))?;
    let zone = match (is_utc, line.param("TZID")) {
        (true, _) => TimeZone::UTC,
        (false, None) => zone.clone(),
        (false, Some(name)) => named(line, name)?,
    };
    local.to_zoned(zone).map(When::Time).map_err(|error| line.problem(error.to_string()))
}

/// The longest name of a zone, in bytes.
const LONGEST_NAME: usize = 255;

/// Returns a zone by its name of the IANA database or of Windows.
fn named(line: &Line, name: &str) -> Result<TimeZone, Problem> {
    // Some programs put a prefix of their own before the name, as in `/example.org/Europe/Berlin`.
    let whole = Some(name).filter(|name| name.len() <= LONGEST_NAME);
    let tails = std::iter::successors(whole, |tail| tail.split_once('/').map(|(_, rest)| rest));
    let found = tails.filter(|tail| !tail.is_empty()).find_map(|tail| {
        let tail = tail.trim();
        zone::named(tail).or_else(|| zone::named(windows_zones::iana_name(tail)?))
    });
    found.ok_or_else(|| {
        let title = format!("{} is not a time zone of the IANA database, nor one of Windows", quote(name));
        line.problem(title).hint(
            "replace this name in the file by the IANA name of the zone, such as `Asia/Shanghai`; or remove the event from \
             the file and list its days in `except`",
        )
    })
}

fn number<T: std::str::FromStr>(text: &str, from: usize, to: usize) -> Option<T> {
    let digits = text.get(from..to)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

fn date(text: &str) -> Option<Date> {
    let is_whole = text.len() == 8;
    is_whole.then(|| Date::new(number(text, 0, 4)?, number(text, 4, 6)?, number(text, 6, 8)?).ok()).flatten()
}

fn date_time(text: &str) -> Option<DateTime> {
    let (day, time) = text.split_once(['T', 't'])?;
    let is_whole = time.len() == 6;
    let time =
        is_whole.then(|| Time::new(number(time, 0, 2)?, number(time, 2, 4)?, number(time, 4, 6)?, 0).ok()).flatten()?;
    Some(date(day)?.to_datetime(time))
}

/// Reads how long something lasts: weeks and days of the calendar, and hours, minutes and seconds.
pub(super) fn duration(line: &Line, text: &str) -> Result<Span, Problem> {
    let text = text.trim();
    let span = text.strip_prefix('+').unwrap_or(text).parse::<Span>().ok();
    let is_allowed = |span: &Span| span.get_years() == 0 && span.get_months() == 0 && !span.is_negative();
    let is_iso = text.trim_start_matches('+').starts_with('P');
    span.filter(is_allowed).filter(|_| is_iso).ok_or_else(|| {
        line.problem(format!("{} in {} is no duration, such as `P1D` or `PT2H`", quote(text), line.name))
    })
}
