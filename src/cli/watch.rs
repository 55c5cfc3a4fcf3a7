//! `allstop watch`.

use std::time::Duration;

use clap::{Args, ValueHint};

use crate::session::{BeginOptions, Input, SessionOptions};

use super::plan::{PlanArgs, SelectionArgs};
use super::run::{MetricsArgs, ShownOptions};
use super::session::SessionArgs;
use super::simulate::SimulatorArgs;
use super::value::{duration, input, reason};

#[derive(Debug, Args)]
#[command(after_help = "\
`watch` runs the plan again and again. Each round lists what the plan selects, stops it, and writes a report and a \
journal of its own into the directory `PLAN.watch`. It asks once, before the first round. guards.max_targets, \
guards.max_failures (--max-failures) and --deadline count over all rounds. A deadline also ends a round that has begun.

Exit status: 0 the last round found nothing and all targets are stopped, 1 something is not stopped or came back until \
the end, 3 ended by a guard.

Examples:
  allstop watch plan.yaml --for 2h --reason 'incident 4711'
  allstop watch plan.yaml --for 8h --every 5m --until-quiet 30m --yes
  allstop watch plan.yaml --for 2h --until-quiet 10m --rehearse
  allstop resume plan.watch/0002.report.json.journal")]
pub(crate) struct WatchArgs {
    #[command(flatten)]
    pub(crate) plan: PlanArgs,

    /// Watch for this time, such as `2h`; no round begins after it.
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    pub(crate) lasts: Duration,

    /// Wait this time between the end of a round and the beginning of the next one; at least 10s.
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "1m")]
    pub(crate) every: Duration,

    /// End when the rounds have found nothing for this time, such as `10m`.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) until_quiet: Option<Duration>,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    /// Stop what could be listed even if something could not; the exit status is then at best 1.
    #[arg(long)]
    pub(crate) partial: bool,

    /// Run against the simulator: no credentials, no outside network. --speed divides --for, --every and --until-quiet.
    #[arg(long)]
    pub(crate) rehearse: bool,

    #[command(flatten)]
    pub(crate) simulator: SimulatorArgs,

    /// Rehearse on the resources of this file, one JSON object a line, as `discover --state any --output ndjson` writes
    /// them.
    #[arg(long, value_name = "FILE", value_parser = input(), value_hint = ValueHint::FilePath, requires = "rehearse")]
    pub(crate) world: Option<Input>,

    /// Not possible: refused with the reason.
    #[arg(long, hide = true)]
    pub(crate) dry_run: bool,

    /// Reason for the stops, recorded in the reports and, if the service accepts a cause, in its history.
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    pub(crate) reason: Option<String>,

    #[command(flatten)]
    pub(crate) session: SessionArgs,

    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,

    #[command(flatten)]
    pub(crate) shown: ShownOptions,
}

impl WatchArgs {
    /// Returns the options of each round that only a new run has.
    pub(crate) fn begin(&mut self) -> BeginOptions {
        BeginOptions {
            rehearsal: self.rehearse.then(|| self.simulator.rehearsal()),
            dry_run: self.dry_run,
            reason: self.reason.take(),
            partial: self.partial,
            ..BeginOptions::default()
        }
    }

    /// Returns the options of each round that every run has.
    pub(crate) fn session(&mut self) -> SessionOptions {
        std::mem::take(&mut self.metrics).add_to(std::mem::take(&mut self.session))
    }
}
