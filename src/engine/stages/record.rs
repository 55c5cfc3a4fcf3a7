//! What a run says of its stages.

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::outcome::Outcome;

/// What a stage was, at the end of the run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageRecord {
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When the last of its outcomes was known.
    pub finished_at: Option<Timestamp>,
    /// How it ended.
    pub status: StageStatus,
}

/// How a stage ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageStatus {
    /// Every target of it has its outcome.
    Done,
    /// The run ended in it.
    Failed,
    /// The run ended before it, or nothing of it was to be stopped.
    #[default]
    NotBegun,
}

impl StageStatus {
    /// Every status, in the order of a stage's life.
    pub const ALL: [Self; 3] = [Self::Done, Self::Failed, Self::NotBegun];

    /// Every status, the one that says most of several parts of a run first.
    pub const GRAVEST: [Self; 3] = [Self::Failed, Self::Done, Self::NotBegun];

    /// Returns the name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::NotBegun => "not_begun",
        }
    }
}

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
