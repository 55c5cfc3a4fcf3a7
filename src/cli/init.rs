//! `allstop init`.

use clap::{Args, ValueHint};

use crate::report::Destination;
use crate::service::Kind;

use super::value::{kind, output};

#[derive(Debug, Args)]
#[command(after_help = "\
You can check and rehearse the plan without changes. The resources that it names do not exist.

Examples:
  allstop init                     write plan.yaml with a target of every kind
  allstop init nightly.yaml --kind fnf_execution --kind drs_job
  allstop init - --kind live_flow | less")]
pub(crate) struct InitArgs {
    /// Where to write the plan; `-` is standard output.
    #[arg(default_value = "plan.yaml", value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) path: Destination,

    /// Write only targets of this kind; may be repeated.
    #[arg(long, value_name = "KIND", value_parser = kind())]
    pub(crate) kind: Vec<Kind>,

    /// Overwrite an existing file.
    #[arg(long)]
    pub(crate) force: bool,
}
