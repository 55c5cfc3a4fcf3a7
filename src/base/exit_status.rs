//! The exit statuses of the program.

/// How the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExitStatus {
    /// Every selected target is stopped, or was already.
    Done,
    /// At least one target is not.
    NotDone,
    /// A bad invocation, plan, configuration or credentials; no request was sent.
    BadInput,
    /// A guard refused the run, the prompt was not answered with yes, or the failure threshold ended the run.
    Refused,
    /// No target was selected.
    NothingSelected,
    /// The journal, the report or standard output could not be written.
    NotWritten,
    /// SIGHUP ended the run.
    Hangup,
    /// SIGINT ended the run.
    Interrupt,
    /// SIGTERM ended the run.
    Terminate,
}

impl ExitStatus {
    /// Every exit status, in the order of the numbers.
    pub const ALL: [Self; 9] = [
        Self::Done,
        Self::NotDone,
        Self::BadInput,
        Self::Refused,
        Self::NothingSelected,
        Self::NotWritten,
        Self::Hangup,
        Self::Interrupt,
        Self::Terminate,
    ];

    /// Returns the number that the process ends with.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NotDone => 1,
            Self::BadInput => 2,
            Self::Refused => 3,
            Self::NothingSelected => 4,
            Self::NotWritten => 5,
            Self::Hangup => 129,
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}
