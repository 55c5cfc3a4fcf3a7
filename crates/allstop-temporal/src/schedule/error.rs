//! Why a schedule cannot be made, read or changed.

use allstop::session::SessionError;
use temporalio_client::schedules::ScheduleError as EngineError;
use temporalio_client::tonic::{Code, Status};

use crate::plans::FetchError;
use crate::submit::StartError;

/// Why a schedule cannot be made, read or changed.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// The engine does not know it.
    #[error("there is no schedule `{0}`")]
    NoSuch(String),
    /// There is one of that name.
    #[error("there is a schedule `{0}` already")]
    Taken(String),
    /// It starts something else.
    #[error("the schedule `{0}` does not start runs of allstop")]
    Foreign(String),
    /// Somebody else has set its times, in a way that this program cannot change in part.
    #[error("the times of the schedule `{0}` were not set by allstop-temporal")]
    OtherTimes(String),
    /// Somebody else has changed it meanwhile.
    #[error("the schedule `{0}` was changed by somebody else meanwhile")]
    Changed(String),
    /// Its run cannot be prepared.
    #[error(transparent)]
    Plan(#[from] StartError),
    /// What it starts cannot be read.
    #[error(transparent)]
    Read(#[from] FetchError),
    /// The engine refused, or could not be reached.
    #[error("the Temporal server refused: {0}")]
    Engine(String),
}

impl ScheduleError {
    /// Makes sense of a response about the schedule of this name.
    pub(super) fn of_status(name: &str, status: &Status) -> Self {
        match status.code() {
            Code::NotFound => Self::NoSuch(name.to_owned()),
            Code::AlreadyExists => Self::Taken(name.to_owned()),
            Code::FailedPrecondition => Self::Changed(name.to_owned()),
            _ => Self::Engine(status.message().to_owned()),
        }
    }

    /// Makes sense of an error of the SDK about the schedule of this name.
    pub(super) fn of(name: &str, error: &EngineError) -> Self {
        match error {
            EngineError::Rpc(status) => Self::of_status(name, status),
            other => Self::Engine(other.to_string()),
        }
    }

    /// Tells whether it says something of the one schedule alone: others may be read.
    pub(super) const fn is_of_one(&self) -> bool {
        match self {
            Self::NoSuch(_) | Self::Foreign(_) | Self::OtherTimes(_) | Self::Changed(_) | Self::Taken(_) => true,
            Self::Read(error) => !matches!(error, FetchError::Engine { .. }),
            Self::Plan(_) | Self::Engine(_) => false,
        }
    }

    pub(super) fn hint(&self) -> &'static str {
        match self {
            Self::NoSuch(_) => "`allstop-temporal schedule list` shows those of the namespace",
            Self::Taken(_) => "choose another name, or use `allstop-temporal schedule update`; nothing was made",
            Self::Foreign(_) => "use `temporal schedule` for it, or choose another name; nothing was changed",
            Self::OtherTimes(_) => "give both --cron and --timezone; nothing was changed",
            Self::Changed(_) => "look at it with `allstop-temporal schedule describe`, and try again",
            Self::Read(error) => error.hint(),
            Self::Plan(_) | Self::Engine(_) => "nothing was changed",
        }
    }
}

impl From<ScheduleError> for SessionError {
    fn from(error: ScheduleError) -> Self {
        let hint = error.hint();
        match error {
            ScheduleError::Plan(error) => error.into(),
            error => Self::input(error, hint),
        }
    }
}
