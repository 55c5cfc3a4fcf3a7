//! The first line: which run of which plan a journal belongs to.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fingerprint::fingerprint;
use crate::plan::Plan;

/// The first line of a journal: everything it takes to go on with the run in another process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the format: [`Header::VERSION`].
    #[serde(rename = "journal")]
    pub version: u32,
    /// The program that began the run, with its version.
    pub tool: String,
    /// The run's id.
    pub run: String,
    /// What the run is for.
    pub mode: Mode,
    /// The plan.
    pub plan: PlanMark,
    /// How many targets the plan has; notes name them by their numbers in it, from 0.
    pub targets: u32,
    /// Whether the plan selects: its targets are these and what is found.
    #[serde(default, skip_serializing_if = "is_false")]
    pub selects: bool,
    /// The operator's reason.
    pub reason: Option<String>,
    /// When the run began.
    pub started_at: Timestamp,
    /// Where the report goes; `None` for standard output.
    pub report: Option<PathBuf>,
    /// The names of the variables that the command line set; the values may be secret.
    pub set: Vec<String>,
    /// The options of the command line that shape the run, such as its selection, with their values.
    pub options: BTreeMap<String, Vec<String>>,
}

/// What a run with a journal is for. A dry run has none: it changes nothing that could be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It stops things.
    Live,
    /// It runs against the simulator.
    Rehearsal,
}

/// Names a plan, and tells whether it is still the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanMark {
    /// Where it was read from, absolute.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// The fingerprint of what matters in it.
    pub fingerprint: String,
}

/// A plan that is not the one a run began with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the plan {} is not the one the run began with: {change}", path.display())]
pub struct PlanChanged {
    path: PathBuf,
    change: String,
}

impl PlanChanged {
    /// What to do about it.
    pub(crate) const HINT: &str =
        "bring the plan and its variables back as they were, or start a new run: what is stopped already is seen then";

    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        Self::HINT
    }
}

impl Header {
    /// The version of the format that is read and written.
    pub const VERSION: u32 = 1;

    /// Builds the header of a live run without a reason, options or a report; the caller fills in what differs.
    #[must_use]
    pub fn new(plan: &Plan, run: impl Into<String>, started_at: Timestamp) -> Self {
        Self {
            version: Self::VERSION,
            tool: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
            run: run.into(),
            mode: Mode::Live,
            plan: PlanMark::new(plan),
            targets: count(plan),
            selects: !plan.selects.is_empty(),
            reason: None,
            started_at,
            report: None,
            set: Vec::new(),
            options: BTreeMap::new(),
        }
    }

    /// Checks that `plan` still stops the same things in the same places, so that the run can go on with it.
    ///
    /// # Errors
    ///
    /// Fails when its fingerprint is another.
    pub fn check(&self, plan: &Plan) -> Result<(), PlanChanged> {
        if self.plan.fingerprint == fingerprint(plan) {
            return Ok(());
        }
        let now = count(plan);
        let change = if now == self.targets {
            "its accounts or targets have changed".to_owned()
        } else {
            format!("it had {} targets, and has {now} now", self.targets)
        };
        Err(PlanChanged { path: plan.path.clone(), change })
    }
}

impl PlanMark {
    fn new(plan: &Plan) -> Self {
        Self {
            path: std::path::absolute(&plan.path).unwrap_or_else(|_| plan.path.clone()),
            name: plan.name.clone(),
            sha256: plan.sha256.clone(),
            fingerprint: fingerprint(plan),
        }
    }
}

fn count(plan: &Plan) -> u32 {
    u32::try_from(plan.targets.len()).unwrap_or(u32::MAX)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}
