//! `allstop-temporal takeout`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::run_name::RunName;

/// The options of a takeout.
#[derive(Debug, Args)]
#[command(after_help = "\
The journal has the results of the run and its targets in progress, as that of `allstop run` has. `allstop resume` reads \
the state of every target in doubt before it sends anything, and writes its report beside the journal, as \
`nightly.report.json` for `nightly.journal`.

Examples:
  allstop-temporal cancel nightly-2026-11-26
  allstop-temporal takeout nightly-2026-11-26 -o nightly.journal
  allstop resume nightly.journal")]
pub struct TakeoutArgs {
    #[command(flatten)]
    pub(crate) name: RunName,

    /// Write the journal to this file.
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) output: PathBuf,

    /// Write it even if the run has not ended; make sure that no worker continues it.
    #[arg(long)]
    pub(crate) force: bool,
}
