//! What a response means: a *verdict* on a stop request, a *state* that a read-back saw.

use super::resource::Phase;
use crate::error::{ApiError, ErrorClass};

/// What the response to one stop request means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The meaning.
    pub meaning: Meaning,
    /// The service's own word for the state, if the response has one.
    pub state: Option<Box<str>>,
    /// The error that the response carries, and the id of the request; its class is that of the meaning.
    pub error: ApiError,
}

impl Verdict {
    /// Builds a verdict, and gives the error the class of the meaning: what proves a stop is no error, and a service
    /// classifies its own codes.
    pub(super) fn new(meaning: Meaning, error: ApiError) -> Self {
        let class = match meaning {
            Meaning::Stopped | Meaning::AlreadyStopped | Meaning::Ended | Meaning::Accepted => None,
            Meaning::NotFound => Some(ErrorClass::NotFound),
            Meaning::Failed(class) | Meaning::Doubtful(class) | Meaning::Lost(class) => Some(class),
        };
        Self { meaning, state: None, error: ApiError { class, ..error } }
    }

    /// Builds the verdict of a response that does not tell whether the stop took effect; `what` tells people why.
    pub(super) fn lost(class: ErrorClass, what: &str, error: ApiError) -> Self {
        Self::new(Meaning::Lost(class), ApiError { message: Some(what.into()), ..error })
    }

    /// Adds the service's own word for the state.
    pub(super) fn with_state(self, word: Box<str>) -> Self {
        Self { state: Some(word), ..self }
    }
}

/// The meaning of one response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The response proves that the stop took effect.
    Stopped,
    /// The response proves that it had stopped, by this run's stop or not.
    AlreadyStopped,
    /// The response proves that it ended, and not by a stop.
    Ended,
    /// The service accepted the stop; its end is not proven.
    Accepted,
    /// The service does not know the resource.
    NotFound,
    /// The stop was refused; the class tells whether to retry.
    Failed(ErrorClass),
    /// The response is inconclusive: the state decides. If it still runs, this is a failure of that class.
    Doubtful(ErrorClass),
    /// The response does not tell whether the stop took effect, as if it had been lost: the state decides. If it still
    /// runs, this is a failure of that class.
    Lost(ErrorClass),
}

impl Meaning {
    /// Returns whether the response settles the target: a state that was read before it does not count any more.
    #[must_use]
    pub const fn is_proof(self) -> bool {
        match self {
            Self::Stopped | Self::AlreadyStopped | Self::Ended | Self::NotFound => true,
            Self::Accepted | Self::Failed(_) | Self::Doubtful(_) | Self::Lost(_) => false,
        }
    }
}

/// What one read-back saw of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It runs.
    Running(Box<str>),
    /// It is on its way to a stop, whoever asked for it.
    Stopping(Box<str>),
    /// It has stopped, as a stop leaves it.
    Stopped(Box<str>),
    /// It ended, and not by a stop.
    Ended(Box<str>),
    /// It runs, or it is as a stop leaves it: the service has one word for both.
    Either(Box<str>),
    /// The service uses a word that no documentation explains.
    Unclear(Box<str>),
    /// It does not exist.
    Absent,
}

impl State {
    /// Returns what it means in a listing: what may run counts as running, so that it can be stopped.
    pub(super) const fn phase(&self) -> Phase {
        match self {
            Self::Running(_) | Self::Either(_) => Phase::Running,
            Self::Stopping(_) => Phase::Stopping,
            Self::Stopped(_) | Self::Ended(_) | Self::Absent => Phase::Ended,
            Self::Unclear(_) => Phase::Unclear,
        }
    }
}

/// A state, or the error that the read met instead.
pub(crate) type Observation = Result<State, ApiError>;
