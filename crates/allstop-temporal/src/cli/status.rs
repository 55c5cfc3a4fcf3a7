//! `allstop-temporal status`.

use allstop::cli::Output;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::result::ResultOptions;
use super::run_name::RunName;

/// The options of the status.
#[derive(Debug, Args)]
#[command(after_help = "\
Without RUN, it lists the runs of the namespace, the latest first. It needs no worker. The exit status is 0, however the \
runs stand.

Examples:
  allstop-temporal status
  allstop-temporal status nightly-2026-11-26 --watch
  allstop-temporal status nightly-2026-11-26 --output json | jq .done")]
pub struct StatusArgs {
    /// Show the lanes of this run: its id, or that of its workflow; of a run of a schedule, the name that `schedule describe` shows.
    #[arg(value_name = "RUN", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) run: Option<String>,

    /// Temporal's id of the run, if it is not the latest one of the workflow.
    #[arg(long, value_name = "ID", requires = "run", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) run_id: Option<String>,

    /// Show it anew every second: a run until it has ended, the list until Ctrl-C.
    #[arg(long)]
    pub(crate) watch: bool,

    /// Format on standard output.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output: StatusOutput,
}

/// The format of the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum StatusOutput {
    /// A table
    #[default]
    Text,
    /// One line of JSON; with --watch, one a second
    Json,
}

impl StatusArgs {
    /// Returns the run that is to be shown.
    #[must_use]
    pub fn name(&self) -> Option<RunName> {
        let run_id = self.run_id.clone();
        self.run.clone().map(|run| RunName { run, run_id })
    }

    /// Returns how errors are shown.
    #[must_use]
    pub const fn result(&self) -> ResultOptions {
        let output = match self.output {
            StatusOutput::Text => Output::Text,
            StatusOutput::Json => Output::Json,
        };
        ResultOptions { output, quiet: false }
    }
}
