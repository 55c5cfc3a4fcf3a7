//! How the fleet carries a run out.

use std::time::Duration;

use clap::Args;

use super::value::{checkpoint, heartbeat_timeout, queue, route};
use crate::submit::Settings;
use crate::wire::QUEUE;

/// How the fleet carries a run out.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fleet")]
pub struct FleetArgs {
    /// Priority of the run at quotas that other runs need, too: 1 comes first, 5 last.
    #[arg(long, value_name = "1..5", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=5))]
    pub priority: u8,

    /// Hold the lanes of this account only on workers with `--for NAME`: QUEUE is that of --queue, a dot and NAME; may be
    /// repeated.
    #[arg(long, value_name = "ACCOUNT=QUEUE", value_parser = route)]
    pub route: Vec<(String, String)>,

    /// Submit to the workers of this task queue.
    #[arg(long, value_name = "NAME", default_value = QUEUE, value_parser = queue)]
    pub queue: String,

    /// Time between two heartbeats of a lane. What a killed worker sent since the last one is in doubt, and another worker
    /// reads it back.
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = checkpoint)]
    pub checkpoint: Duration,

    /// Give a lane to another worker if its own has not sent a heartbeat for this long; at least 3
    /// checkpoints.
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = heartbeat_timeout)]
    pub heartbeat_timeout: Duration,

    /// Set the search attributes AllstopPlan, AllstopSubmittedBy and AllstopTargets, which the namespace must have; no payload
    /// key encrypts them.
    #[arg(long)]
    pub search_attributes: bool,
}

impl From<FleetArgs> for Settings {
    fn from(args: FleetArgs) -> Self {
        let FleetArgs { priority, route, queue: _, checkpoint, heartbeat_timeout, search_attributes } = args;
        Self { priority, routes: route.into_iter().collect(), checkpoint, heartbeat_timeout, search_attributes }
    }
}
