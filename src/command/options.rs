//! What the options of a run change: the plan's own settings, and who watches.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use allstop::credentials::project_id;
use allstop::environment::Environment;
use allstop::plan::Plan;
use allstop::report::Harmless;
use allstop::report::progress::{self, Namer, Progress};
use allstop::run::Observer;

use super::failure::Failure;
use crate::cli::RunOptions;

impl RunOptions {
    /// Refuses options that the command line has and no run follows yet: ignoring one could stop what it was to spare.
    pub(super) fn refuse_unfollowed(&self) -> Result<(), Failure> {
        let unfollowed = [("--dry-run", self.dry_run), ("--deadline", self.deadline.is_some())];
        match unfollowed.iter().find(|(_, is_given)| *is_given) {
            Some((option, _)) => Err(Failure::input(format!("{option} is not supported yet"), "nothing was sent")),
            None => Ok(()),
        }
    }

    /// Lets the command line and the environment fill in or replace what the plan says.
    pub(super) fn apply(&self, plan: &mut Plan, environment: &Environment) {
        for account in &mut plan.accounts {
            account.project_id = project_id(account, environment);
        }
        if let Some(concurrency) = self.concurrency {
            plan.limits.concurrency = concurrency as usize;
        }
        if let Some(rate) = self.rate {
            (plan.limits.rate, plan.limits.burst) = (Some(rate), None);
            for limits in plan.limits.per_kind.values_mut() {
                (limits.rate, limits.burst) = (None, None);
            }
        }
        if self.max_failures.is_some() {
            plan.guards.max_failures = self.max_failures;
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
