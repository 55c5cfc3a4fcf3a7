//! What can go wrong, and how much of it does.

use std::fmt;
use std::str::FromStr;

/// How much goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Faults {
    /// Nothing.
    #[default]
    None,
    /// About one stop request in ten and three reads in a hundred.
    Some,
    /// About nine stop requests in twenty and three reads in twenty.
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

    /// Returns the shares of stops and of reads that go wrong, and how many may in a row for one resource.
    pub(super) const fn measure(self) -> (f64, f64, u8) {
        match self {
            Self::None => (0.0, 0.0, 0),
            Self::Some => (0.10, 0.03, 5),
            Self::Storm => (0.45, 0.15, 6),
        }
    }
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
pub(super) enum Fault {
    /// A quota is said to be exceeded; `hint` tells whether the answer says how long to wait.
    Throttled { hint: bool },
    /// Another change is said to be under way.
    Conflict,
    /// The service fails.
    Server { applied: bool },
    /// A gateway answers 502 with an HTML page.
    Gateway { applied: bool },
    /// The connection is reset.
    Reset { applied: bool },
    /// Half an answer comes.
    Cut { applied: bool },
    /// A 200 comes with bytes that are no JSON.
    Garbage { applied: bool },
    /// A 200 comes without a body.
    Empty { applied: bool },
    /// No answer comes at all.
    Hang { applied: bool },
    /// The service says that it did not do it, with a 200.
    Declined,
    /// All goes well, but slowly.
    Slow,
}

impl Fault {
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
            Self::Slow => "slow",
        }
    }

    /// Tells whether a stop takes effect although its answer does not arrive or says nothing.
    pub(super) const fn is_applied(self) -> bool {
        match self {
            Self::Server { applied }
            | Self::Gateway { applied }
            | Self::Reset { applied }
            | Self::Cut { applied }
            | Self::Garbage { applied }
            | Self::Empty { applied }
            | Self::Hang { applied } => applied,
            Self::Throttled { .. } | Self::Conflict | Self::Declined | Self::Slow => false,
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
