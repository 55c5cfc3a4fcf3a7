//! The commands.

use clap::{Parser, Subcommand};

use super::schedule::ScheduleArgs;
use super::submit::SubmitArgs;
use super::worker::WorkerArgs;

/// Run plans of allstop on Temporal: several workers, one quota, one report.
#[derive(Debug, Parser)]
#[command(name = "allstop-temporal", version, arg_required_else_help = true, propagate_version = true)]
#[command(after_help = "\
Examples:
  temporal server start-dev                         start a server to try it
  allstop-temporal worker                           serve runs
  allstop-temporal submit plan.yaml --wait          run a plan and wait for it

Exit status: as that of allstop.")]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve runs until a signal comes; then hand the lanes over.
    Worker(WorkerArgs),
    /// Check and confirm a plan, and start its run.
    Submit(Box<SubmitArgs>),
    /// Run plans at fixed times, such as every night.
    Schedule(ScheduleArgs),
}
