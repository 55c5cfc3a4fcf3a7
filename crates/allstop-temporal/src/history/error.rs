//! Why a run cannot be read from the engine.

use allstop::session::SessionError;

use crate::plans::FetchError;

/// Why a run cannot be read from the engine.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The engine cannot be asked, does not know it, or has something else.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// This version of the program reads the plan otherwise.
    #[error("this program reads the plan of the run otherwise than the one that submitted it: {0}")]
    Plan(SessionError),
    /// It has other lanes than this version of the program makes of the plan.
    #[error("this program reads the plan of the run otherwise than the one that submitted it: it has other lanes")]
    OtherLanes,
}

impl HistoryError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Fetch(error) => error.hint(),
            Self::Plan(_) | Self::OtherLanes => "use the version of allstop-temporal that submitted the run",
        }
    }
}

impl From<HistoryError> for SessionError {
    fn from(error: HistoryError) -> Self {
        let hint = error.hint();
        Self::input(error, hint)
    }
}
