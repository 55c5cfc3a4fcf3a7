//! What ends a command before it could do its work: a message, a hint and an exit status.

use std::fmt;
use std::io;

use allstop::engine::RunError;
use allstop::journal::OpenError;
use allstop::plan::PlanErrors;
use allstop::report::{Escaped, WriteError, escaped_lines};

use super::say;

/// The exit status of a bad invocation, plan, configuration or credentials.
const BAD_INPUT: u8 = 2;

/// The exit status of a run that a guard refused, or to which the answer was no.
const REFUSED: u8 = 3;

/// The exit status of an empty selection.
pub(super) const NOTHING: u8 = 4;

/// The exit status of a report or journal that cannot be written.
pub(super) const UNWRITTEN: u8 = 5;

/// A command that cannot do its work.
pub(super) struct Failure {
    code: u8,
    /// Whole, with `error:`, without colours.
    text: String,
    /// The same as it is shown, where that differs.
    shown: Option<String>,
    /// Whether programs know of it already.
    is_told: bool,
}

impl Failure {
    /// A bad plan, and how it is shown.
    pub(super) fn plan(errors: &PlanErrors, shown: String) -> Self {
        Self { code: BAD_INPUT, text: errors.to_string(), shown: Some(shown), is_told: false }
    }

    /// Bad input of another sort.
    pub(super) fn input(message: impl fmt::Display, hint: &str) -> Self {
        Self::new(BAD_INPUT, &message, hint)
    }

    /// A run that a guard, or who was asked, does not want.
    pub(super) fn refused(message: impl fmt::Display, hint: &str) -> Self {
        Self::new(REFUSED, &message, hint)
    }

    /// A selection without a target.
    pub(super) fn nothing(message: impl fmt::Display, hint: &str) -> Self {
        Self::new(NOTHING, &message, hint)
    }

    /// Standard output that cannot be written.
    pub(super) fn unwritten(error: &io::Error) -> Self {
        let message = format!("standard output cannot be written: {error}");
        Self { is_told: true, ..Self::new(UNWRITTEN, &message, "free space, or write elsewhere") }
    }

    fn new(code: u8, message: &impl fmt::Display, hint: &str) -> Self {
        Self { code, text: with_hint(message, hint), shown: None, is_told: false }
    }

    /// Notes that programs have been told.
    pub(super) fn told(self) -> Self {
        Self { is_told: true, ..self }
    }

    /// Tells whether programs have been told.
    pub(super) const fn is_told(&self) -> bool {
        self.is_told
    }

    /// Returns the exit status.
    pub(super) const fn code(&self) -> u8 {
        self.code
    }

    /// Returns what is wrong, without colours.
    pub(super) fn text(&self) -> &str {
        self.text.trim_end()
    }

    /// Shows the failure on standard error and returns the exit status.
    pub(super) fn show(&self) -> u8 {
        let folded = || say::fitted(self.text());
        say::error(self.shown.clone().unwrap_or_else(folded).trim_end(), self.code);
        self.code
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::new(UNWRITTEN, &error, error.hint())
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        let error = match error {
            RunError::Journal(cause) => match cause.downcast::<OpenError>() {
                Ok(error) => return (*error).into(),
                Err(cause) => RunError::Journal(cause),
            },
            error @ (RunError::Credentials(_)
            | RunError::Projects(_)
            | RunError::Transport(_)
            | RunError::NoSuchTarget { .. }) => error,
        };
        Self::new(BAD_INPUT, &error, error.hint())
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let code = match error {
            OpenError::Io { .. } | OpenError::Unlockable { .. } => UNWRITTEN,
            OpenError::Locked(_) | OpenError::Occupied(_) | OpenError::Read(_) | OpenError::Complete(_) => BAD_INPUT,
        };
        Self::new(code, &error, error.hint())
    }
}

fn with_hint(message: &impl fmt::Display, hint: &str) -> String {
    let message = message.to_string();
    let lines: Vec<_> = message.lines().map(|line| format!("error: {}", Escaped(line))).collect();
    let mut text = lines.join("\n");
    if !hint.is_empty() {
        text.push_str("\n  hint: ");
        text.push_str(&escaped_lines(hint));
    }
    text
}
