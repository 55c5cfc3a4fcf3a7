//! The exit statuses of the program.

/// How the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ExitStatus {
    /// Every selected target is stopped, or was already.
    Done = 0,
    /// At least one target is not.
    NotDone = 1,
    /// A bad invocation, plan, configuration or credentials; no request was sent.
    BadInput = 2,
    /// A guard refused the run, the prompt was not answered with yes, or the failure threshold ended the run.
    Refused = 3,
    /// No target was selected.
    NothingSelected = 4,
    /// The journal, the report or standard output could not be written.
    NotWritten = 5,
    /// SIGHUP ended the run.
    Hangup = 129,
    /// SIGINT ended the run.
    Interrupt = 130,
    /// SIGTERM ended the run.
    Terminate = 143,
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
        self as u8
    }
}
