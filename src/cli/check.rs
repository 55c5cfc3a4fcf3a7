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

    /// List every target that would be stopped, and every protected target.
    #[arg(long)]
    pub(crate) list: bool,

    /// Exit with 2 if the machine has no credentials for an account, or broken ones, or lacks a secret of a notification;
    /// without it, that is only said.
    #[arg(long)]
    pub(crate) credentials: bool,

    /// Output format: text for people, or one line of JSON, also if the plan is wrong.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output: CheckOutput,
}

/// The output format. The option's own line describes the values, which keeps the help short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum CheckOutput {
    #[default]
    Text,
    Json,
}
