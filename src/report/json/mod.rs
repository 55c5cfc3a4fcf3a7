//! The JSON report, version 1: see `docs/report.md` for every field.
//!
//! Writing streams: rows are built one at a time, so that a million targets need no second copy of the run.

mod account;
mod head;
mod layout;
mod lines;
mod moment;
mod parallel;
mod params;
mod row;
mod schema;
mod selections;
mod stage;

use std::borrow::Cow;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use account::AccountRef;
pub(super) use head::per_second;
pub use head::{About, LaneSummary, PlanRef, Rehearsal, ReviewedRef, RunInfo, RunMode, Tool, Unended};
pub use moment::Moment;
pub(super) use moment::millis;
pub use params::{NamedValue, NamedValues};
pub use row::{Row, RowAttempt, RowError, RowSeen, RowSource, Rows};
pub use selections::{MissingUnit, SelectionSummary};
pub use stage::StageInfo;

use super::counts::OutcomeCounts;
use super::listed::Listed;
use super::tally::Tally;
use crate::engine::Record;
use crate::plan::Plan;

/// A report: one that was read (`Report<Vec<Row>>`) or one that is about to be written (`Report<Rows>`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Report<R = Vec<Row>> {
    /// The version of the format: 1.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The program that wrote it.
    pub tool: Tool,
    /// The run.
    pub run: RunInfo,
    /// The plan's accounts, as they were; rehearsals and earlier versions' reports have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountRef>,
    /// Outcomes and requests, counted.
    pub summary: OutcomeCounts,
    /// What was sent, by lane.
    pub lanes: Vec<LaneSummary>,
    /// What became of the plan's selections; reports of plans without one have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub selections: Vec<SelectionSummary>,
    /// The rehearsal, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsal: Option<Rehearsal>,
    /// One row for every target of the plan, in plan order.
    pub targets: R,
}

impl Report {
    /// The version of the format that is read and written.
    pub const VERSION: u32 = 1;
}

impl<'a> Report<Rows<'a>> {
    /// Builds the report of a run; its rows are built when it is written.
    ///
    /// Its exit status is that of [`exit_status`](super::exit_status); that of a rehearsal that does not agree is never 0.
    #[must_use]
    pub fn new(plan: &'a Plan, record: &'a Record, about: &About) -> Self {
        Self::counted(plan, record, about, &Tally::of(plan, record))
    }

    /// Builds the report of a run whose rows are counted; see [`new`](Self::new).
    #[must_use]
    pub fn counted(plan: &'a Plan, record: &'a Record, about: &About, tally: &Tally) -> Self {
        Self {
            version: Report::VERSION,
            tool: Tool::default(),
            run: RunInfo::new(plan, record, about, tally),
            accounts: match &about.rehearsal {
                // A rehearsal's are those of a cloud that goes away with it.
                Some(_) => Vec::new(),
                None => {
                    let signed = |name: &str| record.accounts.iter().find(|account| account.name == name);
                    plan.accounts.iter().map(|account| AccountRef::new(account, signed(&account.name))).collect()
                }
            },
            summary: *tally.counts(),
            lanes: record.lanes.iter().map(LaneSummary::from).collect(),
            selections: record.selections.iter().map(SelectionSummary::from).collect(),
            rehearsal: about.rehearsal.clone(),
            targets: Rows::new(plan, record),
        }
    }
}

impl Report<Rows<'_>> {
    /// Makes all rows, so that the report no longer needs its run.
    #[must_use]
    pub fn into_owned(self) -> Report {
        self.with(self.targets.rows().map(Cow::into_owned).collect())
    }
}

impl<R: RowSource> Report<R> {
    /// Counts the rows and what the selections leave open.
    pub(super) fn tally(&self) -> Tally {
        self.targets.tally().with(Listed::of(self.selections.iter().map(SelectionSummary::part)))
    }
}

impl<R: RowSource + Sync> Report<R> {
    /// Writes the report as JSON with one line for each target, in few large writes.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write_json(&self, writer: &mut dyn Write) -> io::Result<()> {
        lines::write(&self.with::<[Row; 0]>([]), self.targets.count(), |numbers| self.targets.part(numbers), writer)
    }

    /// Returns the report with other rows.
    fn with<T>(&self, targets: T) -> Report<T> {
        Report {
            version: self.version,
            tool: self.tool.clone(),
            run: self.run.clone(),
            accounts: self.accounts.clone(),
            summary: self.summary,
            lanes: self.lanes.clone(),
            selections: self.selections.clone(),
            rehearsal: self.rehearsal.clone(),
            targets,
        }
    }
}
