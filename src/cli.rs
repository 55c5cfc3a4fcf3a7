//! The command line: types only, no policy.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, Parser, Subcommand};

use allstop::operation::Kind;
use allstop::plan::{MaxFailures, Pattern};
use allstop::rate::Rate;
use allstop::report::progress::Progress;
use allstop::simulator::Faults;

/// Stops many cloud tasks at once and tells the truth about each of them.
#[derive(Debug, Parser)]
#[command(name = "allstop", version, arg_required_else_help = true, propagate_version = true)]
#[command(after_help = "\
Examples:
  allstop run plans/rehearsal.yaml --rehearse     try everything, without credentials or a network
  allstop check plan.yaml                         see what would be stopped, and how long it takes
  allstop run plan.yaml --reason 'incident 4711'  stop it
  allstop resume plan.report.json.journal         go on after a crash or Ctrl-C
  allstop retry plan.report.json                  try again what is not stopped yet

Exit status: 0 all stopped, 1 something is not, 2 bad plan or invocation, 3 a guard refused or ended the run,
4 nothing selected, 5 the report or the journal could not be written, 130/143 interrupted.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Carries a plan out and writes the report.
    Run(RunArgs),
    /// Checks a plan without any network and prints what it would stop.
    Check(CheckArgs),
    /// Goes on with a run that was interrupted or killed: nothing is lost, nothing is done twice.
    Resume(ResumeArgs),
    /// Runs again what an earlier run has not stopped, as its report says.
    Retry(RetryArgs),
    /// Serves the built-in cloud on loopback, for scripts of your own.
    Simulate(SimulateArgs),
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The plan, a YAML file; `-` is standard input.
    pub(crate) plan: PathBuf,

    /// Sets a variable that the plan uses as `${NAME}`; goes before the environment.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,
}

/// Any value of an option will do; every option that is given must agree.
#[derive(Debug, Args)]
pub(crate) struct SelectionArgs {
    /// Takes only targets that match: the id, an identifying field, or `label=value`; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "GLOB")]
    pub(crate) only: Vec<Pattern>,

    /// Leaves out targets that match, whatever the other options say; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "GLOB")]
    pub(crate) skip: Vec<Pattern>,

    /// Takes only targets of this kind; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "KIND", value_parser = kind())]
    pub(crate) kind: Vec<Kind>,

    /// Takes only targets with this label; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) label: Vec<(String, String)>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  allstop run plans/rehearsal.yaml --rehearse --yes
  allstop run plans/rehearsal.yaml --rehearse --faults storm --seed 7
  allstop run incident.yaml --only 'etl-*' --skip 'team=billing' --max-failures 10%
  allstop run nightly.yaml --yes --report /var/log/allstop/nightly.json")]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) plan: PlanArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    #[command(flatten)]
    pub(crate) options: RunOptions,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Sends nothing to targets that are done, reads the state of those in doubt before it decides, and refuses a plan that
has changed. The report is the one that an undisturbed run would have written.

Example:
  allstop resume incident.report.json.journal")]
pub(crate) struct ResumeArgs {
    /// The journal of the run, which stands beside its report.
    #[arg(value_name = "JOURNAL")]
    pub(crate) from: PathBuf,

    /// The plan, where it is not at the path that the journal names.
    #[arg(long, value_name = "PATH")]
    pub(crate) plan: Option<PathBuf>,

    /// Sets a variable that the plan uses as `${NAME}`; all that the run began with are needed again.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,

    #[command(flatten)]
    pub(crate) options: RunOptions,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Takes up what failed, is unknown, was only accepted, or was not reached. What the earlier run was told to leave alone
stays so.

Examples:
  allstop retry incident.report.json --reason 'incident 4711, permission granted'
  allstop retry incident.report.json --rehearse")]
pub(crate) struct RetryArgs {
    /// The JSON report of the earlier run.
    #[arg(value_name = "REPORT")]
    pub(crate) parent: PathBuf,

    /// The plan, where it is not at the path that the report names.
    #[arg(long, value_name = "PATH")]
    pub(crate) plan: Option<PathBuf>,

