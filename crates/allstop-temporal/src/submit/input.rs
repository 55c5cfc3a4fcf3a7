//! The input of a run, from what was prepared and confirmed.

use std::collections::HashMap;
use std::time::Duration;

use allstop::clock::{Clock, SystemClock};
use allstop::engine::StopLane;
use allstop::session::{Bundle, BundledRun, Context, SessionError};

use crate::wire::{LaneSpec, Pace, PlanAt, RunInput, VERSION};

/// How a run is carried out.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whose turn comes first where runs share a quota, 1 to 5.
    pub priority: u8,
    /// The task queues of the sessions of accounts, by the account's name in the plan.
    pub routes: HashMap<String, String>,
    /// The time between two heartbeats.
    pub checkpoint: Duration,
    /// How long after the last heartbeat a session counts as lost.
    pub heartbeat_timeout: Duration,
}

/// Returns the input of a run; `id` is `None` where each start of it is a run of its own.
///
/// # Errors
///
/// Fails when the bundle cannot be read again, and when a route names an account that the plan does not have.
pub fn run_input(
    bundle: &Bundle,
    plan: PlanAt,
    id: Option<String>,
    settings: &Settings,
    context: &Context,
) -> Result<RunInput, SessionError> {
    let opened = bundle.open(BundledRun::new(bundle.run_id().to_owned(), SystemClock.now()), context)?;
    let accounts = || opened.plan().accounts.iter().map(allstop::plan::Account::base_name);
    if let Some(unknown) = settings.routes.keys().find(|name| !accounts().any(|account| account == **name)) {
        let known: Vec<_> = accounts().collect();
        let message = format!("--route names the account {unknown}, which the plan does not have");
        return Err(SessionError::input(message, format!("its accounts are {}", known.join(", "))));
    }
    let lanes = (0..).zip(opened.lanes()).map(|(number, lane)| spec(number, lane, &settings.routes)).collect();
    Ok(RunInput {
        v: VERSION,
        id,
        plan,
        fingerprint: bundle.fingerprint().to_owned(),
        lanes,
        max_failures: opened.max_failures(),
        max_failures_rule: opened.max_failures_rule().map(|rule| rule.to_string()),
        deadline_ms: bundle.deadline().map(millis),
        priority: settings.priority,
        pace: Pace { checkpoint_ms: millis(settings.checkpoint), timeout_ms: millis(settings.heartbeat_timeout) },
    })
}

fn spec(number: u32, lane: StopLane, routes: &HashMap<String, String>) -> LaneSpec {
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

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
