//! `allstop report undo`.

use clap::{Args, ValueHint};

use crate::report::Destination;
use crate::session::Input;

use super::journal::JournalArgs;
use super::value::{input, output};

#[derive(Debug, Args)]
#[command(after_help = "\
The script has a command for each target that this run stopped and that can be started again, and a comment for each other one. It starts nothing before you name a profile for each account in it. Read it first.

Examples:
  allstop report undo nightly.report.json
  allstop report undo nightly.report.json -o undo.sh
  allstop report undo incident.report.json.journal -o undo.sh")]
pub(crate) struct UndoArgs {
    /// JSON report of a live run, or its journal; `-` is standard input.
    #[arg(value_parser = input(), value_hint = ValueHint::AnyPath)]
    pub(crate) report: Input,

    #[command(flatten)]
    pub(crate) journal: JournalArgs,

    /// Write the script to this file instead of standard output; overwrite an existing file.
    #[arg(short, long, value_name = "PATH", value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) output: Option<Destination>,
}
