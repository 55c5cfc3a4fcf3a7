//! What several payloads have in common.

use std::time::Duration;

use allstop::Timestamp;
use allstop::engine::{Status, StopLane};
use serde::{Deserialize, Serialize};

use super::packed::Packed;

/// The type of the activity that holds a lane.
pub const SESSION_TYPE: &str = "allstop.session.v1";

/// The type of the activity that lists what a run's plan selects.
pub const LIST_TYPE: &str = "allstop.list.v1";

/// The type of the failure of a session that a worker left before it did anything. Its details are what a session had told
/// that was lost before.
pub const REFUSED_TYPE: &str = "allstop.refused.v1";

/// The type of the workflow of a run.
pub const RUN_TYPE: &str = "allstop.run.v1";

/// Names a run: its workflow, and the run that its client tokens and its report name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRef {
    /// The id of its workflow.
    pub workflow_id: String,
    /// The engine's id of that workflow's run.
    pub run_id: String,
    /// The id of the run, as the report has it.
    pub id: String,
    /// When it was submitted, by the engine's clock.
    pub started_at: Timestamp,
    /// When nothing more may be sent, by the engine's clock.
    #[serde(default)]
    pub deadline: Option<Timestamp>,
    /// Where its bundled plan is held; `None` where that is in the input of its workflow.
    pub held: Option<HeldAt>,
}

/// A workflow that holds a bundled run in parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldAt {
    /// The id of that workflow.
    pub workflow_id: String,
    /// Its run.
    pub run_id: String,
}

/// Where workers find the bundled run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanAt {
    /// In the input of the run's workflow.
    Here(Packed),
    /// In the parts that a workflow of its own holds.
    Held(HeldAt),
}

impl Default for PlanAt {
    fn default() -> Self {
        Self::NOWHERE
    }
}

impl PlanAt {
    /// Says that it is in no place yet.
    pub const NOWHERE: Self = Self::Held(HeldAt { workflow_id: String::new(), run_id: String::new() });

    /// Returns which workflow holds it, if one does.
    #[must_use]
    pub const fn held(&self) -> Option<&HeldAt> {
        match self {
            Self::Here(_) => None,
            Self::Held(held) => Some(held),
        }
    }
}

/// A lane of a run, as its lists show it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneSpec {
    /// Its number in the run, from 0.
    pub number: u32,
    /// The cloud.
    pub cloud: String,
    /// Whose quota it uses: an account id, or the account's name in the plan.
    pub owner: String,
    /// The name of its first account in the plan.
    pub account: String,
    /// The names of all its accounts in the plan.
    pub accounts: Vec<String>,
    /// The region.
    pub region: String,
    /// The API.
    pub api: String,
    /// How many targets it has.
    pub targets: u32,
    /// The task queue of its sessions; `None` for that of the run.
    pub queue: Option<String>,
}

impl LaneSpec {
    /// Returns the id of the workflow that shares the lane's quota out among the runs of a namespace.
    #[must_use]
    pub fn quota_id(&self) -> String {
        format!("allstop-quota/{}/{}/{}/{}", self.cloud, self.owner, self.region, self.api)
    }

    /// Tells whether it is this lane of a plan.
    #[must_use]
    pub fn is(&self, lane: &StopLane) -> bool {
        lane.api == self.api
            && lane.region == self.region
            && lane.account == self.account
            && lane.targets.len() as u64 == u64::from(self.targets)
    }

    /// Returns what people call it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {} {}", self.account, self.region, self.api)
    }
}

/// How often sessions tell the engine what they did, and how long the engine waits for that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// The time between two heartbeats, in milliseconds.
    pub checkpoint_ms: u64,
    /// How long after the last heartbeat a session counts as lost, in milliseconds.
    pub timeout_ms: u64,
}

impl Pace {
    /// Returns the time between two heartbeats.
    #[must_use]
    pub const fn checkpoint(self) -> Duration {
        Duration::from_millis(self.checkpoint_ms)
    }

    /// Returns the heartbeat timeout that the engine is told: nine tenths, as its timers fire late.
    ///
    /// A timer fires a second after it was set, or later (the server's `history.timerProcessorMaxTimeShift`). The end of a
    /// session can need two: one for the rest of the timeout, one for the next attempt.
    #[must_use]
    pub const fn engine_timeout(self) -> Duration {
        Duration::from_millis(self.timeout_ms / 10 * 9)
    }

    /// Returns how long after the sending of an acknowledged heartbeat a session may send requests: less than
    /// [`engine_timeout`](Self::engine_timeout), so that its lease ends before another session begins.
    #[must_use]
    pub const fn lease(self) -> Duration {
        Duration::from_millis(self.timeout_ms / 5 * 4)
    }
}

/// Why a run ends before all its lanes are done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The status of the run.
    pub status: Status,
    /// What ended it, in words.
    pub by: Option<String>,
}

/// Returns the id of the workflow of a run.
#[must_use]
pub fn run_workflow_id(run: &str) -> String {
    format!("allstop-run/{run}")
}

/// Returns the id of the workflow of a lane.
#[must_use]
pub fn lane_id(run_workflow_id: &str, number: u32) -> String {
    format!("{run_workflow_id}/lane-{number}")
}

/// Returns the id of the workflow that holds the plan of a run.
#[must_use]
pub fn plan_id(run: &str) -> String {
    format!("allstop-plan/{run}")
}

/// Returns the id of the workflow that holds what an attempt to list for a run has found.
#[must_use]
pub fn listed_id(run: &str, attempt: u32) -> String {
    format!("{}/listed-{attempt}", plan_id(run))
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn a_lease_ends_before_the_engine_gives_the_session_up() {
        for timeout_ms in [150, 3000, 5000, 10_003, 90_000] {
            let pace = Pace { checkpoint_ms: timeout_ms / 3, timeout_ms };
            assert!(pace.lease() < pace.engine_timeout(), "{pace:?}");
            assert!(pace.engine_timeout().as_millis() < u128::from(timeout_ms), "{pace:?}");
        }
    }
}
