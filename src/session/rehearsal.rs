//! A rehearsal: the plan led to the simulator, and the report compared with the simulator's ledger.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::credentials::CredentialProvider;
use crate::engine::{Listings, Outcome, Record, Run, Status, TargetResult};
use crate::plan::{Plan, Target};
use crate::report;
use crate::simulator::{self, Claim, Config, Faults, Handle, Keys, Ledger, Selected, Wish, World};

use super::context::Context;
use super::error::SessionError;

/// The default time acceleration factor of a rehearsal.
const SPEED: f64 = 10.0;

/// The shortest time that a rehearsal waits for a response, however fast it is.
const SHORTEST_TIMEOUT: Duration = Duration::from_secs(1);

/// The options of the simulator in a rehearsal.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct RehearsalOptions {
    /// The faults to inject; by default some.
    pub faults: Option<Faults>,
    /// The seed of the faults.
    pub seed: u64,
    /// The time acceleration factor; by default 10.
    pub speed: Option<f64>,
    /// What is there; by default what the plan names, and resources that its selections can be tried on.
    pub world: Option<Arc<World>>,
}

/// A running simulator that holds a plan's targets.
pub(super) struct Rehearsal {
    simulator: Handle,
    keys: Keys,
    config: Config,
    /// What earlier rounds of a watch stopped. The ledger does not tell rounds apart.
    stopped: Mutex<HashSet<String>>,
}

impl Rehearsal {
    /// Starts a simulator with the plan's targets, most of them running, and leads the plan there.
    pub(super) fn start(plan: &mut Plan, options: &RehearsalOptions, context: &Context) -> Result<Self, SessionError> {
        let (faults, speed) = (options.faults.unwrap_or(Faults::Some), options.speed.unwrap_or(SPEED));
        let config = Config { faults, seed: options.seed, speed, world: options.world.clone(), ..Config::default() };
        let (simulator, keys) = simulator::rehearse(&config, plan)?;
        simulator.warnings().iter().for_each(|warning| context.ui.warning(warning));
        plan.retry.initial_delay = plan.retry.initial_delay.div_f64(speed);
        plan.retry.max_delay = plan.retry.max_delay.div_f64(speed);
        plan.retry.request_timeout = plan.retry.request_timeout.div_f64(speed).max(SHORTEST_TIMEOUT);
        if let Some(window) = &mut plan.guards.window {
            // Its zone is still the plan's.
            *window = window.opened();
            context.ui.note("guards.window does not apply to a rehearsal");
        }
        Ok(Self { simulator, keys, config, stopped: Mutex::default() })
    }

    /// Returns how fast time passes.
    pub(super) const fn speed(&self) -> f64 {
        self.config.speed
    }

    /// Returns who has the simulator's keys.
    pub(super) fn provider(&self) -> Arc<dyn CredentialProvider> {
        Arc::new(self.keys.clone())
    }

    /// Leads a run to the simulator; its accounts have signed in there, or do so when it begins.
    pub(super) fn lead(&self, run: Run, has_signed_in: bool) -> Run {
        let run = if has_signed_in { run } else { run.asking(self.provider()) };
        run.speed(self.config.speed).seed(self.config.seed)
    }

    /// Leads listings to the simulator; the same holds for their accounts.
    pub(super) fn lead_listings(&self, listings: Listings, has_signed_in: bool) -> Listings {
        let listings = if has_signed_in { listings } else { listings.asking(self.provider()) };
        listings.speed(self.config.speed)
    }

    /// Compares what the selections found with what they mean. A run that ended before its rows were known has found nothing.
    fn misselections(&self, plan: &Plan, record: &Record, ledger: &Ledger) -> Vec<String> {
        let listed = |wish: &&Wish| {
            record.selections.iter().any(|selection| *selection.id == *wish.selection && !selection.accounts.is_empty())
        };
        let wishes: Vec<Wish> = self.simulator.wishes().iter().filter(listed).cloned().collect();
        if record.status != Status::Completed || wishes.is_empty() {
            return Vec::new();
        }
        let number = |name: &str| plan.accounts.iter().position(|account| account.name == name);
        let missing = record.selections.iter().flat_map(|selection| {
            let accounts = selection.missing.iter().filter_map(|unit| number(&unit.account)?.try_into().ok());
            accounts.map(|account| (selection.id.as_str().into(), account))
        });
        let rows = plan.targets.iter().filter_map(|target| simulator::Row::of(target, &plan.accounts).ok());
        let run = Selected { wishes: &wishes, rows: rows.collect(), missing: missing.collect() };
        simulator::audit_selected(ledger, &run, |_| false).iter().map(ToString::to_string).collect()
    }

    /// Compares every row with the simulator's ledger.
    pub(super) fn compare(&self, plan: &Plan, record: &Record) -> report::Rehearsal {
        let ledger = self.simulator.ledger();
        let mut stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let key = |target: &Target| format!("{}\0{}", plan.account_of(target).name, target.made_id());
        let results = plan.targets.iter().zip(record.results.iter());
        let results: Vec<_> = results
            .filter(|(target, result)| result.outcome != Outcome::AlreadyStopped || !stopped.contains(&key(target)))
            .collect();
        let is_stopped = |result: &TargetResult| matches!(result.outcome, Outcome::Stopped | Outcome::Accepted);
        stopped.extend(results.iter().filter(|(_, result)| is_stopped(result)).map(|(target, _)| key(target)));
        let rows = results.iter().map(|(target, result)| {
            (*target, Claim::new(result.outcome, result.attempts.iter().map(|attempt| attempt.class)))
        });
        let audit = simulator::audit(&ledger, &plan.accounts, rows);
        let mut disagreements: Vec<_> = audit.iter().map(ToString::to_string).collect();
        disagreements.extend(self.misselections(plan, record, &ledger));
        report::Rehearsal {
            seed: self.config.seed,
            faults: self.config.faults.to_string(),
            speed: self.config.speed,
            agrees: disagreements.is_empty(),
            disagreements,
        }
    }
}
