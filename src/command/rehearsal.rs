//! A rehearsal: the plan led to the built-in cloud, and the report compared with its ledger.

use std::time::Duration;

use allstop::engine::Record;
use allstop::plan::Plan;
use allstop::report::Rehearsal;
use allstop::simulator::{self, Claim, Config, Faults, Handle, Keys};

use super::failure::Failure;
use super::say;
use crate::cli::SimulatorArgs;

/// How many times faster than in the world a rehearsal is, unless somebody says otherwise.
const SPEED: f64 = 10.0;

/// The shortest time that a rehearsal waits for an answer, however fast it is.
const PATIENCE: Duration = Duration::from_secs(1);

/// A running simulator that holds a plan's targets.
pub(super) struct Stage {
    simulator: Handle,
    pub(super) keys: Keys,
    pub(super) seed: u64,
    pub(super) speed: f64,
    faults: Faults,
}

impl Stage {
    /// Starts a simulator with the plan's targets, most of them running, and leads the plan there.
    pub(super) fn set(plan: &mut Plan, args: &SimulatorArgs) -> Result<Self, Failure> {
        let faults = args.faults.unwrap_or(Faults::Some);
        let (seed, speed) = (args.seed, args.speed.unwrap_or(SPEED));
        let config = Config { faults, seed, speed, ..Config::default() };
        let (simulator, keys) =
            simulator::rehearse(&config, plan).map_err(|error| Failure::input(error.to_string(), error.hint()))?;
        plan.retry.initial_delay = plan.retry.initial_delay.div_f64(speed);
        plan.retry.max_delay = plan.retry.max_delay.div_f64(speed);
        plan.retry.request_timeout = plan.retry.request_timeout.div_f64(speed).max(PATIENCE);
        if let Some(window) = &mut plan.guards.window {
            // Its zone is still the plan's.
            *window = window.opened();
            say::aside("note: a rehearsal may run at any time: guards.window is not applied");
        }
        Ok(Self { simulator, keys, seed, speed, faults })
    }

    /// Compares every row with the simulator's ledger.
    pub(super) fn compare(&self, plan: &Plan, record: &Record) -> Rehearsal {
        let ledger = self.simulator.ledger();
        let rows = plan.targets.iter().zip(record.results.iter()).map(|(target, result)| {
            (target, Claim::new(result.outcome, result.attempts.iter().map(|attempt| attempt.class)))
        });
        let disagreements: Vec<_> =
            simulator::audit(&ledger, &plan.accounts, rows).iter().map(ToString::to_string).collect();
        Rehearsal {
            seed: self.seed,
            faults: self.faults.to_string(),
            speed: self.speed,
            agrees: disagreements.is_empty(),
            disagreements,
        }
    }
}
