//! The commands.

use clap::{Args, Parser, Subcommand};

use super::cancel::CancelArgs;
use super::connection::ConnectionArgs;
use super::report::ReportArgs;
use super::schedule::ScheduleArgs;
use super::status::StatusArgs;
use super::submit::SubmitArgs;
use super::takeout::TakeoutArgs;
use super::worker::WorkerArgs;

/// Run plans of allstop on Temporal: several workers, one quota, one report.
#[derive(Debug, Parser)]
#[command(name = "allstop-temporal", version, arg_required_else_help = true, propagate_version = true)]
#[command(after_help = "\
Examples:
  temporal server start-dev                         start a server to try it
  allstop-temporal worker                           serve runs
  allstop-temporal submit plan.yaml --wait          run a plan and wait for it
  allstop-temporal status RUN --watch               watch the lanes of a run
  allstop-temporal report RUN                       write the report of a run

The exit status has the meanings that `allstop --help` lists.")]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve runs until a signal comes; then hand the lanes over.
    Worker(Box<WorkerArgs>),
    /// Check and confirm a plan, and start its run.
    Submit(Box<SubmitArgs>),
    /// Run plans at fixed times, such as every night.
    Schedule(Box<ScheduleArgs>),
    /// List the runs of the namespace, or show the lanes of one.
    Status(Box<Connected<StatusArgs>>),
    /// Write the report of a run, from what Temporal stores.
    Report(Box<Connected<ReportArgs>>),
    /// End a run early: nothing new is sent, and the report is complete.
    Cancel(Box<Connected<CancelArgs>>),
    /// Write a run as a journal, to resume it on one machine.
    Takeout(Box<Connected<TakeoutArgs>>),
}

/// The options of a command, and the connection.
#[derive(Debug, Args)]
pub struct Connected<A: Args> {
    /// The options of the command.
    #[command(flatten)]
    pub args: A,

    /// The connection.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}
