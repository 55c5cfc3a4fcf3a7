//! The quota that the runs of a namespace share.

use allstop::Timestamp;
use allstop::engine::LaneMemory;
use serde::{Deserialize, Serialize};

/// The input of the workflow that shares a quota out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct QuotaInput {
    /// The version.
    pub v: u32,
    /// What is known already, where the workflow goes on as a new one.
    pub state: QuotaState,
}

/// Who holds a quota and who waits for it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct QuotaState {
    /// The lane that holds it.
    pub holder: Option<Seat>,
    /// The lanes that wait, in the order they came.
    pub waiting: Vec<Seat>,
    /// What the last holder learnt.
    pub memory: Vec<LaneMemory>,
}

/// A lane at a quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The id of the lane's workflow.
    pub lane: String,
    /// The engine's id of the run of that workflow.
    pub run: String,
    /// Whose turn comes first, 1 to 5.
    pub priority: u8,
    /// Which of the lane's turns it is for.
    pub turn: u32,
    /// How long after the lane is gone its session may still send, in milliseconds.
    pub lease_ms: u64,
    /// Whether it was told that its turn has come.
    pub is_granted: bool,
    /// Whether it knows that others wait.
    pub is_told: bool,
    /// Since when others wait for it, or when the engine was last asked whether workers serve it.
    pub looked_at: Option<Timestamp>,
    /// What waited for a worker then. The lane was told since that its turn is over.
    pub unserved: Option<Unserved>,
}

/// What the engine is asked about the holder of a quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderInput {
    /// The id of the lane's workflow.
    pub lane: String,
    /// How long after the lane is gone its session may still send, in milliseconds.
    pub lease_ms: u64,
}

/// A lane that no worker serves: what waits for one. Two are equal if no worker has begun anything in between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unserved {
    /// The next step of its workflow.
    pub step: Awaited,
    /// Its session, where it has asked for one.
    pub session: Option<Awaited>,
}

/// Something that waits for a worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// Since when, by the engine's clock.
    pub since: Timestamp,
    /// How often it was given to a worker, plus one.
    pub attempt: i32,
}

/// What a lane asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The id of the lane's workflow.
    pub lane: String,
    /// The engine's id of the run of that workflow.
    pub run: String,
    /// Whose turn comes first, 1 to 5.
    pub priority: u8,
    /// Which of the lane's turns it is for. It differs after each time that the lane gives the quota back.
    pub turn: u32,
    /// How long after the lane is gone its session may still send, in milliseconds.
    pub lease_ms: u64,
}

/// The input of the activity that asks for a quota, and starts its workflow where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskInput {
    /// The id of the quota's workflow.
    pub quota: String,
    /// What is asked for.
    pub ask: Ask,
}

/// What came of asking for a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// It is granted: its workflow did not exist, and began as held.
    Granted,
    /// Its workflow signals when the lane's turn has come.
    Queued,
}

/// What a lane is granted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// For which of the lane's turns it is. A lane takes no other.
    pub turn: u32,
    /// Whether others wait.
    pub others: bool,
    /// What the last holder learnt.
    pub memory: Vec<LaneMemory>,
}

/// The input of the activity that gives a quota back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleaseInput {
    /// The id of the quota's workflow.
    pub quota: String,
    /// What names the request: a worker that was frozen may make it once more, much later.
    pub request: String,
    /// What is given back.
    pub release: Release,
}

/// What a lane gives back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// The id of the lane's workflow.
    pub lane: String,
    /// The engine's id of the run of that workflow.
    pub run: String,
    /// Which of the lane's turns is over.
    pub turn: u32,
    /// What it learnt; empty where it held nothing.
    pub memory: Vec<LaneMemory>,
    /// What it asks for then; `None` where it asks for nothing.
    pub again: Option<Ask>,
}
