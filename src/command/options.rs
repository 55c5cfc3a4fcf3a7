//! What the options of a run change: the plan's own settings, and who watches.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;

use allstop::credentials::project_id;
use allstop::engine::Observer;
use allstop::environment::Environment;
use allstop::plan::Plan;
use allstop::report::progress::json::JsonLines;
use allstop::report::progress::{self, Detail, Namer, Progress};

use super::beside;
use super::book::Book;
use super::failure::Failure;
use super::say;
use crate::cli::{BeginOptions, LogFormat, RunOptions};

impl BeginOptions {
    /// Returns where the run is written down: nowhere, unless it is asked for, where nothing real is stopped.
    pub(super) fn book(&self, report: &Path, plan: &Path) -> Book {
        match &self.journal {
            _ if self.dry_run || (self.rehearse && self.journal.is_none()) => Book::None,
            Some(path) => Book::New(path.clone()),
            None => Book::New(beside::journal_of_run(report, plan)),
        }
    }

    /// Returns the end of the default names of reports: that of a run which stopped nothing is never in another's way.
    pub(super) fn ending(&self) -> &'static str {
        match self {
            Self { dry_run: true, .. } => ".dry-run.report.json",
            Self { rehearse: true, .. } => ".rehearsal.report.json",
            _ => ".report.json",
        }
    }
}

impl RunOptions {
    /// Lets the command line and the environment fill in or replace what the plan says.
    pub(super) fn apply(&self, plan: &mut Plan, environment: &Environment) {
        complete(plan, environment);
        if let Some(concurrency) = self.concurrency {
            plan.limits.concurrency = concurrency as usize;
        }
        if let Some(rate) = self.rate {
            (plan.limits.rate, plan.limits.burst, plan.limits.shared_by) = (Some(rate), None, 1);
            for limits in plan.limits.per_kind.values_mut() {
                (limits.rate, limits.burst) = (None, None);
            }
        }
        if self.max_failures.is_some() {
            plan.guards.max_failures = self.max_failures;
        }
    }

    /// Lets all that is said from now on be said as the command line wants it.
    pub(super) fn speak(&self) -> Result<(), Failure> {
        let is_json = match (self.progress, self.log_format) {
            (Progress::Json, Some(LogFormat::Text)) | (Progress::Bars | Progress::Plain, Some(LogFormat::Json)) => {
                let message = "--progress and --log-format want standard error in two formats at once";
                return Err(Failure::input(message, "leave one of them out; nothing was sent"));
            }
            (Progress::Json, _) | (Progress::Auto | Progress::Off, Some(LogFormat::Json)) => true,
            (Progress::Auto | Progress::Off | Progress::Bars | Progress::Plain, _) => false,
        };
        say::speak(self.quiet, is_json);
        Ok(())
    }

    /// Returns those who show the run on standard error.
    pub(super) fn watch(&self, plan: &Arc<Plan>, environment: &Environment) -> Vec<Box<dyn Observer>> {
        let named = Arc::clone(plan);
        let namer: Namer = Box::new(move |target| {
            named.targets.get(target).map_or_else(String::new, |target| target.id().into_owned())
        });
        let detail = match self.verbose {
            0 => Detail::Nothing,
            1 => Detail::Attempts,
            _ => Detail::Everything,
        };
        let mode = if self.quiet { Progress::Off } else { self.progress };
        let lines = say::lines();
        if say::is_json() {
            let scribe = say::scribe_to(lines);
            let lines = (!self.quiet).then(|| JsonLines::new(mode != Progress::Off, (detail, namer), scribe));
            return lines.into_iter().map(|lines| Box::new(lines) as Box<dyn Observer>).collect();
        }
        // A terminal that cannot move its cursor gets lines.
        let is_terminal = io::stderr().is_terminal() && environment.get("TERM") != Some("dumb");
        progress::watch(mode, is_terminal.then(say::bars).flatten(), (detail, namer), lines)
    }
}

/// Lets the environment fill in what the plan leaves to it.
pub(super) fn complete(plan: &mut Plan, environment: &Environment) {
    for account in &mut plan.accounts {
        account.project_id = project_id(account, environment);
    }
}
