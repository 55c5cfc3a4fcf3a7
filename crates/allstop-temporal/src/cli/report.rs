//! `allstop-temporal report`.

use allstop::cli::ExportArgs;
use allstop::cli::value::output;
use allstop::report::Destination;
use clap::{Args, ValueHint};

use super::result::ResultOptions;
use super::run_name::RunName;

/// Write the report of a run.
#[derive(Debug, Args)]
#[command(after_help = "\
The report is made from what Temporal stores, on any machine and without a worker. The exit status is that of the run; \
of a run that has not ended, the report shows what it has done so far, and the exit status is 1.

Examples:
  allstop-temporal report nightly-2026-11-26
  allstop-temporal report nightly-2026-11-26 --report now.json --html now.html")]
pub struct ReportArgs {
    #[command(flatten)]
    pub(crate) name: RunName,

    /// Write the report to this file instead of `<plan>.report.json`; `-` is standard output.
    #[arg(long, value_name = "PATH", value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) report: Option<Destination>,

    #[command(flatten)]
    pub(crate) exports: ExportArgs,

    /// What it shows.
    #[command(flatten)]
    pub result: ResultOptions,
}
