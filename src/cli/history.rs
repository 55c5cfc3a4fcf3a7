//! `allstop report history` and `allstop report prune`.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use jiff::Span;

use crate::report::Destination;
use crate::session::HistoryOptions;

use super::value::{ago, output};

#[derive(Debug, Args)]
#[command(after_help = "\
Only the head of each report is read, so that many large reports take little time. The exit status is 1 if a report could not be read, else 0.

Examples:
  allstop report history
  allstop report history /var/lib/allstop --plan nightly --since 30d
  allstop report history /var/lib/allstop --html history.html
  allstop report history reports --json | jq '.runs[] | .summary.stopped'")]
pub(crate) struct HistoryArgs {
    #[command(flatten)]
    pub(crate) reports: ReportsArgs,

    /// Show only runs that stopped targets: no rehearsals, no dry runs.
    #[arg(long)]
    pub(crate) live: bool,

    /// Show only runs that started in this time, such as `30d`, `12w` or `1y`.
    #[arg(long, value_name = "TIME", value_parser = ago)]
    pub(crate) since: Option<Span>,

    /// Print the runs as JSON.
    #[arg(long, conflicts_with = "html")]
    pub(crate) json: bool,

    /// Write the runs as a self-contained HTML page instead; `-` is standard output.
    #[arg(long, value_name = "PATH", value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) html: Option<Destination>,
}

/// The reports that a command reads.
#[derive(Debug, Args)]
pub(crate) struct ReportsArgs {
    /// Reports, and directories: the `*.json` files in them that are reports; default: the working directory.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,

    /// Search the directories in directories, too.
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// Take only runs of the plan of this name; can be repeated.
    #[arg(long, value_name = "NAME")]
    pub(crate) plan: Vec<String>,
}

impl From<ReportsArgs> for HistoryOptions {
    fn from(ReportsArgs { paths, recursive, plan }: ReportsArgs) -> Self {
        Self { paths, is_recursive: recursive, plans: plan, ..Self::default() }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
A report is never deleted if it is the newest of its plan, shard and mode, if its run can be resumed, or if it is damaged. Other files, such as journals, pages and links, stay. The exit status is 1 if a report could not be read or deleted, else 0.

Examples:
  allstop report prune /var/lib/allstop --keep 90d --dry-run
  allstop report prune /var/lib/allstop --keep 90d
  allstop report prune /var/lib/allstop --plan nightly --keep 1y --yes")]
pub(crate) struct PruneArgs {
    #[command(flatten)]
    pub(crate) reports: ReportsArgs,

    /// Keep the reports of runs that ended in this time, such as `90d`, `12w` or `1y`; delete older ones.
    #[arg(long, value_name = "TIME", value_parser = ago, required = true)]
    pub(crate) keep: Span,

    /// Show what would be deleted, and delete nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Delete without a prompt.
    #[arg(short, long, conflicts_with = "dry_run")]
    pub(crate) yes: bool,
}
