//! The reports that are compared.

use serde::Serialize;

use crate::report::json::{Moment, Report, RunMode};
use crate::report::remarks::missing;

/// One of the reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ReportRef {
    pub(super) run: String,
    pub(super) mode: RunMode,
    pub(super) plan: String,
    pub(super) started_at: Moment,
    /// How many of its listings failed, if any did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_listed: Option<usize>,
}

impl ReportRef {
    pub(super) fn of(report: &Report) -> Self {
        let run = &report.run;
        let failed = missing(&report.selections).len();
        Self {
            run: run.id.clone(),
            mode: run.mode,
            plan: run.plan.name.clone(),
            started_at: run.started_at,
            not_listed: (failed > 0).then_some(failed),
        }
    }
}

/// Reports of which some are of rehearsals: what a simulator stopped says nothing about a cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("some of the reports are of rehearsals, and others are not")]
pub struct MixedModes;

impl MixedModes {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        "leave out the reports of rehearsals"
    }
}
