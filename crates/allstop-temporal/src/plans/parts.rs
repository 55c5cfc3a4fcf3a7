//! The lanes of a plan, for its run.

use std::collections::BTreeMap;

use allstop::engine::StopLane;
use allstop::session::OpenBundle;

use crate::wire::LaneSpec;

/// What a run has to know of its plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The lanes, by number.
    pub lanes: Vec<LaneSpec>,
    /// How many failures end the run.
    pub max_failures: Option<u64>,
    /// That rule, as the plan or the command line states it.
    pub max_failures_rule: Option<String>,
}

impl Parts {
    /// Takes the lanes of a plan; `routes` are the task queues of the sessions of accounts, by the account's name in the plan.
    #[must_use]
    pub fn of(opened: &OpenBundle, routes: &BTreeMap<String, String>) -> Self {
        Self {
            lanes: (0..).zip(opened.lanes()).map(|(number, lane)| spec(number, lane, routes)).collect(),
            max_failures: opened.max_failures(),
            max_failures_rule: opened.max_failures_rule().map(|rule| rule.to_string()),
        }
    }
}

fn spec(number: u32, lane: StopLane, routes: &BTreeMap<String, String>) -> LaneSpec {
    let queue = lane.accounts.iter().find_map(|account| routes.get(account)).cloned();
    LaneSpec {
        number,
        cloud: lane.cloud.to_owned(),
        owner: lane.owner,
        account: lane.account,
        accounts: lane.accounts,
        region: lane.region,
        api: lane.api,
        targets: u32::try_from(lane.targets.len()).unwrap_or(u32::MAX),
        queue,
    }
}
