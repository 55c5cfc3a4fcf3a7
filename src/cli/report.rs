//! `allstop report` and what it does with the reports of runs.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::value::key_value;
use allstop::report::Format;

#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
#[command(after_help = "\
Examples:
  allstop report show incident.report.json
  allstop report convert incident.report.json --to junit -o incident.xml
  allstop report merge plan.*-of-4.report.json -o plan.report.json
  allstop report diff last-week.report.json today.report.json")]
pub(crate) struct ReportArgs {
    #[command(subcommand)]
    pub(crate) command: ReportCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Shows a report: the verdict, and a row for each target that is not stopped.
    Show(ShowArgs),
    /// Writes a report in another format.
    Convert(ConvertArgs),
    /// Makes one report of those of the shards of a plan.
    Merge(MergeArgs),
    /// Tells what changed from one report to another.
    Diff(DiffArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Ends with 0 whatever the report says; what the run itself ended with stands in the report.

Examples:
  allstop report show incident.report.json
  allstop report show incident.report.json --all | grep drs_job
  allstop report show incident.report.json.journal")]
pub(crate) struct ShowArgs {
    /// The JSON report of a run, or its journal; `-` is standard input.
    pub(crate) report: PathBuf,

    #[command(flatten)]
    pub(crate) journal: JournalArgs,

    /// Shows every row on its own, those of what is stopped or was left out, too.
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  allstop report convert incident.report.json --to markdown -o incident.md
  allstop report convert incident.report.json --to junit -o incident.xml")]
pub(crate) struct ConvertArgs {
    /// The JSON report of a run, or its journal; `-` is standard input.
    pub(crate) report: PathBuf,

    #[command(flatten)]
    pub(crate) journal: JournalArgs,

    /// The format.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) to: Format,

    /// Writes to this file instead of standard output; one that exists is replaced.
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
}

/// What a report that is made from a journal needs: the journal names its targets by their numbers in the plan.
#[derive(Debug, Default, Args)]
pub(crate) struct JournalArgs {
    /// The plan of a journal, where it is not at the path that the journal names.
    #[arg(long, help_heading = "Journals", value_name = "PATH")]
    pub(crate) plan: Option<PathBuf>,

    /// Sets a variable that the plan of a journal uses as `${NAME}`.
    #[arg(long = "set", help_heading = "Journals", value_name = "NAME=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Ends with 0 when the reports could be merged; what the run as a whole ends with stands in the merged report.

Examples:
  allstop report merge plan.*-of-4.report.json -o plan.report.json
  allstop report merge a.json c.json --partial | allstop report show -")]
pub(crate) struct MergeArgs {
    /// The JSON reports of runs with --shard, in any order.
    #[arg(required = true, value_name = "SHARD")]
    pub(crate) shards: Vec<PathBuf>,

    /// Writes to this file instead of standard output; one that exists is replaced.
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,

    /// Merges what is there where shards are missing; their targets stay skipped.
    #[arg(long)]
    pub(crate) partial: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Ends with 1 when something that was stopped is not any more, else with 0.

Examples:
  allstop run nightly.yaml --dry-run --report now.json
  allstop report diff nightly.report.json now.json
  allstop report diff old.json new.json --json | jq -r '.no_longer_stopped[].id'")]
pub(crate) struct DiffArgs {
    /// The earlier JSON report; `-` is standard input.
    pub(crate) old: PathBuf,

    /// The later one.
    pub(crate) new: PathBuf,

    /// Prints the difference as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// The report of a run in further formats.
#[derive(Debug, Default, Args)]
pub(crate) struct ExportArgs {
    /// Writes the report as a page for a browser, too, whole in itself; `-` is standard output.
    #[arg(long, help_heading = "Further reports", value_name = "PATH")]
    pub(crate) html: Option<PathBuf>,

    /// Writes the report as Markdown, too, short enough for a chat; `-` is standard output.
    #[arg(long, help_heading = "Further reports", value_name = "PATH")]
    pub(crate) markdown: Option<PathBuf>,

    /// Writes the report as JUnit XML, too, which CI servers show; `-` is standard output.
    #[arg(long, help_heading = "Further reports", value_name = "PATH")]
    pub(crate) junit: Option<PathBuf>,
}
