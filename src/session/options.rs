//! The options of a session.

use std::path::PathBuf;
use std::time::Duration;

use crate::base::rate::Rate;
use crate::plan::{Filters, MaxFailures, Overview, Plan, Shard};
use crate::report::{Destination, Format};

use super::rehearsal::RehearsalOptions;

/// Which part of a plan to stop.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct SelectionOptions {
    /// Which targets are selected.
    pub filters: Filters,
    /// Which shard of the plan.
    pub shard: ShardChoice,
}

/// Which shard of a plan to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ShardChoice {
    /// The whole plan or, in a retry, the shard of the earlier report.
    #[default]
    Unstated,
    /// The one that the variables of the job system name.
    Auto,
    /// This one.
    Of(Shard),
}

/// The options of a run that begins.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct BeginOptions {
    /// Runs against the simulator.
    pub rehearsal: Option<RehearsalOptions>,
    /// Reads states and sends no stop.
    pub dry_run: bool,
    /// Where the report goes; by default a file that is named after the plan or the earlier report.
    pub report: Option<Destination>,
    /// Where the journal goes; by default beside the report. Rehearsals have one only where it is named.
    pub journal: Option<PathBuf>,
    /// The reason for the stop.
    pub reason: Option<String>,
    /// Goes on with what could be listed where something could not.
    pub partial: bool,
    /// Runs a reviewed plan that was carried out before.
    pub again: bool,
    /// The id of the run; by default a new one.
    pub id: Option<String>,
    /// Is confirmed now and runs later, at the times that this says in a sentence: the question shows it, and whether the
    /// guards' window is open is looked at then.
    pub later: Option<String>,
    /// Is carried out by others, on behalf of a command that can neither rehearse nor run a plan `again`.
    pub elsewhere: bool,
    /// Where such a run is carried out, in a sentence: the question shows it.
    pub place: Option<String>,
    /// Says in a sentence what else the question has to say of such a run.
    pub remark: Option<Remark>,
}

/// Says in a sentence what there is to say of a plan and of what it would stop.
pub type Remark = fn(&Plan, &Overview) -> Option<String>;

impl BeginOptions {
    /// Returns the end of the default names of reports: a run that stopped nothing never replaces the report of one
    /// that did.
    pub(super) const fn ending(&self) -> &'static str {
        match self {
            Self { dry_run: true, .. } => ".dry-run.report.json",
            Self { rehearsal: Some(_), .. } => ".rehearsal.report.json",
            _ => ".report.json",
        }
    }
}

/// The options of every run, also of one that is resumed.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct SessionOptions {
    /// Further formats of the report.
    pub exports: Vec<(Format, Destination)>,
    /// Where the metrics of the run go, for monitoring.
    pub metrics: Option<Destination>,
    /// Sends without asking.
    pub yes: bool,
    /// Replaces the plan's maximum of concurrent requests.
    pub concurrency: Option<u32>,
    /// Replaces the rate of every lane.
    pub rate: Option<Rate>,
    /// Replaces the plan's failure threshold.
    pub max_failures: Option<MaxFailures>,
    /// Ends the run after this time.
    pub deadline: Option<Duration>,
    /// The notifications that are sent, by name, whatever the run is for; by default those of the plan, of a live run.
    pub notify: Vec<String>,
    /// Sends no notification.
    pub no_notify: bool,
}

impl SessionOptions {
    /// Replaces what the plan says of limits and guards.
    pub(super) fn apply(&self, plan: &mut Plan) {
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
}
