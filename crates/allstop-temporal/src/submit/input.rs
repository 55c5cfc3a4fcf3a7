//! The input of a run, from what was prepared and confirmed.

use std::collections::BTreeMap;
use std::time::Duration;

use allstop::clock::{Clock, SystemClock};
use allstop::plan::Account;
use allstop::session::{Bundle, BundledRun, Context, OpenBundle, SessionError};

use super::worker::worker_of;
use crate::plans::Parts;
use crate::wire::{Lists, Pace, PlanAt, RunInput, VERSION, account_queue, served_for};

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
    /// Whether Temporal's own tools find the runs by search attributes.
    pub search_attributes: bool,
}

/// How many heartbeats must be due before a session counts as lost: it sends nothing while the last one that was acknowledged
/// is older than most of that time.
const LEAST_BEATS: u32 = 3;

impl Settings {
    /// Refuses what no worker of the task queue `queue` carries out.
    ///
    /// # Errors
    ///
    /// Fails when fewer than three heartbeats are due within the heartbeat timeout, and when a route leads to a task queue
    /// that no such worker serves.
    pub fn check(&self, queue: &str) -> Result<(), SessionError> {
        self.check_pace()?;
        self.check_routes(queue)
    }

    fn check_routes(&self, queue: &str) -> Result<(), SessionError> {
        let Some((account, route)) = self.routes.iter().find(|(_, route)| served_for(route, queue).is_none()) else {
            return Ok(());
        };
        let message = format!("--route {account}={route}: workers of the task queue {queue} do not serve {route}");
        let hint = format!(
            "pass --route {account}={}, and start the workers of the account with `{}`; nothing was sent",
            account_queue(queue, account),
            worker_of(&account_queue(queue, account), queue)
        );
        Err(SessionError::input(message, hint))
    }

    fn check_pace(&self) -> Result<(), SessionError> {
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

/// Returns a duration in milliseconds.
pub(crate) fn millis(duration: Duration) -> u64 {
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
            search_attributes: false,
        };
        for (checkpoint, timeout) in [(1_000, 10_000), (1_000, 3_000), (250, 3_000), (60_000, 180_000)] {
            of(checkpoint, timeout).check("allstop").unwrap();
        }
        let error = of(30_000, 5_000).check("allstop").unwrap_err();
        assert_eq!(error.to_string(), "--heartbeat-timeout 5s is too short for --checkpoint 30s");
        assert_eq!(
            error.hint(),
            "pass --heartbeat-timeout 90s or more, or --checkpoint 1666ms or less; nothing was sent"
        );
        of(1_000, 2_999).check("allstop").unwrap_err();
    }

    #[test]
    fn a_route_leads_to_a_queue_that_workers_serve() {
        let of = |route: &str| Settings {
            priority: 3,
            routes: [("prod".to_owned(), route.to_owned())].into(),
            checkpoint: Duration::from_secs(1),
            heartbeat_timeout: Duration::from_secs(10),
            search_attributes: false,
        };
        for (route, queue) in [("allstop.prod", "allstop"), ("allstop.team-a", "allstop"), ("eu.x.prod", "eu.x")] {
            of(route).check(queue).unwrap();
        }
        let hints = [
            ("other", "allstop", "--route prod=allstop.prod", "`allstop-temporal worker --for prod`"),
            ("allstop", "allstop", "--route prod=allstop.prod", "`allstop-temporal worker --for prod`"),
            ("allstop.prod", "eu", "--route prod=eu.prod", "`allstop-temporal worker --queue eu --for prod`"),
        ];
        for (route, queue, value, command) in hints {
            let error = of(route).check(queue).unwrap_err();
            let message = format!("--route prod={route}: workers of the task queue {queue} do not serve {route}");
            assert_eq!(error.to_string(), message);
            assert!(error.hint().contains(value) && error.hint().contains(command), "{}", error.hint());
            assert!(error.hint().ends_with("nothing was sent"), "{}", error.hint());
        }
    }
}
