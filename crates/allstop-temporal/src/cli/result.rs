//! What a command shows that sends nothing itself.

use allstop::cli::{Output, ShownOptions};
use allstop::report::progress::Progress;
use clap::Args;

/// What a command shows that sends nothing itself.
#[derive(Debug, Clone, Args)]
pub struct ResultOptions {
    /// Format of the result on standard output.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub output: Output,

    /// Show only errors and the first line of the summary.
    #[arg(short, long)]
    pub quiet: bool,
}

impl ResultOptions {
    /// Returns the options for a terminal.
    #[must_use]
    pub fn shown(&self) -> ShownOptions {
        let Self { output, quiet } = *self;
        ShownOptions { progress: Progress::default(), log_format: None, output, verbose: 0, quiet }
    }
}
