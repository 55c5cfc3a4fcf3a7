//! The options of the command line as those of a session.

use allstop::plan::Filters;
use allstop::report::{Destination, Format};
use allstop::session::{self, RehearsalOptions, SelectionOptions, SessionOptions};

use crate::cli::{BeginOptions, ExportArgs, RunOptions, SelectionArgs};

impl From<SelectionArgs> for SelectionOptions {
    fn from(args: SelectionArgs) -> Self {
        let SelectionArgs { only, skip, kind: kinds, label: labels, account: accounts, region: regions, shard } = args;
        let mut scope = Self::default();
        scope.filters = Filters { only, skip, kinds, labels, accounts, regions };
        scope.shard = shard.unwrap_or_default();
        scope
    }
}

impl From<BeginOptions> for session::BeginOptions {
    fn from(args: BeginOptions) -> Self {
        let mut options = Self::default();
        options.rehearsal = args.rehearse.then(|| {
            let mut rehearsal = RehearsalOptions::default();
            rehearsal.faults = args.simulator.faults;
            rehearsal.seed = args.simulator.seed;
            rehearsal.speed = args.simulator.speed;
            rehearsal
        });
        options.dry_run = args.dry_run;
        options.report = args.report;
        options.journal = args.journal;
        options.reason = args.reason;
        options
    }
}

impl From<RunOptions> for SessionOptions {
    fn from(args: RunOptions) -> Self {
        let mut options = Self::default();
        options.exports = exports(args.exports);
        options.yes = args.yes;
        options.concurrency = args.concurrency;
        options.rate = args.rate;
        options.max_failures = args.max_failures;
        options.deadline = args.deadline;
        options
    }
}

fn exports(ExportArgs { html, markdown, junit }: ExportArgs) -> Vec<(Format, Destination)> {
    let asked = [(Format::Html, html), (Format::Markdown, markdown), (Format::Junit, junit)];
    asked.into_iter().filter_map(|(format, to)| Some((format, to?))).collect()
}
