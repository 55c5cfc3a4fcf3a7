//! The run: its input, its result, and what its lanes tell it.

use std::collections::BTreeMap;
use std::time::Duration;

use allstop::Timestamp;
use allstop::engine::Status;
use serde::{Deserialize, Serialize};

use super::shared::{Ended, HeldAt, LaneSpec, Pace, PlanAt, RunRef};

/// The input of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInput {
    /// The version.
    pub v: u32,
    /// The run's id; `None` where each start is a run of its own, as those of a schedule are: its id is the engine's. What
    /// holds the plan of such runs belongs to none of them.
    pub id: Option<String>,
    /// The bundled run.
    pub plan: PlanAt,
    /// What the run stops, as a hash: a worker that reads the plan otherwise refuses it.
    pub fingerprint: String,
    /// How a worker lists what the plan selects, where that is done when the run starts: only then its lanes are known.
    pub lists: Option<Lists>,
    /// Its lanes, by number.
    pub lanes: Vec<LaneSpec>,
    /// How many failures end it.
    pub max_failures: Option<u64>,
    /// That rule, as the plan or the command line states it.
    pub max_failures_rule: Option<String>,
    /// How long it may take, in milliseconds.
    pub deadline_ms: Option<u64>,
    /// Whose turn comes first where runs share a quota: 1 to 5, 1 first.
    pub priority: u8,
    /// How often its sessions tell what they did.
    pub pace: Pace,
}

impl RunInput {
    /// Returns when nothing more may be sent, for a run that was submitted then; `None` where it has no deadline.
    #[must_use]
    pub fn deadline(&self, started_at: Timestamp) -> Option<Timestamp> {
        let after = self.deadline_ms.map(Duration::from_millis)?;
        started_at.checked_add(after).ok()
    }
}

/// How a worker lists for a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lists {
    /// The task queue of the listing; `None` for that of the run.
    pub queue: Option<String>,
    /// The task queues of the sessions of accounts, by the account's name in the plan.
    pub routes: BTreeMap<String, String>,
}

/// What lists of runs show of one: its memo, under the key [`KEY`](Self::KEY). It names no target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunMemo {
    /// The plan's name.
    pub plan: String,
    /// The SHA-256 of the plan and its files, in hexadecimal.
    pub plan_sha256: String,
    /// The operator's reason.
    pub reason: Option<String>,
    /// Who submitted it, or froze it for a schedule, as `USER@HOST`.
    pub by: String,
    /// How many targets it stops; `None` where a worker lists them when it starts.
    pub targets: Option<u64>,
}

impl RunMemo {
    /// Its key in the memo.
    pub const KEY: &str = "run";

    /// Returns what the engine's own lists show of the run.
    #[must_use]
    pub fn summary(&self) -> String {
        match self.targets {
            Some(targets) => format!("stops {targets} targets of {}", self.plan),
            None => format!("stops what {} selects", self.plan),
        }
    }
}

/// What lists of runs show besides of one whose targets a worker has listed, under the key [`KEY`](Self::KEY) of its memo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedMemo {
    /// How many targets it stops.
    pub targets: u64,
}

impl ListedMemo {
    /// Its key in the memo.
    pub const KEY: &str = "listed";
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunResult {
    /// The version.
    pub v: u32,
    /// Why it ended.
    pub status: Status,
    /// What ended it early, in words.
    pub ended_by: Option<String>,
}

/// What a lane tells its run after a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// The lane's number.
    pub lane: u32,
    /// How many of the failures that it may have it had.
    pub failed: u64,
    /// Why the whole run must end, if so.
    pub ended: Option<Ended>,
    /// The accounts, by their names in the plan, whose credentials were refused for good, and why.
    pub closed: Option<(Vec<String>, String)>,
}

/// The input of the activity that ends a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcludeInput {
    /// The version.
    pub v: u32,
    /// The run.
    pub run: RunRef,
    /// How it ended.
    pub result: RunResult,
    /// The workflows that hold its plan.
    pub held: Vec<HeldAt>,
}
