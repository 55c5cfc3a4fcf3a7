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

/// How many heartbeats must be due before a session counts as lost: it sends nothing while the last one that was acknowledged
/// is older than most of that time.
const LEAST_BEATS: u32 = 3;

impl Settings {
    /// Refuses a heartbeat timeout that is too short for the time between two heartbeats.
    ///
    /// # Errors
    ///
    /// Fails when fewer than three heartbeats are due within the timeout.
    pub fn check(&self) -> Result<(), SessionError> {
        let Self { checkpoint, heartbeat_timeout: timeout, .. } = self;
        let least = checkpoint.saturating_mul(LEAST_BEATS);
        if *timeout >= least {
            return Ok(());
        }
        let message = format!("--heartbeat-timeout {timeout:?} is too short for --checkpoint {checkpoint:?}");
        let most = *timeout / LEAST_BEATS;
        let hint = format!(
            "pass --heartbeat-timeout {least:?} or more, or --checkpoint {}ms or less; nothing was sent",
            most.as_millis()
        );
        Err(SessionError::input(message, hint))
    }
}

/// Returns the input of a run; `id` is `None` where each start of it is a run of its own. What the bundle has not listed is
/// listed by a worker at each start.
///
/// # Errors
///
/// Fails when the bundle cannot be read again, when a route names an account that the plan does not have, and when a fleet
/// cannot carry the plan out.
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
    let Parts { lanes, max_failures, max_failures_rule } = Parts::of(&opened, routes)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_has_room_for_three_heartbeats() {
        let of = |checkpoint, timeout| Settings {
            priority: 3,
            routes: BTreeMap::new(),
            checkpoint: Duration::from_millis(checkpoint),
            heartbeat_timeout: Duration::from_millis(timeout),
        };
        for (checkpoint, timeout) in [(1_000, 10_000), (1_000, 3_000), (250, 3_000), (60_000, 180_000)] {
            of(checkpoint, timeout).check().unwrap();
        }
        let error = of(30_000, 5_000).check().unwrap_err();
        assert_eq!(error.to_string(), "--heartbeat-timeout 5s is too short for --checkpoint 30s");
        assert_eq!(
            error.hint(),
            "pass --heartbeat-timeout 90s or more, or --checkpoint 1666ms or less; nothing was sent"
        );
        of(1_000, 2_999).check().unwrap_err();
    }
}