    /// Sets a variable that the plan uses as `${NAME}`; goes before the environment.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    #[command(flatten)]
    pub(crate) options: RunOptions,
}

/// How to run, whatever is run.
#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// Runs against the built-in cloud: no credentials, no outside network.
    #[arg(long)]
    pub(crate) rehearse: bool,

    #[command(flatten)]
    pub(crate) simulator: SimulatorArgs,

    /// Reads the targets' states, tells what would be stopped, and sends no stop.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Writes the report here instead of `<plan>.report.json`, or `<report>.retry.report.json` of a retry; `-` is standard output.
    #[arg(long, value_name = "PATH")]
    pub(crate) report: Option<PathBuf>,

    /// Writes the journal here instead of `<report>.journal`.
    #[arg(long, value_name = "PATH")]
    pub(crate) journal: Option<PathBuf>,

    /// Answers yes to the question before sending; needed where standard input is no terminal.
    #[arg(short, long)]
    pub(crate) yes: bool,

    /// Says why; goes into the report and, where a service takes a cause, into its history.
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    pub(crate) reason: Option<String>,

    /// Replaces the plan's bound of requests in flight.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) concurrency: Option<u32>,

    /// Replaces the rate of every lane, such as `5/s` or `80/min`.
    #[arg(long, value_name = "RATE")]
    pub(crate) rate: Option<Rate>,

    /// Replaces the plan's failure threshold: a count such as `3`, or a percentage such as `10%`.
    #[arg(long, value_name = "N|P%")]
    pub(crate) max_failures: Option<MaxFailures>,

    /// Ends the run after this time, such as `30m`: nothing new is sent, what is in flight finishes.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) deadline: Option<Duration>,

    /// How to show progress on standard error.
    #[arg(long, value_enum, default_value_t, value_name = "MODE")]
    pub(crate) progress: Progress,

    /// Shows every attempt.
    #[arg(short, long, action = ArgAction::Count, conflicts_with = "quiet")]
    pub(crate) verbose: u8,

    /// Shows nothing but errors and the summary's first line.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  allstop check plans/nightly.yaml --set REGION=cn-hangzhou")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) plan: PlanArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SimulatorArgs {
    /// Which faults the built-in cloud injects [default: some for a rehearsal, none for simulate].
    #[arg(long, value_name = "none|some|storm")]
    pub(crate) faults: Option<Faults>,

    /// Seeds the faults, so that a rehearsal can be repeated.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// How many times faster than in the world the built-in cloud's quotas and delays pass
    /// [default: 10 for a rehearsal, 1 for simulate].
    #[arg(long, value_name = "N", value_parser = speed)]
    pub(crate) speed: Option<f64>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  allstop simulate --port 18080 &
  curl http://127.0.0.1:18080/_simulator/ledger")]
pub(crate) struct SimulateArgs {
    /// Holds the targets of this plan; without one, whatever is asked for exists.
    pub(crate) plan: Option<PathBuf>,

    /// Sets a variable that the plan uses as `${NAME}`.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,

    /// Listens on this port of 127.0.0.1; 0 takes any that is free.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,

    #[command(flatten)]
    pub(crate) simulator: SimulatorArgs,
}

fn kind() -> impl TypedValueParser<Value = Kind> {
    let names = Kind::all().iter().map(|kind| kind.name());
    PossibleValuesParser::new(names).try_map(|name| Kind::named(&name).ok_or("no such kind"))
}

fn duration(text: &str) -> Result<Duration, String> {
    allstop::plan::duration(text).map_err(|error| format!("{error}; {}", error.hint(text)))
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        Some(_) | None => Err("expected NAME=VALUE".to_owned()),
    }
}

fn reason(text: &str) -> Result<String, String> {
    match text.chars().count() {
        1..=1000 => Ok(text.to_owned()),
        length => Err(format!("expected 1 to 1000 characters, got {length}")),
    }
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (0.01..=1_000_000.0).contains(&speed) => Ok(speed),
        Ok(_) | Err(_) => Err("expected a number from 0.01 to 1000000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn no_two_options_are_in_each_others_way() {
        super::Cli::command().debug_assert();
    }
}
