//! `allstop-temporal worker`.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::connection::ConnectionArgs;
use super::value::{account, queue};
use crate::wire::QUEUE;

/// The options of a worker.
#[derive(Debug, Args)]
#[command(after_help = "\
The first SIGTERM or SIGINT hands the lanes over and ends the worker with 0. A second one ends it at once; nothing is \
lost, another worker takes its lanes up after --heartbeat-timeout of their runs.

Examples:
  allstop-temporal worker
  allstop-temporal worker --for prod --reports /var/lib/allstop/reports")]
pub struct WorkerArgs {
    /// Serve runs that were submitted to this task queue.
    #[arg(long, value_name = "NAME", default_value = QUEUE, value_parser = queue)]
    pub queue: String,

    /// Hold at most this many lanes at once in each task queue: in that of --queue, and in that of each --for.
    #[arg(long, value_name = "N", default_value = "100")]
    pub lanes: NonZeroUsize,

    /// Also hold the lanes of this account, as submissions with `--route ACCOUNT=QUEUE.ACCOUNT` ask for; may be repeated.
    #[arg(long = "for", value_name = "ACCOUNT", value_parser = account)]
    pub accounts: Vec<String>,

    /// Write the report of every run to this directory at its end, as `<id>.report.json`. Any worker of the queue may do it:
    /// give all of them this option.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub reports: Option<PathBuf>,

    /// Respond to HTTP probes at this address: 200 while the worker serves, 503 when it leaves.
    #[arg(long, value_name = "ADDR")]
    pub health: Option<SocketAddr>,

    /// The connection.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}
