//! The stages of a run in words.

use super::json::StageInfo;
use super::text::Escaped;
use crate::base::count::{HumanCount, agreed, counted};
use crate::engine::{AtPause, StageStatus, Status};
use crate::wording::{self, label};

/// Returns words such as `pilot done (6 targets), rest not begun (22 targets)`; `None` where there are no stages. `status`
/// is that of the run.
pub(super) fn said(stages: &[StageInfo], status: Status) -> Option<String> {
    let one = |stage: &StageInfo| {
        let (name, status) = match (stage.status, status) {
            // The run ended in it, and nothing has failed.
            (StageStatus::Failed, Status::Paused) => (Escaped(&stage.name), wording::status(status).short),
            _ => (Escaped(&stage.name), wording::stage_status(stage.status).short),
        };
        format!("{name} {status} ({})", counted(stage.targets, "target"))
    };
    let all: Vec<_> = stages.iter().map(one).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// Returns a warning for each stage that has no targets.
pub(super) fn warnings(stages: &[StageInfo]) -> impl Iterator<Item = String> {
    let empty = stages.iter().filter(|stage| stage.targets == 0);
    empty.map(|stage| format!("Warning: the stage {} has no targets.", Escaped(&stage.name)))
}

/// Says how far a run is at a pause that asks, such as `The stage pilot is done: 6 stopped so far. 22 targets are left.`
#[must_use]
pub fn at_pause(pause: &AtPause) -> String {
    let what = if pause.after_canary { "The canary of the stage" } else { "The stage" };
    let outcomes =
        pause.outcomes.iter().map(|(outcome, rows)| format!("{} {}", HumanCount(*rows), label(outcome.name())));
    let outcomes = outcomes.collect::<Vec<_>>().join(", ");
    let left = agreed(pause.open, "target is", "targets are");
    format!("{what} {} is done: {outcomes} so far. {left} left.", Escaped(&pause.stage))
}
