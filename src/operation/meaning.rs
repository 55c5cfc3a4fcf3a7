//! The words for what a service said: a *verdict* on a stop request, a *state* that a read-back saw.

use crate::class::ErrorClass;
use crate::vendor::Fault;

/// What the answer to one stop request means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The meaning.
    pub meaning: Meaning,
    /// The service's own word for the state, where the answer has one.
    pub state: Option<Box<str>>,
    /// The error the answer carries, and the request's id.
    pub fault: Fault,
}

/// The meaning of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The answer proves that the stop took effect.
    Stopped,
    /// The answer proves that there was nothing left to stop.
    AlreadyStopped,
    /// The service took the stop; its end is not proven.
    Accepted,
    /// The service does not know the resource.
    NotFound,
    /// The stop was refused; the class says whether to try again.
    Failed(ErrorClass),
    /// The answer can mean either: only the state decides. If it still runs, this is a failure of that class.
    Doubtful(ErrorClass),
}

/// What one read-back saw of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It runs, or is on its way to a stop.
    Running(Box<str>),
    /// It stands still as a stop leaves it.
    Stopped(Box<str>),
    /// It ended, and not by a stop.
    Ended(Box<str>),
    /// The service uses a word that no documentation explains.
    Unclear(Box<str>),
    /// It is not there.
    Absent,
}

/// A state, or the error that the read met instead.
pub type Sighting = Result<State, Fault>;
