//! A notification that cannot be sent because of how it is set up.

use std::fmt;

/// Why a notification of a plan cannot be sent: its address or a secret is missing or wrong. Neither is shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct NotifyError {
    pub(super) place: Place,
    pub(super) message: String,
    pub(super) hint: String,
}

/// Which notification, and where the plan has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) name: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: notification `{}`", self.file, self.line, self.name)
    }
}

impl NotifyError {
    /// Returns what is wrong, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }
}
