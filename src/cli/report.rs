//! `allstop report` and its subcommands.

use clap::{Args, Subcommand, ValueHint};

use crate::report::{CountKey, Destination, Format};
use crate::session::Input;

use super::history::{HistoryArgs, PruneArgs};
use super::journal::JournalArgs;
use super::undo::UndoArgs;
use super::value::{input, output};

#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
#[command(after_help = "\
Examples:
  allstop report show incident.report.json
  allstop report convert incident.report.json --to junit -o incident.xml
  allstop report merge plan.*-of-4.report.json -o plan.report.json
  allstop report diff last-week.report.json today.report.json
  allstop report history /var/lib/allstop --since 30d
  allstop report undo nightly.report.json -o undo.sh")]
pub(crate) struct ReportArgs {
    #[command(subcommand)]
    pub(crate) command: ReportCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Show a report: the verdict, and a row for each target that is not stopped.
    Show(ShowArgs),
    /// Convert a report to another format.
    Convert(ConvertArgs),
    /// Merge the reports of the shards of a plan.
    Merge(MergeArgs),
    /// Compare reports.
    Diff(DiffArgs),
    /// List the runs of many reports.
    History(HistoryArgs),
    /// Delete old reports.
    Prune(PruneArgs),
    /// Write a shell script that starts again what a run stopped.
    Undo(UndoArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "\
The exit status is 0, whatever the report says. The report itself records the exit status of the run.

Examples:
  allstop report show incident.report.json
  allstop report show incident.report.json --all | grep drs_job
  allstop report show incident.report.json --by kind,label.team
  allstop report show incident.report.json.journal")]
pub(crate) struct ShowArgs {
    /// JSON report of a run, or its journal; `-` is standard input.
    #[arg(value_parser = input(), value_hint = ValueHint::AnyPath)]
    pub(crate) report: Input,

    #[command(flatten)]
    pub(crate) journal: JournalArgs,

    /// Show every row, including targets that are stopped or were left out.
    #[arg(long)]
    pub(crate) all: bool,

    /// Count the targets by kind, account, region or label.KEY instead; two keys at most.
    #[arg(long, help_heading = "Counts", value_name = "KEY", value_delimiter = ',', conflicts_with = "all")]
    pub(crate) by: Vec<CountKey>,

    /// Print the counts as JSON.
    #[arg(long, help_heading = "Counts", requires = "by")]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  allstop report convert incident.report.json --to markdown -o incident.md
  allstop report convert incident.report.json --to junit -o incident.xml")]
pub(crate) struct ConvertArgs {
    /// JSON report of a run, or its journal; `-` is standard input.
    #[arg(value_parser = input(), value_hint = ValueHint::AnyPath)]
    pub(crate) report: Input,

    #[command(flatten)]
    pub(crate) journal: JournalArgs,

    /// Format to convert to.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) to: Format,

    /// Write to this file instead of standard output; overwrite an existing file.
    #[arg(short, long, value_name = "PATH", value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) output: Option<Destination>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
The exit status is 0 if the reports were merged. The merged report records the exit status of the run as a whole.

Examples:
  allstop report merge plan.*-of-4.report.json -o plan.report.json
  allstop report merge a.json c.json --partial | allstop report show -")]
pub(crate) struct MergeArgs {
    /// JSON reports of runs with --shard, in any order.
    #[arg(required = true, value_name = "SHARD", value_parser = input(), value_hint = ValueHint::AnyPath)]
    pub(crate) shards: Vec<Input>,

    /// Write to this file instead of standard output; overwrite an existing file.
    #[arg(short, long, value_name = "PATH", value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) output: Option<Destination>,

    /// Merge even if shards are missing; their targets stay skipped.
    #[arg(long)]
    pub(crate) partial: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
With two reports, show what changed from the first to the second. With more, show in the order of their runs which targets were stopped, came back and were stopped again, and how often. The exit status is 1 if a target that was stopped is not stopped in the last report, else 0.

Examples:
  allstop run nightly.yaml --dry-run --report now.json
  allstop report diff nightly.report.json now.json
  allstop report diff old.json new.json --json | jq -r '.no_longer_stopped[].id'
  allstop report diff monday.json tuesday.json wednesday.json")]
pub(crate) struct DiffArgs {
    /// JSON reports, the earlier one first; `-` is standard input.
    #[arg(required = true, num_args = 2.., value_name = "REPORT", value_parser = input(), value_hint = ValueHint::AnyPath)]
    pub(crate) reports: Vec<Input>,

    /// Print the difference as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// The report of a run in other formats.
#[derive(Debug, Default, Args)]
pub struct ExportArgs {
    /// Also write the report as a self-contained HTML page; `-` is standard output.
    #[arg(long, help_heading = "Further reports", value_name = "PATH", value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) html: Option<Destination>,

    /// Also write the report as Markdown, short enough for a chat; `-` is standard output.
    #[arg(long, help_heading = "Further reports", value_name = "PATH", value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) markdown: Option<Destination>,

    /// Also write the report as JUnit XML, for CI servers; `-` is standard output.
    #[arg(long, help_heading = "Further reports", value_name = "PATH", value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) junit: Option<Destination>,
}

impl ExportArgs {
    /// Returns the formats that are asked for, each with the place that it is written to.
    #[must_use]
    pub fn places(self) -> Vec<(Format, Destination)> {
        let Self { html, markdown, junit } = self;
        let asked = [(Format::Html, html), (Format::Markdown, markdown), (Format::Junit, junit)];
        asked.into_iter().filter_map(|(format, to)| Some((format, to?))).collect()
    }
}
