//! The listing of what a run's plan selects: its input, its heartbeats and its result.

use std::collections::BTreeMap;

use allstop::Timestamp;
use allstop::engine::Status;
use serde::{Deserialize, Serialize};

use super::shared::{Ended, HeldAt, LaneSpec, Pace, RunRef};

/// The input of the activity that lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListInput {
    /// The version.
    pub v: u32,
    /// The run.
    pub run: RunRef,
    /// The task queues of the sessions of accounts, by the account's name in the plan.
    pub routes: BTreeMap<String, String>,
    /// How often it tells that it goes on.
    pub pace: Pace,
}

/// What a listing tells the engine with each heartbeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListBeat {
    /// The version.
    pub v: u32,
    /// Who lists.
    pub worker: String,
    /// When it was sent, by the worker's clock.
    pub at: Timestamp,
}

/// The result of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEnd {
    /// The version.
    pub v: u32,
    /// What it came to.
    pub came_to: CameTo,
    /// Who listed.
    pub worker: String,
}

/// What a listing came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CameTo {
    /// It was carried out, perhaps not to its end.
    Listed(Box<Listed>),
    /// It could not begin.
    Failed {
        /// How the run ends if no other worker can list.
        ended: Ended,
        /// Whether no other worker needs to try.
        is_final: bool,
    },
}

/// A listing that was carried out. What was found is in the bundle that it made, with a record of each selection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Where that bundle is held. All sessions and the report read this one.
    pub held: HeldAt,
    /// What the run stops, as a hash.
    pub fingerprint: String,
    /// Its lanes, by number; also of a run that ends before it begins them.
    pub lanes: Vec<LaneSpec>,
    /// How many failures end it.
    pub max_failures: Option<u64>,
    /// That rule, as the plan or the command line states it.
    pub max_failures_rule: Option<String>,
    /// Why the run ends before anything is stopped, if so.
    pub ended: Option<Ended>,
}

impl CameTo {
    /// Says that it could not begin, for this reason.
    #[must_use]
    pub const fn failed(status: Status, why: String, is_final: bool) -> Self {
        Self::Failed { ended: Ended { status, by: Some(why) }, is_final }
    }

    /// Returns why not everything was listed, where that is so.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        let ended = match self {
            Self::Listed(listed) => listed.ended.as_ref().filter(|ended| ended.status == Status::Unlisted)?,
            Self::Failed { ended, .. } => ended,
        };
        Some(ended.by.as_deref().unwrap_or("a listing failed; the report of the run says which one and why"))
    }
}
