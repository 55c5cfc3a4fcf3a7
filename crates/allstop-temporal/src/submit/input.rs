//! The input of a run, from what was prepared and confirmed.

use std::collections::BTreeMap;
use std::time::Duration;

use allstop::clock::{Clock, SystemClock};
use allstop::plan::Account;
use allstop::session::{Bundle, BundledRun, Context, OpenBundle, SessionError};

use crate::plans::Parts;
use crate::wire::{Lists, Pace, PlanAt, RunInput, VERSION};

/// How a run is carried out.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whose turn comes first where runs share a quota, 1 to 5.
    pub priority: u8,
    /// The task queues of the sessions of accounts, by the account's name in the plan.
    pub routes: BTreeMap<String, String>,
    /// The time between two heartbeats.
    pub checkpoint: Duration,
    /// How long after the last heartbeat a session counts as lost.
    pub heartbeat_timeout: Duration,
}

/// Returns the input of a run; `id` is `None` where each start of it is a run of its own. What the bundle has not listed is
/// listed by a worker at each start.
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
    let routes = &settings.routes;
    let accounts: Vec<_> = opened.plan().accounts.iter().map(Account::base_name).collect();
    if let Some(unknown) = routes.keys().find(|name| !accounts.contains(&name.as_str())) {
        let message = format!("--route names the account {unknown}, which the plan does not have");
        return Err(SessionError::input(message, format!("its accounts are {}", accounts.join(", "))));
    }
    // A bundle that is not listed has no lanes.
    let Parts { lanes, max_failures, max_failures_rule } = Parts::of(&opened, routes);
    Ok(RunInput {
        v: VERSION,
        id,
        plan,
        fingerprint: bundle.fingerprint().to_owned(),
        lists: bundle.must_list().then(|| lists(&opened, routes)),
        lanes,
        max_failures,
        max_failures_rule,
        deadline_ms: bundle.deadline().map(millis),
        priority: settings.priority,
        pace: Pace { checkpoint_ms: millis(settings.checkpoint), timeout_ms: millis(settings.heartbeat_timeout) },
    })
}

/// Says where a worker lists: on the task queue that all accounts are routed to, if it is one.
fn lists(opened: &OpenBundle, routes: &BTreeMap<String, String>) -> Lists {
    let mut queues = opened.plan().accounts.iter().map(|account| routes.get(account.base_name()));
    let first = queues.next().flatten();
    Lists { queue: first.filter(|first| queues.all(|queue| queue == Some(first))).cloned(), routes: routes.clone() }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
