//! Durations, percentages and times of day as plans and command lines write them.

use std::str::FromStr;
use std::time::Duration;

use jiff::civil::Time;
use jiff::{SpanRelativeTo, Unit};

use super::guards::MaxFailures;

/// A text that is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DurationError {
    /// It is a number alone.
    #[error("the unit is missing")]
    NoUnit,
    /// It is zero or negative.
    #[error("it must be greater than zero")]
    NotPositive,
    /// It is negative, where zero would do.
    #[error("it must not be negative")]
    Negative,
    /// It is longer than a year.
    #[error("it exceeds one year")]
    TooLong,
    /// It is something else.
    #[error("invalid format")]
    Unreadable,
}

impl DurationError {
    /// Returns what to write instead of `text`.
    #[must_use]
    pub fn hint(self, text: &str) -> String {
        match self {
            Self::NoUnit => format!("add a unit: `{0}ms`, `{0}s`, `{0}m`, `{0}h` or `{0}d`", text.trim()),
            Self::NotPositive | Self::Negative | Self::TooLong | Self::Unreadable => {
                "write durations as in `200ms`, `30s`, `10m`, `2h`, `1h30m` or `1d`".into()
            }
        }
    }
}

/// Reads a duration such as `200ms`, `30s`, `10m`, `2h`, `1h30m` or `1d`; a day has 24 hours.
///
/// # Errors
///
/// Fails on a bare number, on zero, negative or longer than a year, and on anything else.
pub fn duration(text: &str) -> Result<Duration, DurationError> {
    match wait(text) {
        Ok(Duration::ZERO) | Err(DurationError::Negative) => Err(DurationError::NotPositive),
        other => other,
    }
}

/// Reads a duration as [`duration`] does, or `0s`.
pub(super) fn wait(text: &str) -> Result<Duration, DurationError> {
    const YEAR: Duration = Duration::from_secs(366 * 24 * 3600);
    if text.trim().parse::<f64>().is_ok() {
        return Err(DurationError::NoUnit);
    }
    let span = jiff::fmt::friendly::SpanParser::new().parse_span(text).map_err(|_| DurationError::Unreadable)?;
    if span.get_years() != 0 || span.get_months() != 0 {
        return Err(DurationError::Unreadable);
    }
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| DurationError::TooLong)?;
    let duration = Duration::try_from(duration).map_err(|_| DurationError::Negative)?;
    if duration > YEAR { Err(DurationError::TooLong) } else { Ok(duration) }
}

/// Writes a duration as [`duration`] reads it.
#[must_use]
pub(crate) fn show(duration: Duration) -> String {
    let span = jiff::SignedDuration::try_from(duration).unwrap_or(jiff::SignedDuration::MAX);
    let rounded = jiff::Span::try_from(span).and_then(|span| {
        span.round(jiff::SpanRound::new().largest(Unit::Day).smallest(Unit::Millisecond).days_are_24_hours())
    });
    rounded.map_or_else(|_| format!("{duration:?}"), |span| format!("{span:#}").replace(' ', ""))
}

/// A text that is neither a count nor a percentage of failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a count from 1 nor a percentage above 0% and up to 100%, with at most two decimals")]
pub struct MaxFailuresError;

impl FromStr for MaxFailures {
    type Err = MaxFailuresError;

    /// Reads `3`, `10%` or `2.5%`.
    fn from_str(text: &str) -> Result<Self, MaxFailuresError> {
        let Some(percent) = text.strip_suffix('%') else {
            let count: u64 = text.parse().map_err(|_| MaxFailuresError)?;
            return if count == 0 { Err(MaxFailuresError) } else { Ok(Self::Count(count)) };
        };
        let (whole, decimals) = percent.split_once('.').unwrap_or((percent, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || decimals.len() > 2 {
            return Err(MaxFailuresError);
        }
        let hundredths: u32 = format!("{whole}{decimals:0<2}").parse().map_err(|_| MaxFailuresError)?;
        if (1..=10_000).contains(&hundredths) { Ok(Self::Percent(hundredths)) } else { Err(MaxFailuresError) }
    }
}

/// Reads a time of day such as `20:00`.
pub(super) fn time_of_day(text: &str) -> Option<Time> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| {
        (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
    };
    Time::new(number(hours)?, number(minutes)?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_durations() {
        let table = [
            ("200ms", Duration::from_millis(200)),
            ("30s", Duration::from_secs(30)),
            ("10m", Duration::from_secs(600)),
            ("2h", Duration::from_secs(7200)),
            ("1h30m", Duration::from_secs(5400)),
            ("1d", Duration::from_secs(86_400)),
        ];
        for (text, expected) in table {
            assert_eq!(duration(text), Ok(expected), "{text}");
            assert_eq!(duration(&show(expected)), Ok(expected), "{}", show(expected));
        }
    }

    #[test]
    fn refuses_what_is_no_duration() {
        let table = [
            ("30", DurationError::NoUnit),
            ("1.5", DurationError::NoUnit),
            ("0s", DurationError::NotPositive),
            ("-5s", DurationError::NotPositive),
            ("1mo", DurationError::Unreadable),
            ("10 minuets", DurationError::Unreadable),
            ("", DurationError::Unreadable),
            ("400d", DurationError::TooLong),
            ("99999999999999h", DurationError::Unreadable),
        ];
        for (text, expected) in table {
            assert_eq!(duration(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_wait_may_be_none() {
        assert_eq!(wait("0s"), Ok(Duration::ZERO));
        assert_eq!(wait("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(wait("-5s"), Err(DurationError::Negative));
        assert_eq!(wait("0"), Err(DurationError::NoUnit));
        assert_eq!(wait(&show(Duration::ZERO)), Ok(Duration::ZERO));
    }

    #[test]
    fn reads_failure_thresholds() {
        let table = [
            ("3", Some(MaxFailures::Count(3))),
            ("10%", Some(MaxFailures::Percent(1000))),
            ("2.5%", Some(MaxFailures::Percent(250))),
            ("0.01%", Some(MaxFailures::Percent(1))),
            ("100%", Some(MaxFailures::Percent(10_000))),
            ("0", None),
            ("0%", None),
            ("100.01%", None),
            ("1.234%", None),
            ("-1", None),
            ("%", None),
            (".5%", None),
            ("ten", None),
        ];
        for (text, expected) in table {
            assert_eq!(text.parse().ok(), expected, "{text}");
        }
    }

    #[test]
    fn reads_times_of_day() {
        assert_eq!(time_of_day("20:00"), Some(jiff::civil::time(20, 0, 0, 0)));
        for text in ["24:00", "8:00", "08:60", "0800", "08:00:00", "+8:00"] {
            assert_eq!(time_of_day(text), None, "{text}");
        }
    }
}
