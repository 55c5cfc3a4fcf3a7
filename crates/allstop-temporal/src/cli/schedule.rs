//! `allstop-temporal schedule`.

use std::time::Duration;

use allstop::cli::{LogFormat, Output, PlanArgs, RunOptions, SelectionArgs, ShownOptions, value};
use allstop::session::Input;
use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::connection::ConnectionArgs;
use super::fleet::FleetArgs;
use super::if_plan::IfPlan;
use super::result::ResultOptions;
use super::value::{catchup, run_id};
use crate::schedule::{Cron, Overlap, Zone};

/// The options of runs that a schedule has not.
const REFUSED: [&str; 5] = ["shard", "html", "markdown", "junit", "notify"];

/// The commands of schedules.
#[derive(Debug, Args)]
pub struct ScheduleArgs {
    /// The command.
    #[command(subcommand)]
    pub command: ScheduleCommand,
}

/// A command of schedules.
#[derive(Debug, Subcommand)]
pub enum ScheduleCommand {
    /// Check and confirm a plan, and have it run at the times of a cron expression.
    Create(Box<CreateArgs>),
    /// Change the plan of a schedule, its times, or both.
    Update(Box<UpdateArgs>),
    /// List the schedules of the namespace.
    List(ListArgs),
    /// Show a schedule: its plan, its next times, its runs.
    Describe(DescribeArgs),
    /// Have a schedule start nothing until it is resumed.
    Pause(NotedArgs),
    /// Have a paused schedule start runs again.
    Resume(NotedArgs),
    /// Have a schedule start a run now.
    Trigger(NamedArgs),
    /// Delete a schedule; its runs stay.
    Delete(NamedArgs),
}

/// What the runs of a schedule do, frozen when it is made.
#[derive(Debug, Args)]
// They are refused with a hint.
#[command(mut_args(|arg| if REFUSED.contains(&arg.get_id().as_str()) { arg.hide(true) } else { arg }))]
pub struct FrozenArgs {
    /// The plan.
    #[command(flatten)]
    pub plan: PlanArgs,

    /// Which of its targets.
    #[command(flatten)]
    pub selection: SelectionArgs,

    /// Reason for the stops, recorded in the reports and, if the service accepts a cause, in its history.
    #[arg(long, value_name = "TEXT", value_parser = value::reason)]
    pub reason: Option<String>,

    /// Have each run stop what could be listed even if something could not; its exit status is then at best 1.
    #[arg(long)]
    pub partial: bool,

    /// What every run has.
    #[command(flatten)]
    pub options: RunOptions,

    /// How the fleet carries it out.
    #[command(flatten)]
    pub fleet: FleetArgs,
}

/// What is shown of a schedule that is made or changed. No run goes on: there is no progress to show, and no attempt.
#[derive(Debug, Clone, Args)]
pub struct MadeOptions {
    /// Format of log messages on standard error.
    #[arg(long, value_enum, value_name = "FORMAT")]
    log_format: Option<LogFormat>,

    /// Format of the schedule on standard output.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output: ScheduleOutput,

    /// Show only errors, and the schedule.
    #[arg(short, long)]
    quiet: bool,
}

impl MadeOptions {
    /// Returns the options for a terminal.
    #[must_use]
    pub fn shown(&self) -> ShownOptions {
        let Self { log_format, output, quiet } = *self;
        ShownOptions { log_format, quiet, ..output.shown() }
    }
}

/// The options of a new schedule.
#[derive(Debug, Args)]
#[command(after_help = "\
The plan, its files and the values of its variables are frozen now: a change of the file needs `schedule update`. What \
a plan selects is listed by a worker at each start; such a plan needs --yes, as nobody can be asked. A \
window in the guards of the plan is looked at on every run. A cron expression has five fields: minute, hour, day of the \
month, month, day of the week; all of them must match.

Examples:
  allstop-temporal schedule create nightly plan.yaml --cron '30 2 * * *' --yes
  allstop-temporal schedule create weekend plan.yaml --cron '0 20 * * fri' \\
    --timezone Europe/Berlin --deadline 4h --reason weekend")]
pub struct CreateArgs {
    /// The name of the schedule.
    #[arg(value_name = "NAME", value_parser = run_id)]
    pub name: String,

    /// What its runs do.
    #[command(flatten)]
    pub frozen: FrozenArgs,

    /// Start runs at these times, such as `30 2 * * *`.
    #[arg(long, help_heading = "Schedule", value_name = "CRON")]
    pub cron: Cron,

    /// The time zone of --cron.
    #[arg(long, help_heading = "Schedule", value_name = "ZONE", default_value = "UTC")]
    pub timezone: Zone,

    /// What happens if a run is in progress when the next is to start.
    #[arg(long, help_heading = "Schedule", value_enum, value_name = "WHAT", default_value = "skip")]
    pub overlap: Overlap,

    /// Start a run at most this late, if the server was down when it was due; later, it is left out.
    #[arg(long, help_heading = "Schedule", value_name = "DURATION", default_value = "1h", value_parser = catchup)]
    pub catchup: Duration,

