//! `allstop accounts`.

use clap::Args;

use crate::plan::Pattern;

use super::plan::PlanArgs;

#[derive(Debug, Args)]
#[command(after_help = "\
`accounts` gets the credentials of each account as a run would, asks once whose they are, and stops nothing. It exits \
with 2 if they cannot be had, if they are not those of the account that the plan states, or if a Huawei Cloud project \
is not found.

Examples:
  allstop accounts plan.yaml
  allstop accounts plan.yaml --account 'ali-*'
  allstop whoami plan.yaml --json | jq '.accounts[].account_id'")]
pub(crate) struct AccountsArgs {
    #[command(flatten)]
    pub(crate) plan: PlanArgs,

    /// Ask only about accounts whose name in the plan matches; may be repeated.
    #[arg(long, value_name = "GLOB")]
    pub(crate) account: Vec<Pattern>,

    /// Print one line of JSON instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
}
