//! What became of a stage, for the report of its run.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
