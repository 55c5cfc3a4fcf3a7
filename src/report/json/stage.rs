//! What the report says of a plan's stages: `run.stages`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::moment::Moment;
use super::schema;
use crate::engine::{Record, StageStatus};
use crate::plan::Plan;

/// One stage of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Stage")]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StageInfo {
    /// Its name.
    pub name: String,
    /// How many targets of the plan are in it.
    pub targets: u64,
    /// When it began; null where it did not.
    #[schemars(schema_with = "schema::maybe_moment")]
    pub started_at: Option<Moment>,
    /// When the last of its outcomes was known; null where it did not begin.
    #[schemars(schema_with = "schema::maybe_moment")]
    pub finished_at: Option<Moment>,
    /// How it ended.
    #[schemars(schema_with = "schema::stage_status")]
    pub status: StageStatus,
}

impl StageInfo {
    /// Returns what a run was in each stage of its plan, in their order; nothing where the plan has no stages.
    #[must_use]
    pub fn all(plan: &Plan, record: &Record) -> Vec<Self> {
        if plan.stages.is_empty() {
            return Vec::new();
        }
        let mut targets = vec![0_u64; plan.stages.len()];
        for number in plan.targets.iter().filter_map(|target| target.stage) {
            targets.get_mut(usize::from(number)).into_iter().for_each(|count| *count += 1);
        }
        let records = record.stages.iter().copied().map(Some).chain(std::iter::repeat(None));
        let stages = plan.stages.iter().zip(targets).zip(records);
        stages
            .map(|((stage, targets), record)| {
                let record = record.unwrap_or_default();
                Self {
                    name: stage.name.clone(),
                    targets,
                    started_at: record.started_at.map(Moment::from),
                    finished_at: record.finished_at.map(Moment::from),
                    status: record.status,
                }
            })
            .collect()
    }

    /// Joins what several runs, each of a part of one plan, were in a stage.
    pub(in crate::report) fn joined(&self, other: &Self) -> Self {
        let rank = |status| StageStatus::GRAVEST.iter().position(|other| *other == status);
        Self {
            started_at: self.started_at.into_iter().chain(other.started_at).min(),
            finished_at: self.finished_at.max(other.finished_at),
            status: if rank(other.status) < rank(self.status) { other.status } else { self.status },
            ..self.clone()
        }
    }
}
