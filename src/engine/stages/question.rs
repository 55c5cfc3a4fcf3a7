//! The question at a pause of a stage.

use futures::future::BoxFuture;

use crate::engine::outcome::Outcome;

/// A pause of a run that asks whether to go on, and the figures so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtPause {
    /// The name of the stage.
    pub stage: String,
    /// Whether it is the pause after the stage's canary, and not the one after the whole stage.
    pub after_canary: bool,
    /// How many targets of the run have each outcome that any has, in the order of reports.
    pub outcomes: Vec<(Outcome, u64)>,
    /// How many targets are still to be stopped.
    pub open: u64,
}

/// Asks whether the run goes on.
pub(in crate::engine) type Asker = dyn Fn(AtPause) -> BoxFuture<'static, bool> + Send + Sync;
