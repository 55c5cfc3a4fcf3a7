//! `allstop run`, `resume` and `retry`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args};

use super::plan::{PlanArgs, SelectionArgs};
use super::report::ExportArgs;
use super::simulate::SimulatorArgs;
use super::value::{duration, key_value, reason};
use allstop::plan::MaxFailures;
use allstop::rate::Rate;
use allstop::report::progress::Progress;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  allstop run plans/rehearsal.yaml --rehearse --yes
  allstop run plans/rehearsal.yaml --rehearse --faults storm --seed 7
  allstop run plan.yaml --only 'etl-*' --skip 'team=billing' --max-failures 10%
  allstop run plan.yaml --yes --report reports/plan.json --junit nightly.xml
  allstop run nightly.yaml --yes --markdown - >> \"$GITHUB_STEP_SUMMARY\"")]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) plan: PlanArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    #[command(flatten)]
    pub(crate) begin: BeginOptions,

    #[command(flatten)]
    pub(crate) options: RunOptions,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Says how old the journal is and what is left, and asks once. Sends nothing to targets that are done, reads the \
state of those in doubt before it decides, and refuses a plan that has changed. It keeps the run's own --rate, \
--concurrency, --max-failures and --deadline, which ends when it was first meant to, unless you give others. The \
report is the one that an undisturbed run would have written.

Examples:
  allstop resume incident.report.json.journal
  allstop resume incident.report.json.journal --yes --deadline 30m")]
pub(crate) struct ResumeArgs {
    /// The journal of the run, which stands beside its report.
    #[arg(value_name = "JOURNAL")]
    pub(crate) from: PathBuf,

    /// The plan, where it is not at the path that the journal names.
    #[arg(long, value_name = "PATH")]
    pub(crate) plan: Option<PathBuf>,

    /// Sets a variable that the plan uses as `${NAME}`; all that the run began with are needed again.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,

    /// Writes the report here instead of where the run was told to; `-` is standard output.
    #[arg(long, value_name = "PATH")]
    pub(crate) report: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) options: RunOptions,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Takes up what failed, is unknown, was only accepted, or was not reached. What the earlier run was told to leave \
alone stays so.

Examples:
  allstop retry incident.report.json --reason 'permission granted'
  allstop retry incident.report.json --rehearse")]
pub(crate) struct RetryArgs {
    /// The JSON report of the earlier run.
    #[arg(value_name = "REPORT")]
    pub(crate) parent: PathBuf,

    /// The plan, where it is not at the path that the report names.
    #[arg(long, value_name = "PATH")]
    pub(crate) plan: Option<PathBuf>,

    /// Sets a variable that the plan uses as `${NAME}`; goes before the environment.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    #[command(flatten)]
    pub(crate) begin: BeginOptions,

    #[command(flatten)]
    pub(crate) options: RunOptions,
}

/// How messages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// Lines of JSON
    Json,
}

/// What standard output is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Output {
    /// Nothing, or the report with `--report -`
    #[default]
    Text,
    /// One line of JSON that says how it ended
    Json,
}

/// What only a run that begins can be told.
#[derive(Debug, Default, Args)]
pub(crate) struct BeginOptions {
    /// Runs against the built-in cloud: no credentials, no outside network.
    #[arg(long)]
    pub(crate) rehearse: bool,

    #[command(flatten)]
    pub(crate) simulator: SimulatorArgs,

    /// Reads the targets' states, tells what would be stopped, and sends no stop.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Writes the report here instead of `<plan>.report.json`, or `<report>.retry.report.json` of a retry; `-` is
    /// standard output. With --rehearse or --dry-run, `.rehearsal` or `.dry-run` stands before `.report.json`.
    #[arg(long, value_name = "PATH")]
    pub(crate) report: Option<PathBuf>,

    /// Writes the journal here instead of `<report>.journal`.
    #[arg(long, value_name = "PATH")]
    pub(crate) journal: Option<PathBuf>,

    /// Says why; goes into the report and, where a service takes a cause, into its history.
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    pub(crate) reason: Option<String>,
}

/// How to run, whatever is run.
#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    #[command(flatten)]
    pub(crate) exports: ExportArgs,

    /// Answers yes to the question before sending; needed where standard input or standard error is no terminal.
    #[arg(short, long)]
    pub(crate) yes: bool,

    /// Replaces the plan's bound of requests in flight.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub(crate) concurrency: Option<u32>,

    /// Replaces the rate of every lane, such as `5/s` or `80/min`.
    #[arg(long, value_name = "RATE")]
    pub(crate) rate: Option<Rate>,

    /// Replaces the plan's failure threshold: a count such as `3`, or a percentage such as `10%`.
    #[arg(long, value_name = "N|P%")]
    pub(crate) max_failures: Option<MaxFailures>,

    /// Ends the run after this time, such as `30m`: nothing new is sent, what is in flight finishes.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) deadline: Option<Duration>,

    /// How to show progress on standard error.
    #[arg(long, value_enum, default_value_t, value_name = "MODE")]
    pub(crate) progress: Progress,

    /// How to write on standard error what is not progress; `json` is for both, as with `--progress json`.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) log_format: Option<LogFormat>,

    /// What to write to standard output when the command ends.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output: Output,

    /// Shows every attempt; twice, also every read and each change of a lane's rate, and why.
    #[arg(short, long, action = ArgAction::Count, conflicts_with = "quiet")]
    pub(crate) verbose: u8,

    /// Shows nothing but errors and the summary's first line.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
