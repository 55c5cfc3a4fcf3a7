//! `allstop run`, `resume` and `retry`.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueHint};

use crate::report::Destination;
use crate::report::progress::Progress;
use crate::session::{self, Input, SessionOptions};

use super::plan::{PlanArgs, SelectionArgs};
use super::report::ExportArgs;
use super::session::SessionArgs;
use super::simulate::SimulatorArgs;
use super::value::{input, key_value, output, reason};

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

    /// Rehearse on the resources of this file, one JSON object a line, as `discover --state any --output ndjson` writes
    /// them.
    #[arg(long, value_name = "FILE", value_parser = input(), value_hint = ValueHint::FilePath, requires = "rehearse")]
    pub(crate) world: Option<Input>,

    /// Stop what could be listed even if something could not; the exit status is then at best 1.
    #[arg(long)]
    pub(crate) partial: bool,

    /// Run a reviewed plan even if it has been run before.
    #[arg(long)]
    pub(crate) again: bool,

    #[command(flatten)]
    pub(crate) begin: BeginOptions,

    #[command(flatten)]
    pub(crate) options: RunOptions,

    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,

    #[command(flatten)]
    pub(crate) shown: ShownOptions,
}

#[derive(Debug, Args)]
#[command(after_help = "\
`resume` shows how old the journal is and what is left, then asks for confirmation. It sends nothing to targets that \
are done, and reads the state of targets in doubt before it decides. It refuses a plan that has changed. It keeps \
--rate, --concurrency, --max-failures and --deadline of the interrupted run unless you override them; the deadline \
does not move. The report is the one that an uninterrupted run would have written.

Examples:
  allstop resume incident.report.json.journal
  allstop resume incident.report.json.journal --yes --deadline 30m")]
pub(crate) struct ResumeArgs {
    /// Journal of the run, next to its report.
    #[arg(value_name = "JOURNAL")]
    pub(crate) from: PathBuf,

    /// Path of the plan, if it is not at the path recorded in the journal.
    #[arg(long, value_name = "PATH", value_parser = input(), value_hint = ValueHint::AnyPath)]
    pub(crate) plan: Option<Input>,

    /// Set a variable that the plan uses as `${NAME}`; every variable of the interrupted run is needed again.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,

    /// Write the report to this file instead of the interrupted run's path; `-` is standard output.
    #[arg(long, value_name = "PATH", value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) report: Option<Destination>,

    #[command(flatten)]
    pub(crate) options: RunOptions,

    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,

    #[command(flatten)]
    pub(crate) shown: ShownOptions,
}

#[derive(Debug, Args)]
#[command(after_help = "\
`retry` takes the targets that failed, are unknown, were only accepted, \
or were not reached. Targets that the earlier run left out stay left out.

Examples:
  allstop retry incident.report.json --reason 'permission granted'
  allstop retry incident.report.json --rehearse")]
pub(crate) struct RetryArgs {
    /// JSON report of the earlier run.
    #[arg(value_name = "REPORT")]
    pub(crate) parent: PathBuf,

    /// Path of the plan, if it is not at the path recorded in the report.
    #[arg(long, value_name = "PATH", value_parser = input(), value_hint = ValueHint::AnyPath)]
    pub(crate) plan: Option<Input>,

    /// Set a variable that the plan uses as `${NAME}`; takes precedence over environment variables.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    #[command(flatten)]
    pub(crate) begin: BeginOptions,

    #[command(flatten)]
    pub(crate) options: RunOptions,

    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,

    #[command(flatten)]
    pub(crate) shown: ShownOptions,
}

/// The format of log messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Plain text
    Text,
    /// JSON lines
    Json,
}

/// The format of the result on standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Output {
    /// Nothing, or the report with `--report -`
    #[default]
    Text,
    /// One line of JSON with the result
    Json,
}

/// The options that only a new run has.
#[derive(Debug, Default, Args)]
pub(crate) struct BeginOptions {
    /// Run against the simulator: no credentials, no outside network.
    #[arg(long)]
    pub(crate) rehearse: bool,

    #[command(flatten)]
    pub(crate) simulator: SimulatorArgs,

    /// Read the targets' states and report what would be stopped; send no stop request.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Write the report to this file instead of `<plan>.report.json`, or `<report>.retry.report.json` for a retry;
    /// `-` is standard output. With --rehearse or --dry-run, the default name ends in `.rehearsal.report.json` or
    /// `.dry-run.report.json`.
    #[arg(long, value_name = "PATH", value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) report: Option<Destination>,

    /// Write the journal to this file instead of `<report>.journal`.
    #[arg(long, value_name = "PATH")]
    pub(crate) journal: Option<PathBuf>,

    /// Reason for the stop, recorded in the report and, if the service accepts a cause, in its history.
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    pub(crate) reason: Option<String>,
}

impl From<BeginOptions> for session::BeginOptions {
    fn from(args: BeginOptions) -> Self {
        let BeginOptions { rehearse, simulator, dry_run, report, journal, reason } = args;
        let rehearsal = rehearse.then(|| simulator.rehearsal());
        Self { rehearsal, dry_run, report, journal, reason, ..Self::default() }
    }
}

/// The options that every run has, also one that is resumed or retried.
#[derive(Debug, Args)]
pub struct RunOptions {
    #[command(flatten)]
    exports: ExportArgs,

    #[command(flatten)]
    session: SessionArgs,
}

impl From<RunOptions> for SessionOptions {
    fn from(args: RunOptions) -> Self {
        let RunOptions { exports, session } = args;
        Self { exports: exports.places(), ..session.into() }
    }
}

/// Where the metrics of a run go.
#[derive(Debug, Default, Args)]
pub(crate) struct MetricsArgs {
    /// Write metrics of the run to this file, for the textfile collector of Prometheus' node_exporter; `-` is standard
    /// output. A run that is refused or cannot begin writes them, too.
    #[arg(long, help_heading = "Further reports", value_name = "PATH", value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) metrics: Option<Destination>,
}

impl MetricsArgs {
    /// Adds them to the options of a session.
    pub(crate) fn add_to(self, options: impl Into<SessionOptions>) -> SessionOptions {
        SessionOptions { metrics: self.metrics, ..options.into() }
    }
}

/// What a run shows, and how.
#[derive(Debug, Clone, Args)]
pub struct ShownOptions {
    /// How to show progress on standard error.
    #[arg(long, value_enum, default_value_t, value_name = "MODE")]
    pub progress: Progress,

    /// Format of log messages on standard error; `json`, here or with --progress, sets both.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,

    /// Format of the result on standard output.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub output: Output,

    /// Show every attempt; twice, also show every read and every change of a lane's rate, with the reason.
    #[arg(short, long, action = ArgAction::Count, conflicts_with = "quiet")]
    pub verbose: u8,

    /// Show only errors and the first line of the summary.
    #[arg(short, long)]
    pub quiet: bool,
}
