//! `allstop-temporal submit`.

use allstop::cli::{PlanArgs, RunOptions, SelectionArgs, ShownOptions, value};
use allstop::report::Destination;
use clap::{Args, ValueHint};

use super::connection::ConnectionArgs;
use super::fleet::FleetArgs;
use super::value::{progress, run_id};

/// The options of a submission.
#[derive(Debug, Args)]
#[command(after_help = "\
The plan, its files, the values of its variables and what its selections find are frozen now, or with --list-on-workers \
before the first stop. Workers have the credentials. The exit status is 0 when the run is started; with --wait it is that of the run. Without --wait, the id of the run is on standard output; with --output json as \
`{\"version\":1,\"run\":{\"id\":\"…\"}}`, on one line.

With --wait, the first Ctrl-C or SIGTERM cancels the run and waits for its report; a second one ends the command at once, \
and `status` shows whether the run was cancelled before. SIGHUP, such as of a lost connection, ends the command with 129, and the run \
continues.

Examples:
  allstop-temporal submit plan.yaml --wait --report incident.report.json
  allstop-temporal submit nightly.yaml --yes --reason nightly --deadline 2h
  allstop-temporal submit idle.yaml --list-on-workers --yes --deadline 30m
  allstop-temporal submit plan.yaml --route prod=allstop.prod --priority 1")]
// It is refused with a hint.
#[command(mut_arg("shard", |arg| arg.hide(true)), mut_arg("notify", |arg| arg.hide(true)))]
// A submission sees what workers tell Temporal: no attempts, and no bars.
#[command(mut_arg("progress", |arg| {
    arg.value_parser(progress()).help("How to show on standard error what is listed and, with --wait, how far the run is")
}))]
#[command(mut_arg("verbose", |arg| {
    arg.help("Show also where the run goes, whose the accounts of a listing are, and, with --wait, what each lane does")
}))]
pub struct SubmitArgs {
    /// The plan.
    #[command(flatten)]
    pub plan: PlanArgs,

    /// Which of its targets.
    #[command(flatten)]
    pub selection: SelectionArgs,

    /// Reason for the stop, recorded in the report and, if the service accepts a cause, in its history.
    #[arg(long, value_name = "TEXT", value_parser = value::reason)]
    pub reason: Option<String>,

    /// Stop what could be listed even if something could not; the exit status is then at best 1.
    #[arg(long)]
    pub partial: bool,

    /// List what the plan selects on a worker when the run starts, and not here; needs --yes, as nobody can be asked about
    /// what is found. Only workers need credentials then.
    #[arg(long, help_heading = "Fleet")]
    pub list_on_workers: bool,

    /// What every run has.
    #[command(flatten)]
    pub options: RunOptions,

    /// Write the report to this file; with --wait only.
    #[arg(long, value_name = "PATH", value_parser = value::output(), value_hint = ValueHint::AnyPath, requires = "wait")]
    pub report: Option<Destination>,

    /// Wait for the end of the run, show its progress and write its report. Ctrl-C cancels the run; a lost terminal does not.
    #[arg(long)]
    pub wait: bool,

    /// Id of the run, instead of a new one; an error if there is a run of this id already.
    #[arg(long, help_heading = "Fleet", value_name = "ID", value_parser = run_id)]
    pub id: Option<String>,

    /// How the fleet carries it out.
    #[command(flatten)]
    pub fleet: FleetArgs,

    /// What is shown.
    #[command(flatten)]
    pub shown: ShownOptions,

    /// Is refused with a hint.
    #[arg(long, hide = true)]
    pub rehearse: bool,

    /// Is refused with a hint.
    #[arg(long, hide = true)]
    pub dry_run: bool,

    /// The connection.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}
