//! `allstop plan`.

use std::time::Duration;

use clap::{Args, ValueHint};

use crate::report::Destination;

use super::check::CheckOutput;
use super::plan::{PlanArgs, SelectionArgs};
use super::value::{duration, output};

#[derive(Debug, Args)]
#[command(after_help = "\
`plan` lists what the plan selects, and writes it as a reviewed plan: one line for each target, sealed and dated. \
`allstop run FILE` stops these targets and never more. After 10 minutes it lists again, and stops what still matches. \
FILE is replaced even if nothing is found, by a plan that cannot be run.

Examples:
  allstop plan nightly.yaml -o reviewed.yaml
  allstop plan nightly.yaml -o reviewed.yaml --valid-for 3d
  allstop plan nightly.yaml -o reviewed.yaml --skip 'team=billing'
  allstop plan reviewed.yaml -o now.yaml     list a reviewed plan again")]
pub(crate) struct ReviewArgs {
    #[command(flatten)]
    pub(crate) plan: PlanArgs,

    /// Write the reviewed plan to this file.
    #[arg(short = 'o', value_name = "FILE", required = true, value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) file: Destination,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    /// How long the reviewed plan can be run, such as `3d`; at most 30 days.
    #[arg(long, value_name = "DURATION", default_value = "4h", value_parser = duration)]
    pub(crate) valid_for: Duration,

    /// Write what could be listed even if something could not; the exit status is then 1.
    #[arg(long)]
    pub(crate) partial: bool,

    /// Overwrite a FILE that allstop did not write.
    #[arg(long)]
    pub(crate) force: bool,

    /// Format of the result on standard output: text, or one line of JSON.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output: CheckOutput,
}
