//! What can go wrong, and how much of it does.

use std::fmt;
use std::str::FromStr;

/// How much goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Faults {
    /// Nothing.
    #[default]
    None,
    /// About one stop request in ten and three reads in a hundred; one resource in twenty does not run at the start. One in
    /// ten calls for credentials fails, and one in ten issued keys ends early.
    Some,
    /// About nine stop requests in twenty and three reads in twenty; three resources in twenty do not run at the start,
    /// and one in twenty-five refuses every read. Issued keys live for seconds, about one in four calls for them fails, and
    /// about one in four ends early.
    Storm,
}

impl Faults {
    /// Returns the name used on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Some => "some",
            Self::Storm => "storm",
        }
    }

    /// Returns how much of what goes wrong.
    pub(super) const fn measure(self) -> Measure {
        match self {
            Self::None => Measure {
                stops: 0.0,
                reads: 0.0,
                in_a_row: 0,
                standing: 0.0,
                unreadable: 0.0,
                lists: 0.0,
                keys: KeyMeasure { share: 0.0, lifetime: None },
            },
            Self::Some => Measure {
                stops: 0.10,
                reads: 0.03,
                in_a_row: 5,
                standing: 0.05,
                unreadable: 0.0,
                lists: 0.1,
                keys: KeyMeasure { share: 0.1, lifetime: None },
            },
            Self::Storm => Measure {
                stops: 0.45,
                reads: 0.15,
                in_a_row: 6,
                standing: 0.15,
                unreadable: 0.04,
                lists: 0.35,
                keys: KeyMeasure { share: 0.3, lifetime: Some((4, 10)) },
            },
        }
    }
}

/// How much of what goes wrong; shares are from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Measure {
    /// The share of the stop requests that go wrong.
    pub(super) stops: f64,
    /// The share of the reads that go wrong.
    pub(super) reads: f64,
    /// How many requests of one purpose may go wrong in a row for one resource.
    pub(super) in_a_row: u8,
    /// The share of a plan's resources that do not run at the start.
    pub(super) standing: f64,
    /// The share of the resources that refuse every read.
    pub(super) unreadable: f64,
    /// The share of the pages that tell something wrong, up to what one listing may.
    pub(super) lists: f64,
    /// What happens to credentials.
    pub(super) keys: KeyMeasure,
}

/// How much goes wrong with credentials that are issued.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct KeyMeasure {
    /// The share of the calls for them that fail, and the share of them that ends early.
    pub(super) share: f64,
    /// The shortest and the longest that they live, in seconds; `None` for what the services say.
    pub(super) lifetime: Option<(u64, u64)>,
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no degree of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of none, some, storm")]
pub struct FaultsError;

impl FromStr for Faults {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        [Self::None, Self::Some, Self::Storm].into_iter().find(|faults| faults.name() == text).ok_or(FaultsError)
    }
}

/// What goes wrong with one request. `applied` tells whether a stop takes effect all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InjectedFault {
    /// The response is that a quota is exceeded; `hint` tells whether it states how long to wait.
    Throttled { hint: bool },
    /// The response is that another change is in progress.
    Conflict,
    /// The service fails.
    Server { applied: bool },
    /// A gateway returns 502 with an HTML page.
    Gateway { applied: bool },
    /// The connection is reset.
    Reset { applied: bool },
    /// Half a response comes.
    Cut { applied: bool },
    /// A 200 comes with bytes that are no JSON.
    Garbage { applied: bool },
    /// A 200 comes without a body.
    Empty { applied: bool },
    /// No response comes.
    Hang { applied: bool },
    /// The service states with a 200 that it did nothing.
    Declined,
    /// The service refuses the read.
    Denied,
    /// It succeeds, but slowly.
    Slow,
}

impl InjectedFault {
    /// Returns the name used in ledgers.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Throttled { .. } => "throttled",
            Self::Conflict => "conflict",
            Self::Server { .. } => "server",
            Self::Gateway { .. } => "gateway",
            Self::Reset { .. } => "reset",
            Self::Cut { .. } => "cut",
            Self::Garbage { .. } => "garbage",
            Self::Empty { .. } => "empty",
            Self::Hang { .. } => "hang",
            Self::Declined => "declined",
            Self::Denied => "denied",
            Self::Slow => "slow",
        }
    }

    /// Returns whether a stop takes effect although its response does not arrive or is unusable.
    pub(super) const fn is_applied(self) -> bool {
        match self {
            Self::Server { applied }
            | Self::Gateway { applied }
            | Self::Reset { applied }
            | Self::Cut { applied }
            | Self::Garbage { applied }
            | Self::Empty { applied }
            | Self::Hang { applied } => applied,
            Self::Throttled { .. } | Self::Conflict | Self::Declined | Self::Denied | Self::Slow => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_degrees_are_read_as_they_are_written() {
        for faults in [Faults::None, Faults::Some, Faults::Storm] {
            assert_eq!(faults.to_string().parse(), Ok(faults));
        }
        assert_eq!("hurricane".parse::<Faults>(), Err(FaultsError));
    }
}
