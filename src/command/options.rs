//! What the options of a run change: the plan's own settings, and who watches.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;

use allstop::credentials::project_id;
use allstop::environment::Environment;
use allstop::plan::Plan;
use allstop::report::Harmless;
use allstop::report::progress::{self, Namer, Progress};
use allstop::run::Observer;

use super::book::{self, Book};
use crate::cli::RunOptions;

impl RunOptions {
    /// Lets the command line and the environment fill in or replace what the plan says.
    pub(super) fn apply(&self, plan: &mut Plan, environment: &Environment) {
        for account in &mut plan.accounts {
            account.project_id = project_id(account, environment);
        }
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

    /// Returns where the run is written down: nowhere, unless it is asked for, where nothing real is stopped.
    pub(super) fn book(&self, report: &Path, plan: &Path) -> Book {
        match &self.journal {
            _ if self.dry_run || (self.rehearse && self.journal.is_none()) => Book::None,
            Some(path) => Book::New(path.clone()),
            None => Book::New(book::default_path(report, plan)),
        }
    }

    /// Returns those who show the run on standard error.
    pub(super) fn observers(&self, plan: &Arc<Plan>) -> Vec<Box<dyn Observer>> {
        let mode = if self.quiet { Progress::Off } else { self.progress };
        let named = Arc::clone(plan);
        let namer: Namer = Box::new(move |target| {
            named.targets.get(target).map_or_else(String::new, |target| Harmless(&target.id()).to_string())
        });
        let attempts = (self.verbose > 0).then_some(namer);
        progress::observers(mode, io::stderr().is_terminal(), attempts, progress::to_stderr())
    }
}
