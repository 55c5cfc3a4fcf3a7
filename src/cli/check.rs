//! `allstop check`.

use clap::Args;

use super::plan::{PlanArgs, SelectionArgs};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  allstop check plan.yaml
  allstop check plan.yaml --only 'etl-*' --set REGION=cn-hangzhou
  allstop check plan.yaml --list
  allstop check plan.yaml --output json | jq .at_worst_seconds")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) plan: PlanArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    /// Names every target that would be stopped, and every protected one.
    #[arg(long)]
    pub(crate) list: bool,

    /// Says it for people, or for programs: as one line of JSON, also where something is wrong.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output: CheckOutput,
}

/// How the answer is written; the option's own line says what they are, which keeps the help short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum CheckOutput {
    #[default]
    Text,
    Json,
}
