//! `allstop init`.

use std::path::PathBuf;

use clap::Args;

use super::value::kind;
use allstop::service::Kind;

#[derive(Debug, Args)]
#[command(after_help = "\
The plan can be checked and rehearsed as it is; what it names exists nowhere.

Examples:
  allstop init                     writes plan.yaml, with a target of every kind
  allstop init nightly.yaml --kind fnf_execution --kind drs_job
  allstop init - --kind live_flow | less")]
pub(crate) struct InitArgs {
    /// Where to write it; `-` is standard output.
    #[arg(default_value = "plan.yaml")]
    pub(crate) path: PathBuf,

    /// Writes a target of this kind, and none of those that are not named; may be repeated.
    #[arg(long, value_name = "KIND", value_parser = kind())]
    pub(crate) kind: Vec<Kind>,

    /// Replaces a file that is there.
    #[arg(long)]
    pub(crate) force: bool,
}
