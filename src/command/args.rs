//! The options of the command line as those of a session.

use allstop::plan::Filters;
use allstop::report::{Destination, Format};
use allstop::session::{self, RehearsalOptions, SelectionOptions, SessionOptions};

use crate::cli::{BeginOptions, ExportArgs, RunOptions, SelectionArgs, SimulatorArgs, WatchArgs};

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
        options.rehearsal = args.rehearse.then(|| rehearsal(&args.simulator));
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

impl WatchArgs {
    /// Returns the options of each round that only a new run has.
    pub(super) fn begin(&mut self) -> session::BeginOptions {
        let mut options = session::BeginOptions::default();
        options.rehearsal = self.rehearse.then(|| rehearsal(&self.simulator));
        options.dry_run = self.dry_run;
        options.reason = self.reason.take();
        options.partial = self.partial;
        options
    }

    /// Returns the options of each round that every run has.
    pub(super) fn session(&self) -> SessionOptions {
        let mut options = SessionOptions::default();
        options.yes = self.yes;
        options.concurrency = self.concurrency;
        options.rate = self.rate;
        options.max_failures = self.max_failures;
        options.deadline = self.deadline;
        options
    }
}

fn rehearsal(simulator: &SimulatorArgs) -> RehearsalOptions {
    let mut rehearsal = RehearsalOptions::default();
    rehearsal.faults = simulator.faults;
    rehearsal.seed = simulator.seed;
    rehearsal.speed = simulator.speed;
    rehearsal
}

fn exports(ExportArgs { html, markdown, junit }: ExportArgs) -> Vec<(Format, Destination)> {
    let asked = [(Format::Html, html), (Format::Markdown, markdown), (Format::Junit, junit)];
    asked.into_iter().filter_map(|(format, to)| Some((format, to?))).collect()
}
