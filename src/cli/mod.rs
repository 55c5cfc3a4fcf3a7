//! The command line: types only, no policy. One file a command; [`value`] has what options are parsed with.
//!
//! Another program has the same options: it flattens the groups into its own types and [parses](parse) them.
//!
//! ```
//! use allstop::cli::{PlanArgs, SelectionArgs, value};
//! use allstop::session::SelectionOptions;
//! use clap::Parser;
//!
//! #[derive(Parser)]
//! struct Submit {
//!     #[command(flatten)]
//!     plan: PlanArgs,
//!     #[command(flatten)]
//!     selection: SelectionArgs,
//!     /// Reason for the stop.
//!     #[arg(long, value_parser = value::reason)]
//!     reason: Option<String>,
//! }
//!
//! # fn main() -> Result<(), clap::Error> {
//! let submit = Submit::try_parse_from(["submit", "plan.yaml", "--set", "REGION=cn-hangzhou", "--only", "etl-*"])?;
//! assert_eq!(submit.plan.set, [("REGION".to_owned(), "cn-hangzhou".to_owned())]);
//! let selection: SelectionOptions = submit.selection.into();
//! assert_eq!(selection.filters.only.len(), 1);
//! # Ok(())
//! # }
//! ```

mod accounts;
mod check;
mod completions;
mod discover;
mod explain;
mod history;
mod init;
mod invocation;
mod journal;
mod man;
mod notify;
mod plan;
mod report;
mod review;
mod run;
mod schema;
mod session;
mod simulate;
mod undo;
pub mod value;
mod watch;

use clap::{Parser, Subcommand};

pub(crate) use accounts::AccountsArgs;
pub(crate) use check::{CheckArgs, CheckOutput};
pub(crate) use completions::CompletionsArgs;
pub(crate) use discover::{DiscoverArgs, DiscoverOutput, State};
pub(crate) use explain::ExplainArgs;
pub(crate) use history::{HistoryArgs, PruneArgs};
pub(crate) use init::InitArgs;
pub use invocation::parse;
pub(crate) use journal::JournalArgs;
pub(crate) use man::ManArgs;
pub(crate) use notify::NotifyArgs;
pub use plan::{PlanArgs, SelectionArgs};
pub use report::ExportArgs;
pub(crate) use report::{ConvertArgs, DiffArgs, MergeArgs, ReportArgs, ReportCommand, ShowArgs};
pub(crate) use review::ReviewArgs;
pub use run::{LogFormat, Output, RunOptions, ShownOptions};
pub(crate) use run::{ResumeArgs, RetryArgs, RunArgs};
pub(crate) use schema::{Schema, SchemaArgs};
pub(crate) use simulate::SimulateArgs;
pub(crate) use undo::UndoArgs;
pub(crate) use watch::WatchArgs;

/// Stop many cloud tasks at once and tell the truth about each of them.
#[derive(Debug, Parser)]
#[command(name = "allstop", version, arg_required_else_help = true, propagate_version = true)]
#[command(after_help = "\
Examples:
  allstop run plans/rehearsal.yaml --rehearse     rehearse: no keys, no network
  allstop init                                    write an example plan.yaml
  allstop check plan.yaml                         show what would be stopped
  allstop accounts plan.yaml                      show whose accounts these are
  allstop run plan.yaml --reason 'incident 4711'  stop it
  allstop resume plan.report.json.journal         resume after a crash or Ctrl-C
  allstop retry plan.report.json                  retry what is not stopped yet
  allstop report show plan.report.json            show the result

Exit status: 0 all targets stopped, 1 at least one target not stopped, 2 bad plan or invocation, 3 refused or ended \
by a guard, 4 nothing selected, 5 report or journal not written, 129, 130 or 143 interrupted. Run `allstop explain 3` \
for more about a status and what to do.")]
pub struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write an example plan with comments, ready to edit and rehearse.
    Init(InitArgs),
    /// Run a plan and write the report.
    Run(RunArgs),
    /// Check a plan offline and show what it would stop.
    Check(CheckArgs),
    /// Show whose credentials the accounts of a plan have.
    #[command(visible_alias = "whoami")]
    Accounts(AccountsArgs),
    /// List what runs, as a plan to edit.
    Discover(DiscoverArgs),
    /// List what a plan selects and write it as a reviewed plan.
    Plan(ReviewArgs),
    /// Resume an interrupted or killed run.
    Resume(ResumeArgs),
    /// Retry the targets that an earlier run did not stop.
    Retry(RetryArgs),
    /// Run a plan again and again for a while, to stop what comes back.
    Watch(Box<WatchArgs>),
    /// Show or test the notifications of a plan.
    Notify(NotifyArgs),
    /// Show, convert, merge and compare reports.
    Report(ReportArgs),
    /// Run the simulator on loopback, for your own scripts.
    Simulate(SimulateArgs),
    /// Explain an exit status, an outcome, a plan key or a vendor's error code.
    Explain(ExplainArgs),
    /// Print the JSON Schema of plans or reports.
    Schema(SchemaArgs),
    /// Generate shell completions.
    Completions(CompletionsArgs),
    /// Show the manual page, or write the pages of all commands.
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn no_two_options_conflict() {
        super::Cli::command().debug_assert();
    }

    /// A terminal breaks lines itself: a paragraph that is broken here as well has short lines in its middle.
    #[test]
    fn paragraphs_are_one_line_and_examples_fit_eighty_columns() {
        let mut commands = vec![super::Cli::command()];
        let mut seen = 0;
        while let Some(command) = commands.pop() {
            commands.extend(command.get_subcommands().cloned());
            let Some(help) = command.get_after_help().map(ToString::to_string) else { continue };
            seen += 1;
            for (line, next) in help.lines().zip(help.lines().skip(1).chain([""])) {
                let is_example = line.starts_with("  ");
                assert!(!is_example || line.chars().count() <= 80, "{}: {line}", command.get_name());
                let goes_on = !is_example && !line.is_empty() && !next.is_empty() && !next.starts_with("  ");
                assert!(!goes_on, "{}: {line}\n{next}", command.get_name());
            }
        }
        assert!(seen > 10, "{seen}");
    }
}