    /// What is shown.
    #[command(flatten)]
    pub shown: MadeOptions,

    /// The connection.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

/// What is to change of a schedule.
#[derive(Debug, Args)]
#[command(after_help = "\
With a plan, all of what its runs do is replaced: give the options of `schedule create` again. Options that change are \
listed before the confirmation. Times and the rest stay as they are unless they are given. A run in progress is not changed.

Examples:
  allstop-temporal schedule update nightly plan.yaml --yes
  allstop-temporal schedule update nightly --cron '0 3 * * *'")]
pub struct UpdateArgs {
    /// The name of the schedule.
    #[arg(value_name = "NAME", value_parser = run_id)]
    pub name: String,

    /// What its runs are to do, if that changes.
    #[command(flatten)]
    pub frozen: IfPlan<FrozenArgs>,

    /// Start runs at these times, such as `30 2 * * *`.
    #[arg(long, help_heading = "Schedule", value_name = "CRON")]
    pub cron: Option<Cron>,

    /// The time zone of the times.
    #[arg(long, help_heading = "Schedule", value_name = "ZONE")]
    pub timezone: Option<Zone>,

    /// What happens if a run is in progress when the next is to start.
    #[arg(long, help_heading = "Schedule", value_enum, value_name = "WHAT")]
    pub overlap: Option<Overlap>,

    /// Start a run at most this late, if the server was down when it was due; later, it is left out.
    #[arg(long, help_heading = "Schedule", value_name = "DURATION", value_parser = catchup)]
    pub catchup: Option<Duration>,

    /// What is shown.
    #[command(flatten)]
    pub shown: MadeOptions,

    /// The connection.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

/// The format in which schedules are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ScheduleOutput {
    /// Lines to read
    #[default]
    Text,
    /// One line of JSON
    Json,
}

impl ScheduleOutput {
    /// Returns how errors are shown.
    #[must_use]
    pub fn shown(self) -> ShownOptions {
        let output = match self {
            Self::Text => Output::Text,
            Self::Json => Output::Json,
        };
        ResultOptions { output, quiet: false }.shown()
    }
}

/// The options of the list of schedules.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Format on standard output.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub output: ScheduleOutput,

    /// The connection.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

/// The options of what is shown of a schedule.
#[derive(Debug, Args)]
#[command(after_help = "\
With --check, the exit status is 1 if the plan is not the one that is frozen.

Examples:
  allstop-temporal schedule describe nightly
  allstop-temporal schedule describe nightly --check plan.yaml")]
pub struct DescribeArgs {
    /// The name of the schedule.
    #[arg(value_name = "NAME", value_parser = run_id)]
    pub name: String,

    /// Compare this plan, with the files that it names, with the one that is frozen.
    #[arg(long, value_name = "PLAN", value_parser = value::input(), value_hint = ValueHint::AnyPath)]
    pub check: Option<Input>,

    /// Set a variable that the plan of --check uses as `${NAME}`.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = value::key_value, requires = "check")]
    pub set: Vec<(String, String)>,

    /// Format on standard output.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub output: ScheduleOutput,

    /// The connection.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

/// A schedule, and why something is done to it.
#[derive(Debug, Args)]
pub struct NotedArgs {
    /// The name of the schedule.
    #[arg(value_name = "NAME", value_parser = run_id)]
    pub name: String,

    /// Why; the server keeps it with the schedule, and does not encrypt it.
    #[arg(long, value_name = "TEXT", value_parser = value::reason)]
    pub reason: Option<String>,

    /// The connection.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

/// A schedule.
#[derive(Debug, Args)]
pub struct NamedArgs {
    /// The name of the schedule.
    #[arg(value_name = "NAME", value_parser = run_id)]
    pub name: String,

    /// The connection.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use crate::cli::Cli;

    #[test]
    fn the_help_of_output_is_that_of_schedules() {
        let mut commands = Cli::command();
        let schedules = commands.find_subcommand_mut("schedule").unwrap();
        for command in ["create", "update", "list", "describe"] {
            let help = schedules.find_subcommand_mut(command).unwrap().render_long_help().to_string();
            assert!(help.contains("text: Lines to read") && !help.contains("--report -"), "{command}: {help}");
        }
    }

    #[test]
    fn what_only_a_run_shows_is_not_offered() {
        for command in [&["create", "--cron", "30 2 * * *"][..], &["update"]] {
            let line = ["allstop-temporal", "schedule"].into_iter().chain(command.iter().copied());
            let line = line.chain(["nightly", "plan.yaml", "--log-format", "json", "--output", "json", "--quiet"]);
            Cli::try_parse_from(line.clone()).unwrap();
            for option in ["--progress=json", "-v"] {
                let error = Cli::try_parse_from(line.clone().chain([option])).unwrap_err();
                assert_eq!(error.kind(), clap::error::ErrorKind::UnknownArgument, "{command:?}: {error}");
            }
        }
    }
}
