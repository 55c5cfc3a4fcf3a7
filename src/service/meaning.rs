//! The words for what a service said: a *verdict* on a stop request, a *state* that a read-back saw.

use crate::error::{ApiError, ErrorClass};

/// What the answer to one stop request means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The meaning.
    pub meaning: Meaning,
    /// The service's own word for the state, where the answer has one.
    pub state: Option<Box<str>>,
    /// The error the answer carries, and the request's id; its class is that of the meaning.
    pub error: ApiError,
}

impl Verdict {
    /// Builds a verdict, and makes the error's class agree with the meaning: what proves a stop is no error,
    /// and a service may know its own codes better than the vendor's common rules do.
    pub(super) fn new(meaning: Meaning, error: ApiError) -> Self {
        let class = match meaning {
            Meaning::Stopped | Meaning::AlreadyStopped | Meaning::Ended | Meaning::Accepted => None,
            Meaning::NotFound => Some(ErrorClass::NotFound),
            Meaning::Failed(class) | Meaning::Doubtful(class) | Meaning::Lost(class) => Some(class),
        };
        Self { meaning, state: None, error: ApiError { class, ..error } }
    }

    /// Adds the service's own word for the state.
    pub(super) fn with_state(self, word: Box<str>) -> Self {
        Self { state: Some(word), ..self }
    }
}

/// The meaning of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The answer proves that the stop took effect.
    Stopped,
    /// The answer says that it stands still; whether this run's stop did it is not in the answer.
    AlreadyStopped,
    /// The answer proves that it ended, and not by a stop.
    Ended,
    /// The service took the stop; its end is not proven.
    Accepted,
    /// The service does not know the resource.
    NotFound,
    /// The stop was refused; the class says whether to try again.
    Failed(ErrorClass),
    /// The answer can mean either: only the state decides. If it still runs, this is a failure of that class.
    Doubtful(ErrorClass),
    /// The answer does not say what became of the stop, as if it had been lost: only the state decides. If it still
    /// runs, this is a failure of that class.
    Lost(ErrorClass),
}

impl Meaning {
    /// Tells whether the answer settles the target: no state that was read before it says anything any more.
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
    /// It stands still as a stop leaves it.
    Stopped(Box<str>),
    /// It ended, and not by a stop.
    Ended(Box<str>),
    /// It moves: it runs, or it is what a stop leaves. The service has one word for both.
    Either(Box<str>),
    /// The service uses a word that no documentation explains.
    Unclear(Box<str>),
    /// It is not there.
    Absent,
}

/// A state, or the error that the read met instead.
pub type Observation = Result<State, ApiError>;
