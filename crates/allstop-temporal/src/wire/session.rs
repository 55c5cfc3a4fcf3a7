//! The session that holds a lane for a while: its input, its heartbeats and its result.

use std::collections::BTreeMap;

use allstop::Timestamp;
use allstop::engine::{LaneInfo, LaneMemory, LaneStats, SignedAccount};
use serde::{Deserialize, Serialize};

use super::lane::Rest;
use super::packed::Packed;
use super::ranges::Ranges;
use super::shared::{Ended, LaneSpec, Pace, RunRef};

/// The input of a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SessionInput {
    /// The version.
    pub v: u32,
    /// The run.
    pub run: RunRef,
    /// What the run stops, as a hash.
    pub fingerprint: String,
    /// The lane.
    pub lane: LaneSpec,
    /// The engine's id of the run that the lane's workflow began as; `None` where it went on as a new one: it cannot tell.
    pub lane_run_id: Option<String>,
    /// The targets that have their final row, by their places in the lane.
    pub done: Ranges,
    /// The targets in progress.
    pub open: Option<Packed>,
    /// What the lane and its reads have learnt.
    pub memory: Vec<LaneMemory>,
    /// Which accounts had signed in.
    pub accounts: Vec<SignedAccount>,
    /// How many failures it may have.
    pub share: Option<u64>,
    /// Whether other runs wait for the quota.
    pub others: bool,
    /// What a lost session had told: this one goes on from there.
    pub recovered: Option<Packed>,
    /// Whether nobody knows what a lost session did: every target without a row is in doubt.
    pub is_lost: bool,
    /// Whether it sends nothing, and only returns what is known.
    pub only_settles: bool,
    /// How often it tells what it did.
    pub pace: Pace,
}

/// What the engine knows of the session of a lane.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// It goes on, or did until now.
    Running,
    /// None has begun yet.
    Unbegun,
    /// It is lost, and this is what it had told.
    Lost(Packed),
}

/// What a session tells the engine with each heartbeat: everything that it did since it began.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Beat {
    /// The version.
    pub v: u32,
    /// What another session goes on from, should this one be lost.
    pub state: Packed,
    /// How many targets of the lane have their row.
    pub done: u64,
    /// How many are in progress.
    pub open: u64,
    /// Who holds the lane.
    pub worker: String,
    /// When it was sent, by the worker's clock.
    pub at: Timestamp,
}

/// Why a session ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Every target has its row, also those that nothing could be sent for.
    Done,
    /// Its time or its room was over, others wait, or it was asked to.
    Slice,
    /// It has had as many failures as it may have.
    Budget,
    /// A guard ended it.
    Guard(Ended),
    /// It could not begin.
    Failed {
        /// Why, in words.
        message: String,
        /// Whether credentials were missing or refused.
        of_credentials: bool,
        /// Whether no other attempt can end better.
        is_final: bool,
    },
}

/// The result of a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SessionEnd {
    /// The version.
    pub v: u32,
    /// The targets that have their final row now, by their places in the lane.
    pub done: Ranges,
    /// Their rows: a map from their numbers in the plan.
    pub rows: Option<Packed>,
    /// The targets in progress: a map from their numbers in the plan.
    pub open: Option<Packed>,
    /// What the rows of those are if nobody goes on with them.
    pub given_up: Option<Packed>,
    /// What the lane and its reads have learnt.
    pub memory: Vec<LaneMemory>,
    /// What they did.
    pub stats: Vec<(LaneInfo, LaneStats)>,
    /// The accounts that have signed in.
    pub accounts: Vec<SignedAccount>,
    /// The outcomes of the rows by their names, counted.
    pub counts: BTreeMap<String, u64>,
    /// How many of the rows are failed or unknown.
    pub failed: u64,
    /// What is said of the targets of the lane that nothing was sent for, where the session is the last one.
    pub rest: Option<Rest>,
    /// Why it ended.
    pub why: Why,
    /// The accounts whose credentials were refused for good, by their names in the plan, and why.
    pub closed: Option<(Vec<String>, String)>,
    /// Who held the lane.
    pub worker: String,
}
