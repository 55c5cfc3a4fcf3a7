//! `allstop notify`.

use clap::Args;

use super::plan::PlanArgs;

#[derive(Debug, Args)]
#[command(after_help = "\
Without --test, nothing is sent: for each time at which a chat is notified, an example of the message is shown. Its result \
is invented. Addresses and secrets are not shown. With --test, the exit status is 1 if a message did not arrive.

Examples:
  allstop notify plan.yaml
  allstop notify plan.yaml --test
  allstop notify plan.yaml --test --notify ops")]
pub(crate) struct NotifyArgs {
    #[command(flatten)]
    pub(crate) plan: PlanArgs,

    /// Send a test message to each, and show which ones arrived.
    #[arg(long)]
    pub(crate) test: bool,

    /// Show or test only this notification; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub(crate) notify: Vec<String>,
}
