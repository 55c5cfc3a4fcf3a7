//! `allstop-temporal cancel`.

use allstop::cli::value::reason;
use clap::Args;

use super::run_name::RunName;

/// The options of a cancellation.
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing new is sent, requests in flight finish, and the report has a row for every target. The run ends as one that \
Ctrl-C ends, with exit status 130.

Examples:
  allstop-temporal cancel nightly-2026-11-26
  allstop-temporal cancel nightly-2026-11-26 --reason 'wrong account'")]
pub struct CancelArgs {
    #[command(flatten)]
    pub(crate) name: RunName,

    /// Reason for the cancellation, shown by Temporal and in the summary.
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    pub(crate) reason: Option<String>,
}
