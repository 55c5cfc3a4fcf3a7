//! The options of a run that replace what the plan says, or answer for it.

use std::time::Duration;

use clap::Args;

use crate::base::rate::Rate;
use crate::plan::MaxFailures;
use crate::session::SessionOptions;

use super::value::duration;

/// The options that each run has, whichever command begins it.
#[derive(Debug, Default, Args)]
pub(crate) struct SessionArgs {
    /// Skip the confirmation prompt; required if standard input or standard error is not a terminal.
    #[arg(short, long)]
    yes: bool,

    /// Maximum number of concurrent requests; overrides the plan.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65_536))]
    concurrency: Option<u32>,

    /// Rate limit of every lane (rate-limit group), such as `5/s` or `80/min`; overrides the plan.
    #[arg(long, value_name = "RATE")]
    rate: Option<Rate>,

    /// Failure threshold: a count such as `3`, or a percentage such as `10%`; overrides the plan.
    #[arg(long, value_name = "N|P%")]
    max_failures: Option<MaxFailures>,

    /// End after this time, such as `30m`: send nothing new, let requests in flight finish.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    deadline: Option<Duration>,

    /// Send only this notification of the plan, also in a rehearsal or a dry run; may be repeated.
    #[arg(long, value_name = "NAME")]
    notify: Vec<String>,

    /// Send no notification; no address and no secret of one is needed.
    #[arg(long, conflicts_with = "notify")]
    no_notify: bool,
}

impl From<SessionArgs> for SessionOptions {
    fn from(args: SessionArgs) -> Self {
        let SessionArgs { yes, concurrency, rate, max_failures, deadline, notify, no_notify } = args;
        Self { yes, concurrency, rate, max_failures, deadline, notify, no_notify, ..Self::default() }
    }
}
