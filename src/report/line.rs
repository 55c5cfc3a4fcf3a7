//! The closing line for programs: how a run ended, as one JSON object, version 1; `docs/output.md` says every field.

use serde::Serialize;

use super::counts::OutcomeCounts;
use super::json::{RunMode, SelectionSummary, StageInfo, millis};
use super::summary::Summary;
use crate::engine::Status;

/// How a run ended. Every field is always there; what there is nothing to say of is null.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct OutputLine {
    /// The version of the format: [`OutputLine::VERSION`].
    pub version: u32,
    /// The run's id; null, as all fields of the run, where none was begun.
    pub run_id: Option<String>,
    /// What the run was for.
    pub mode: Option<RunMode>,
    /// Its part of the plan, as `I/N`.
    pub shard: Option<String>,
    /// Why it ended.
    pub status: Option<Status>,
    /// The exit status of the program.
    pub exit_code: u8,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<u64>,
    /// Outcomes and requests, counted, as in the report.
    pub summary: Option<OutcomeCounts>,
    /// What became of the plan's selections, as in the report; absent where the plan has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub selections: Vec<SelectionSummary>,
    /// The file with the report; null where there is none.
    pub report: Option<String>,
    /// The file with the journal; null where there is none.
    pub journal: Option<String>,
    /// The command that takes up what is not stopped yet, ready for a POSIX shell.
    pub next: Option<String>,
    /// The stages of the plan, as in the report; only where it has any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageInfo>,
    /// Why nothing was sent, the run was ended, or the report could not be written.
    pub error: Option<String>,
}

impl OutputLine {
    /// The version of the format.
    pub const VERSION: u32 = 1;

    /// Builds the line of a run. The exit status, the journal and the error are the caller's.
    #[must_use]
    pub fn of_run(summary: &Summary<'_>) -> Self {
        let Summary { plan, record, mode, report, tally, .. } = *summary;
        Self {
            version: Self::VERSION,
            run_id: Some(record.id.clone()),
            mode: Some(mode),
            shard: plan.shard.map(|shard| shard.to_string()),
            status: Some(record.status),
            duration_ms: Some(millis(record.duration)),
            summary: Some(*tally.counts()),
            selections: record.selections.iter().map(SelectionSummary::from).collect(),
            report: report.map(|path| path.display().to_string()),
            next: summary.command(),
            stages: StageInfo::all(plan, record),
            ..Self::default()
        }
    }

    /// Builds the line of a command that could not do its work.
    #[must_use]
    pub fn of_failure(exit_code: u8, error: impl Into<String>) -> Self {
        Self { version: Self::VERSION, exit_code, error: Some(error.into()), ..Self::default() }
    }
}
