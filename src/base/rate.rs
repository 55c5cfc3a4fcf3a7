//! Rates as people write them (`50/s`, `80/min`, `200/h`) and as quotas use them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A number of events per second, minute or hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    /// How many events; at least 1.
    pub events: u32,
    /// The unit of time they are counted over.
    pub per: Unit,
}

/// The unit of time of a [`Rate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `/s`
    Second,
    /// `/min`
    Minute,
    /// `/h`
    Hour,
}

impl Unit {
    /// Returns the unit's length in seconds.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3600,
        }
    }
}

impl Rate {
    /// Builds a rate of `events` a second.
    #[must_use]
    pub const fn per_second(events: u32) -> Self {
        Self { events, per: Unit::Second }
    }

    /// Builds a rate of `events` a minute.
    #[must_use]
    pub const fn per_minute(events: u32) -> Self {
        Self { events, per: Unit::Minute }
    }

    /// Returns one of `parts` equal parts of the rate, rounded down to whole events an hour, of which one is left.
    #[must_use]
    pub fn part(self, parts: u32) -> Self {
        let parts = u64::from(parts.max(1));
        let longer =
            [self.per, Unit::Minute, Unit::Hour].into_iter().filter(|unit| unit.seconds() >= self.per.seconds());
        let candidates = longer.filter_map(|per| {
            let events = u64::from(self.events) * u64::from(per.seconds() / self.per.seconds());
            let part = Self { events: u32::try_from(events / parts).ok()?.max(1), per };
            Some((part, events % parts == 0))
        });
        let candidates: Vec<_> = candidates.collect();
        let exact = candidates.iter().find(|(_, is_exact)| *is_exact);
        exact.or(candidates.last()).map_or(self, |(part, _)| *part)
    }

    /// Returns the rate as events a second.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        f64::from(self.events) / f64::from(self.per.seconds())
    }

    /// Returns the time between two events at this rate.
    #[must_use]
    pub fn interval(self) -> Duration {
        Duration::from_secs(u64::from(self.per.seconds())) / self.events.max(1)
    }

    /// Returns the burst of a lane whose burst nobody stated: a tenth of a second's worth, at least one.
    #[must_use]
    pub const fn default_burst(self) -> u32 {
        let tenth = self.events / self.per.seconds() / 10;
        if tenth == 0 { 1 } else { tenth }
    }
}

/// Rounds to three decimals, which is all that is told of rates and seconds.
#[doc(hidden)]
#[must_use]
pub fn thousandths(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.per {
            Unit::Second => "s",
            Unit::Minute => "min",
            Unit::Hour => "h",
        };
        write!(f, "{}/{unit}", self.events)
    }
}

/// The text is not a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a rate: write a whole number per second, minute or hour, such as `50/s`, `80/min` or `200/h`")]
pub struct RateError;

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (events, unit) = text.split_once('/').ok_or(RateError)?;
        let events: u32 = events.trim().parse().map_err(|_| RateError)?;
        let per = match unit.trim() {
            "s" => Unit::Second,
            "min" => Unit::Minute,
            "h" => Unit::Hour,
            _ => return Err(RateError),
        };
        if events == 0 { Err(RateError) } else { Ok(Self { events, per }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for text in ["50/s", "80/min", "7/h"] {
            assert_eq!(text.parse::<Rate>().map(|r| r.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn parts_are_whole_numbers_of_the_shortest_unit_that_will_do() {
        for (text, parts, expected) in [
            ("2/s", 1, "2/s"),
            ("100/s", 4, "25/s"),
            ("2/s", 4, "30/min"),
            ("80/min", 4, "20/min"),
            ("80/min", 7, "685/h"),
            ("2/s", 7, "1028/h"),
            ("7/h", 2, "3/h"),
            ("1/h", 4, "1/h"),
            ("4000000001/s", 2, "2000000000/s"),
            ("5/s", 0, "5/s"),
        ] {
            assert_eq!(text.parse::<Rate>().unwrap().part(parts).to_string(), expected, "{text} in {parts}");
        }
    }

    #[test]
    fn refuses_what_is_no_rate() {
        for text in ["", "50", "0/s", "-1/s", "5/day", "5/", "/s", "1.5/s", "99999999999/s"] {
            assert_eq!(text.parse::<Rate>(), Err(RateError), "{text}");
        }
    }
}
