//! `allstop-temporal submit`.

use std::time::Duration;

use allstop::cli::{PlanArgs, RunOptions, SelectionArgs, ShownOptions, value};
use allstop::report::Destination;
use clap::{Args, ValueHint};

use super::connection::ConnectionArgs;
use super::value::{QUEUE, checkpoint, heartbeat_timeout, route, run_id};

/// The options of a submission.
#[derive(Debug, Args)]
#[command(after_help = "\
The plan, its files, the values of its variables and what its selections find are frozen now, or with --list-on-workers \
before the first stop. Workers have the credentials. The exit status is 0 when the run is started; with --wait it is that of the run.

Examples:
  allstop-temporal submit plan.yaml --wait --report incident.report.json
  allstop-temporal submit nightly.yaml --yes --reason nightly --deadline 2h
  allstop-temporal submit idle.yaml --list-on-workers --yes --deadline 30m
  allstop-temporal submit plan.yaml --route prod=allstop.prod --priority 1")]
pub struct SubmitArgs {
    #[command(flatten)]
    pub plan: PlanArgs,

    #[command(flatten)]
    pub selection: SelectionArgs,

    /// Reason for the stop, recorded in the report and, if the service accepts a cause, in its history.
    #[arg(long, value_name = "TEXT", value_parser = value::reason)]
    pub reason: Option<String>,

    /// Stop what could be listed even if something could not; the exit status is then at best 1.
    #[arg(long)]
    pub partial: bool,

    /// List what the plan selects on a worker when the run starts, and not here; needs --yes, as nobody can be asked about
    /// what is found. Only workers need credentials then.
    #[arg(long, help_heading = "Fleet")]
    pub list_on_workers: bool,

    #[command(flatten)]
    pub options: RunOptions,

    /// Write the report to this file; with --wait only.
    #[arg(long, value_name = "PATH", value_parser = value::output(), value_hint = ValueHint::AnyPath, requires = "wait")]
    pub report: Option<Destination>,

    /// Wait for the end of the run, show its progress and write its report. Ctrl-C cancels the run.
    #[arg(long)]
    pub wait: bool,

    /// Use this id instead of a new one. A run of this id that is going on is an error.
    #[arg(long, help_heading = "Fleet", value_name = "ID", value_parser = run_id)]
    pub id: Option<String>,

    /// Whose turn comes first where runs share a quota: 1 to 5, 1 first.
    #[arg(long, help_heading = "Fleet", value_name = "1..5", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=5))]
    pub priority: u8,

    /// Hold the lanes of this account on workers of this task queue; may be repeated.
    #[arg(long, help_heading = "Fleet", value_name = "ACCOUNT=QUEUE", value_parser = route)]
    pub route: Vec<(String, String)>,

    /// Submit to the workers of this task queue.
    #[arg(long, help_heading = "Fleet", value_name = "NAME", default_value = QUEUE)]
    pub queue: String,

    /// Tell the server what a lane did this often. A worker that is killed leaves so much of it in doubt, and other
    /// workers read that back.
    #[arg(long, help_heading = "Fleet", value_name = "DURATION", default_value = "1s", value_parser = checkpoint)]
    pub checkpoint: Duration,

    /// Give a lane to another worker when its own has not told anything for this long.
    #[arg(long, help_heading = "Fleet", value_name = "DURATION", default_value = "10s", value_parser = heartbeat_timeout)]
    pub heartbeat_timeout: Duration,

    #[command(flatten)]
    pub shown: ShownOptions,

    #[command(flatten)]
    pub connection: ConnectionArgs,
}
