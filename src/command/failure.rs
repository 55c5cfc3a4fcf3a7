//! What ends a command before it could do its work: a message, a hint and an exit status.

use std::fmt;
use std::io;

use allstop::journal::OpenError;
use allstop::report::{Harmless, WriteError};
use allstop::run::RunError;

use super::say;

/// The exit status of a bad invocation, plan, configuration or credentials.
const BAD_INPUT: u8 = 2;

/// The exit status of an empty selection.
const NOTHING: u8 = 4;

/// The exit status of a report or journal that cannot be written.
const UNWRITTEN: u8 = 5;

/// A command that cannot do its work.
pub(super) struct Failure {
    code: u8,
    /// Whole, with `error:` and colours where it has any.
    text: String,
}

impl Failure {
    /// A bad plan, rendered.
    pub(super) const fn plan(rendered: String) -> Self {
        Self { code: BAD_INPUT, text: rendered }
    }

    /// Bad input of another sort.
    pub(super) fn input(message: impl fmt::Display, hint: &str) -> Self {
        Self { code: BAD_INPUT, text: with_hint(&message, hint) }
    }

    /// A selection without a target.
    pub(super) fn nothing(message: impl fmt::Display, hint: &str) -> Self {
        Self { code: NOTHING, text: with_hint(&message, hint) }
    }

    /// Standard output that cannot be written.
    pub(super) fn unwritten(error: &io::Error) -> Self {
        let message = format!("standard output cannot be written: {error}");
        Self { code: UNWRITTEN, text: with_hint(&message, "free space, or write elsewhere") }
    }

    /// Shows the failure on standard error and returns the exit status.
    pub(super) fn show(&self) -> u8 {
        say::error(self.text.trim_end(), self.code);
        self.code
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self { code: UNWRITTEN, text: with_hint(&error, error.hint()) }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Self { code: BAD_INPUT, text: with_hint(&error, error.hint()) }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let code = match error {
            OpenError::Io { .. } => UNWRITTEN,
            OpenError::Locked(_) | OpenError::Occupied(_) | OpenError::Read(_) | OpenError::Complete(_) => BAD_INPUT,
        };
        Self { code, text: with_hint(&error, error.hint()) }
    }
}

fn with_hint(message: &impl fmt::Display, hint: &str) -> String {
    let message = message.to_string();
    let lines: Vec<_> = message.lines().map(|line| format!("error: {}", Harmless(line))).collect();
    let mut text = lines.join("\n");
    if !hint.is_empty() {
        text.push_str("\n  hint: ");
        text.push_str(hint);
    }
    text
}
