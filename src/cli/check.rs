//! `allstop check`.

use clap::Args;

use super::plan::{PlanArgs, SelectionArgs};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  allstop check plans/nightly.yaml --set REGION=cn-hangzhou")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) plan: PlanArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
}
