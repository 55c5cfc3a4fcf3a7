//! What is told.

use serde::Serialize;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The first stop is about to be sent.
    Start,
    /// The run has ended.
    End,
    /// A guard refused the run; nothing was sent.
    Refused,
    /// An error ended the run before it began.
    NotBegun,
    /// Nothing: somebody tries whether messages arrive.
    Test,
}

impl Event {
    /// Returns its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::End => "end",
            Self::Refused => "refused",
            Self::NotBegun => "not_begun",
            Self::Test => "test",
        }
    }
}
