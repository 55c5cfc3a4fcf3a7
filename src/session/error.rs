//! Why a command could not do its work: an exit status, an error with its causes, and a hint.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use crate::base::ExitStatus;
use crate::base::escape::{Escaped, escaped_lines};
use crate::engine::RunError;
use crate::journal::{OpenError, PlanChanged};
use crate::notify::NotifyError;
use crate::plan::{NodeError, PlanErrors};
use crate::report::{MergeError, MetricsError, PlanMismatch, ReportReadError, WriteError};
#[cfg(feature = "simulator")]
use crate::simulator::RehearsalError;

/// An error that ends a command, with the exit status that it ends with.
#[derive(Debug)]
pub struct SessionError {
    status: ExitStatus,
    error: Box<dyn Error + Send + Sync>,
    hint: Cow<'static, str>,
}

impl SessionError {
    /// Creates an error. The hint says what to do about it; it may be empty.
    pub fn new(
        status: ExitStatus,
        error: impl Into<Box<dyn Error + Send + Sync>>,
        hint: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, error: error.into(), hint: hint.into() }
    }

    /// Creates the error of a bad invocation, plan, configuration or file.
    pub fn input(error: impl Into<Box<dyn Error + Send + Sync>>, hint: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ExitStatus::BadInput, error, hint)
    }

    /// Returns the same error with another exit status.
    #[must_use]
    pub fn ending_with(self, status: ExitStatus) -> Self {
        Self { status, ..self }
    }

    /// Returns the exit status that the command ends with.
    #[must_use]
    pub const fn status(&self) -> ExitStatus {
        self.status
    }

    /// Returns the error itself, such as [`PlanErrors`], to be downcast.
    #[must_use]
    pub fn get_ref(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.error
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }

    /// Returns the error and its hint as plain text, safe to show.
    #[must_use]
    pub fn text(&self) -> String {
        let message = self.error.to_string();
        if self.error.is::<PlanErrors>() {
            return message.trim_end().to_owned();
        }
        let lines: Vec<_> = message.lines().map(|line| format!("error: {}", Escaped(line))).collect();
        let mut text = lines.join("\n");
        if !self.hint.is_empty() {
            text.push_str(&format!("\n  hint: {}", escaped_lines(&self.hint)));
        }
        text
    }

    fn refused(error: RunError) -> Self {
        let hint = error.hint();
        Self::new(ExitStatus::Refused, error, hint)
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Error for SessionError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

/// Somebody said no to a run.
#[derive(Debug, thiserror::Error)]
#[error("not confirmed")]
pub(super) struct NotConfirmed;

/// Errors of what was given that have a hint of their own.
macro_rules! input_errors {
    ($($error:ty),+) => {$(
        impl From<$error> for SessionError {
            fn from(error: $error) -> Self {
                let hint = error.hint();
                Self::input(error, hint)
            }
        }
    )+};
}

input_errors!(MergeError, NodeError, PlanChanged, PlanMismatch, ReportReadError);

impl From<NotifyError> for SessionError {
    fn from(error: NotifyError) -> Self {
        let hint = error.hint().to_owned();
        Self::input(error, hint)
    }
}
#[cfg(feature = "simulator")]
input_errors!(RehearsalError);

impl From<PlanErrors> for SessionError {
    fn from(errors: PlanErrors) -> Self {
        Self::input(errors, "")
    }
}

impl From<WriteError> for SessionError {
    fn from(error: WriteError) -> Self {
        let hint = error.hint();
        Self::new(ExitStatus::NotWritten, error, hint)
    }
}

impl From<MetricsError> for SessionError {
    fn from(error: MetricsError) -> Self {
        let hint = error.hint();
        match error {
            MetricsError::Write(error) => error.into(),
            error @ (MetricsError::Foreign(_) | MetricsError::Live(_)) => Self::input(error, hint),
        }
    }
}

impl From<RunError> for SessionError {
    fn from(error: RunError) -> Self {
        let error = match error {
            RunError::Journal(cause) => match cause.downcast::<OpenError>() {
                Ok(error) => return (*error).into(),
                Err(cause) => RunError::Journal(cause),
            },
            error @ RunError::Denied(_) => return Self::refused(error),
            RunError::Unidentified(depends) if matches!(*depends, RunError::Denied(_)) => {
                return Self::refused(RunError::Unidentified(depends));
            }
            error @ (RunError::Credentials(_)
            | RunError::Pinned(_)
            | RunError::Unidentified(_)
            | RunError::Projects(_)
            | RunError::SamePlace { .. }
            | RunError::Transport(_)
            | RunError::Unlisted
            | RunError::NoSuchTarget { .. }) => error,
        };
        let hint = error.hint();
        Self::input(error, hint)
    }
}

impl From<OpenError> for SessionError {
    fn from(error: OpenError) -> Self {
        let status = match error {
            OpenError::Io { .. } | OpenError::Unlockable { .. } => ExitStatus::NotWritten,
            OpenError::Locked(_) | OpenError::Occupied(_) | OpenError::Read(_) | OpenError::Complete(_) => {
                ExitStatus::BadInput
            }
        };
        let hint = error.hint();
        Self::new(status, error, hint)
    }
}
