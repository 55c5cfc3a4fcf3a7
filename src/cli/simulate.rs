//! `allstop simulate`, and the options of the simulator.

use clap::{Args, ValueHint};

use crate::session::{Input, RehearsalOptions};
use crate::simulator::Faults;

use super::value::{faults, input, key_value, speed};

#[derive(Debug, Default, Args)]
pub(crate) struct SimulatorArgs {
    /// Faults that the simulator injects [default: some for a rehearsal, none for simulate].
    #[arg(long, value_name = "FAULTS", value_parser = faults())]
    pub(crate) faults: Option<Faults>,

    /// Seed of the faults, to repeat a rehearsal.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Time acceleration factor of the simulator's quotas and delays
    /// [default: 10 for a rehearsal, 1 for simulate].
    #[arg(long, value_name = "N", value_parser = speed)]
    pub(crate) speed: Option<f64>,
}

impl SimulatorArgs {
    /// Returns the options of a rehearsal.
    pub(super) fn rehearsal(&self) -> RehearsalOptions {
        let Self { faults, seed, speed } = *self;
        RehearsalOptions { faults, seed, speed, ..RehearsalOptions::default() }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  allstop simulate --port 18080 &
  curl http://127.0.0.1:18080/_simulator/ledger
  allstop simulate --world world.ndjson --port 18080 &")]
pub(crate) struct SimulateArgs {
    /// Plan whose targets exist; without a plan and a world, every requested resource exists.
    #[arg(value_parser = input(), value_hint = ValueHint::AnyPath)]
    pub(crate) plan: Option<Input>,

    /// Set a variable that the plan uses as `${NAME}`.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,

    /// File whose resources exist, one JSON object a line, as `discover --state any --output ndjson` writes them.
    #[arg(long, value_name = "FILE", value_parser = input(), value_hint = ValueHint::FilePath)]
    pub(crate) world: Option<Input>,

    /// Listen on this port of 127.0.0.1; 0 picks any free port.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,

    #[command(flatten)]
    pub(crate) simulator: SimulatorArgs,
}
