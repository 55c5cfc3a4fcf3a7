//! Cron expressions of five fields, with the meaning that Temporal gives them.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::field::FIELDS;

/// How many days are searched for the next match: the 29th of February may fall on a given weekday every 40 years only.
const DAYS: usize = 41 * 366;

/// A cron expression: minute, hour, day of the month, month, day of the week.
///
/// A time matches if all fields match. That is Temporal's rule, also where day of the month and day of the week are both
/// given, for which the cron of Unix has "or".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    text: String,
    /// The values of each field as bits.
    fields: [u64; 5],
}

/// A text that is no cron expression of five fields.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CronError {
    /// It has more or fewer fields.
    #[error(
        "expected 5 fields (minute, hour, day of the month, month, day of the week), such as `30 2 * * *`, got {0}"
    )]
    Count(usize),
    /// A field cannot be read.
    #[error("cannot read `{text}` as the {name}: expected {first} to {last}, such as `{first}`, `*`, `*/2` or a list")]
    Field {
        /// The name of the field.
        name: &'static str,
        /// What it has.
        text: String,
        /// Its smallest value.
        first: u32,
        /// Its largest value.
        last: u32,
    },
    /// No day matches.
    #[error("no day matches: both the day of the month and the day of the week must, in a month that has such a day")]
    Never,
}

impl FromStr for Cron {
    type Err = CronError;

    fn from_str(text: &str) -> Result<Self, CronError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let Ok(texts) = <[&str; 5]>::try_from(words.as_slice()) else { return Err(CronError::Count(words.len())) };
        let mut fields = [0; 5];
        for ((bits, field), text) in fields.iter_mut().zip(&FIELDS).zip(texts) {
            let (first, last) = (*field.within.start(), *field.within.end());
            let unread = || CronError::Field { name: field.name, text: text.to_owned(), first, last };
            *bits = field.parse(text).ok_or_else(unread)?;
        }
        let cron = Self { text: words.join(" "), fields };
        if cron.comes() { Ok(cron) } else { Err(CronError::Never) }
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Cron {
    /// Tells whether a local time matches, by its minute.
    #[must_use]
    pub fn matches(&self, at: DateTime) -> bool {
        self.has(0, at.minute()) && self.has(1, at.hour()) && self.is_day(at.date())
    }

    /// Tells whether it matches in every hour of its days.
    #[must_use]
    pub fn is_hourly(&self) -> bool {
        (0..24).all(|hour| self.has(1, hour))
    }

    /// Tells whether a local day matches.
    #[must_use]
    pub fn is_day(&self, day: Date) -> bool {
        let weekday = day.weekday().to_sunday_zero_offset();
        let is_weekday = self.has(4, weekday) || weekday == 0 && self.has(4, 7);
        is_weekday && self.has(2, day.day()) && self.has(3, day.month())
    }

    /// Returns the local times after a moment that match, in their order, of 40 years.
    pub fn after(&self, at: DateTime) -> impl Iterator<Item = DateTime> {
        let minutes = |day: Date| day.at(0, 0, 0, 0).series(1.minute()).take_while(move |minute| minute.date() == day);
        self.days(at.date()).flat_map(minutes).filter(move |minute| *minute > at && self.matches(*minute))
    }

    /// Tells whether any day matches.
    fn comes(&self) -> bool {
        self.days(Date::constant(2000, 1, 1)).next().is_some()
    }

    /// Returns the local days from `first` that match.
    fn days(&self, first: Date) -> impl Iterator<Item = Date> {
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
        days.take(DAYS).filter(|day| self.is_day(*day))
    }

    fn has(&self, field: usize, value: i8) -> bool {
        let bits = self.fields.get(field).copied().unwrap_or_default();
        u32::try_from(value).is_ok_and(|value| bits >> value & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn cron(text: &str) -> Cron {
        text.parse().unwrap()
    }

    #[test]
    fn times_match_if_all_fields_do() {
        let table = [
            ("30 2 * * *", date(2027, 3, 28).at(2, 30, 0, 0), true),
            ("30 2 * * *", date(2027, 3, 28).at(2, 31, 0, 0), false),
            ("*/20 1-3 * * *", date(2027, 3, 28).at(3, 40, 0, 0), true),
            ("*/20 1-3 * * *", date(2027, 3, 28).at(4, 40, 0, 0), false),
            ("5/10 2 * * *", date(2027, 3, 28).at(2, 55, 0, 0), true),
            ("5/10 2 * * *", date(2027, 3, 28).at(2, 0, 0, 0), false),
            ("0 2 13 * fri", date(2026, 11, 13).at(2, 0, 0, 0), true),
            ("0 2 13 * fri", date(2026, 11, 20).at(2, 0, 0, 0), false),
            ("0 2 * * 7", date(2026, 11, 29).at(2, 0, 0, 0), true),
            ("0 2 * * 0", date(2026, 11, 29).at(2, 0, 0, 0), true),
            ("0 2 * * 1/3", date(2026, 11, 29).at(2, 0, 0, 0), true),
            ("0 2 * Nov,sept MONDAY-Thurs", date(2026, 11, 26).at(2, 0, 0, 0), true),
            ("0 2 * Nov,sept MONDAY-Thurs", date(2026, 11, 27).at(2, 0, 0, 0), false),
        ];
        for (text, at, is_match) in table {
            assert_eq!(cron(text).matches(at), is_match, "{text} {at}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_by_its_field() {
        let table = [
            ("30 2 * *", "got 4"),
            ("@daily", "got 1"),
            ("0 30 2 * * *", "got 6"),
            ("60 2 * * *", "`60` as the minute: expected 0 to 59"),
            ("0 24 * * *", "`24` as the hour"),
            ("0 2 0 * *", "`0` as the day of the month: expected 1 to 31"),
            ("0 2 * 13 *", "the month"),
            ("0 2 * * fri-mon", "`fri-mon` as the day of the week: expected 0 to 7"),
            ("0 2 * * mo", "the day of the week"),
            ("*/0 2 * * *", "the minute"),
            ("5, 2 * * *", "the minute"),
            ("? 2 * * *", "the minute"),
            ("+5 2 * * *", "the minute"),
            ("0 2 L * *", "the day of the month"),
            ("0 2 * * 1#2", "the day of the week"),
            ("0 2 31 2 *", "no day matches"),
        ];
        for (text, message) in table {
            let error = text.parse::<Cron>().unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
        assert_eq!(cron("0 2 29 2 mon").to_string(), "0 2 29 2 mon");
        assert_eq!(cron(" 30  2 * * * ").to_string(), "30 2 * * *");
    }
}
