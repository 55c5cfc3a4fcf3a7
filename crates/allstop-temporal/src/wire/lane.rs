//! The lane of a run: its input, its result, and what it knows in between.

use std::collections::BTreeMap;

use allstop::engine::{LaneInfo, LaneMemory, LaneStats, SignedAccount, SkipReason, TargetResult};
use serde::{Deserialize, Serialize};

use super::packed::{Packed, PackedError};
use super::ranges::Ranges;
use super::shared::{LaneSpec, Pace, RunRef};

/// The input of a lane.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct LaneInput {
    /// The version.
    pub v: u32,
    /// The run.
    pub run: RunRef,
    /// What the run stops, as a hash.
    pub fingerprint: String,
    /// The lane.
    pub lane: LaneSpec,
    /// Whether the run must be asked for a share of the failures that it may have.
    pub has_budget: bool,
    /// Whose turn comes first where runs share a quota.
    pub priority: u8,
    /// How often its sessions tell what they did.
    pub pace: Pace,
    /// Why nothing may be sent with the account's credentials, where that is known when the lane begins.
    #[serde(default)]
    pub closed: Option<String>,
    /// What is known already, where the workflow goes on as a new one.
    pub state: LaneState,
}

/// What a lane knows between two sessions.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct LaneState {
    /// The targets that have their final row, by their places in the lane.
    pub done: Ranges,
    /// The targets in progress: a map from their numbers in the plan.
    pub open: Option<Packed>,
    /// What the lane and its reads have learnt.
    pub memory: Vec<LaneMemory>,
    /// What it and its reads did.
    pub stats: Vec<(LaneInfo, LaneStats)>,
    /// The accounts that have signed in.
    pub accounts: Vec<SignedAccount>,
    /// Outcomes by their names, counted.
    pub counts: BTreeMap<String, u64>,
    /// Which of its turns at the quota it is in, or waits for.
    pub turn: u32,
    /// The engine's run that its turns count from, where the workflow goes on as a new one.
    #[serde(default)]
    pub began_as: Option<String>,
    /// How many failures it may still have, where it has a share of those that the run may have.
    pub share: Option<u64>,
    /// How many sessions in a row brought no row.
    pub fruitless: u32,
    /// How many sessions there were.
    pub sessions: u32,
    /// Whether it holds its quota.
    pub holds: bool,
    /// Whether other runs wait for the quota.
    pub others: bool,
}

/// What `status` and whoever looks at the workflow see of a lane: its memo, under the key [`KEY`](Self::KEY).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneMemo {
    /// What it does.
    pub state: LaneDoes,
    /// How many targets have their row.
    pub done: u64,
    /// Their outcomes by name, counted.
    pub counts: BTreeMap<String, u64>,
    /// How many sessions there were.
    pub sessions: u32,
}

impl LaneMemo {
    /// Its key in the memo.
    pub const KEY: &str = "lane";
}

/// What a lane does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LaneDoes {
    /// It waits for the quota.
    #[serde(rename = "waits for the quota")]
    WaitsForQuota,
    /// It waits for a share of the failures that the run may have.
    #[serde(rename = "waits for a share of max_failures")]
    WaitsForShare,
    /// A session holds it, or is asked for.
    #[serde(rename = "is held")]
    IsHeld,
}

/// How a lane ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LaneResult {
    /// The version.
    pub v: u32,
    /// What it knows at its end.
    pub state: LaneState,
    /// What is said of the targets that have no row.
    pub rest: Rest,
    /// What happened, in words, where that is no more than this lane's.
    pub message: Option<String>,
}

/// What is said of targets that have no row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rest {
    /// Why no stop was sent.
    pub reason: SkipReason,
    /// Their row, where more is known than the reason.
    pub row: Option<Packed>,
}

impl Rest {
    /// Says no more than the reason.
    #[must_use]
    pub const fn bare(reason: SkipReason) -> Self {
        Self { reason, row: None }
    }

    /// Says what happened, too.
    #[must_use]
    pub fn because(reason: SkipReason, why: &str) -> Self {
        Self::of(&TargetResult::unsent(reason, why)).unwrap_or(Self::bare(reason))
    }

    /// Says what this row says.
    ///
    /// # Errors
    ///
    /// Fails when the row cannot be packed.
    pub fn of(row: &TargetResult) -> Result<Self, PackedError> {
        Ok(Self { reason: row.reason.unwrap_or(SkipReason::Aborted), row: Some(Packed::bytes(&row.to_bytes())?) })
    }

    /// Returns the row of a target that has none.
    #[must_use]
    pub fn row(&self) -> TargetResult {
        let packed = self.row.as_ref().and_then(|row| TargetResult::from_bytes(&row.unpack().ok()?).ok());
        packed.unwrap_or_else(|| TargetResult::skipped(self.reason))
    }
}
