//! `allstop check`.

use clap::Args;

use super::plan::{PlanArgs, SelectionArgs};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  allstop check plan.yaml
  allstop check plan.yaml --only 'etl-*' --set REGION=cn-hangzhou")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) plan: PlanArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
}
