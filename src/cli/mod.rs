//! The command line: types only, no policy. One file a command; `value` has what options are parsed with.

mod check;
mod completions;
mod explain;
mod init;
mod invocation;
mod man;
mod plan;
mod report;
mod run;
mod schema;
mod simulate;
mod value;

use clap::{Parser, Subcommand};

pub(crate) use check::{CheckArgs, CheckOutput};
pub(crate) use completions::CompletionsArgs;
pub(crate) use explain::ExplainArgs;
pub(crate) use init::InitArgs;
pub(crate) use invocation::parse;
pub(crate) use man::ManArgs;
pub(crate) use plan::{SelectionArgs, ShardArg};
pub(crate) use report::{
    ConvertArgs, DiffArgs, ExportArgs, JournalArgs, MergeArgs, ReportArgs, ReportCommand, ShowArgs,
};
pub(crate) use run::{BeginOptions, LogFormat, Output, ResumeArgs, RetryArgs, RunArgs, RunOptions};
pub(crate) use schema::{Schema, SchemaArgs};
pub(crate) use simulate::{SimulateArgs, SimulatorArgs};

/// Stops many cloud tasks at once and tells the truth about each of them.
#[derive(Debug, Parser)]
#[command(name = "allstop", version, arg_required_else_help = true, propagate_version = true)]
#[command(after_help = "\
Examples:
  allstop run plans/rehearsal.yaml --rehearse     try it: no keys, no network
  allstop init                                    write a first plan.yaml
  allstop check plan.yaml                         see what would be stopped
  allstop run plan.yaml --reason 'incident 4711'  stop it
  allstop resume plan.report.json.journal         go on after a crash or Ctrl-C
  allstop retry plan.report.json                  try what is not stopped yet
  allstop report show plan.report.json            see what came of it

Exit status: 0 all stopped, 1 something is not, 2 bad plan or invocation, 3 a guard refused or ended the run, \
4 nothing selected, 5 the report or the journal could not be written, 129, 130 or 143 interrupted. \
`allstop explain 3` tells more of a status, and what to do.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Writes a first plan, with comments, to be changed and rehearsed.
    Init(InitArgs),
    /// Carries a plan out and writes the report.
    Run(RunArgs),
    /// Checks a plan without any network and prints what it would stop.
    Check(CheckArgs),
    /// Goes on with a run that was interrupted or killed: nothing is lost, nothing is done twice.
    Resume(ResumeArgs),
    /// Runs again what an earlier run has not stopped, as its report says.
    Retry(RetryArgs),
    /// Shows, converts, merges and compares the reports of runs.
    Report(ReportArgs),
    /// Serves the built-in cloud on loopback, for scripts of your own.
    Simulate(SimulateArgs),
    /// Explains an exit status, an outcome, a key of a plan or a vendor's error code, and what to do.
    Explain(ExplainArgs),
    /// Prints the JSON Schema of plans or reports, for editors and programs.
    Schema(SchemaArgs),
    /// Prints what a shell sources to complete the command line.
    Completions(CompletionsArgs),
    /// Shows the manual page, or writes those of all commands.
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn no_two_options_are_in_each_others_way() {
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
