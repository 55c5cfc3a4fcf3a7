//! The statuses of DRS jobs.

use super::super::meaning::State;
use crate::provider::Listed;

/// Returns the state of a job in a batch of statuses. A job without a status has an error instead; the detail has more
/// about it.
pub(super) fn listed(job: Option<&Listed>) -> State {
    match job {
        Some(Listed::Status(word)) => state(word.clone()),
        Some(Listed::Unclear) => State::Unclear("listed twice, with different words".into()),
        Some(Listed::Bare) | None => State::Absent,
    }
}

/// Returns what a job's status means; the page "Querying the Task List" has the words.
///
/// A job has stopped when its resources are released. `RELEASE_RESOURCE_FAILED` is none of it: the job still holds
/// them, and another stop may work, so it counts as running, like everything that precedes a release.
pub(super) fn state(word: Box<str>) -> State {
    match &*word {
        "RELEASE_RESOURCE_COMPLETE" | "RELEASE_CHILD_TRANSFER_COMPLETE" | "DELETED" => State::Stopped(word),
        "RELEASE_RESOURCE_STARTED" | "RELEASE_CHILD_TRANSFER_STARTED" => State::Stopping(word),
        known if precedes_release(known) => State::Running(word),
        _ => State::Unclear(word),
    }
}

fn precedes_release(word: &str) -> bool {
    matches!(
        word,
        "CREATING"
            | "CREATE_FAILED"
            | "CONFIGURATION"
            | "STARTJOBING"
            | "WAITING_FOR_START"
            | "START_JOB_FAILED"
            | "PAUSING"
            | "FULL_TRANSFER_STARTED"
            | "FULL_TRANSFER_FAILED"
            | "FULL_TRANSFER_COMPLETE"
            | "INCRE_TRANSFER_STARTED"
            | "INCRE_TRANSFER_FAILED"
            | "RELEASE_RESOURCE_FAILED"
            | "CHANGE_JOB_STARTED"
            | "CHANGE_JOB_FAILED"
            | "CHILD_TRANSFER_STARTING"
            | "CHILD_TRANSFER_STARTED"
            | "CHILD_TRANSFER_COMPLETE"
            | "CHILD_TRANSFER_FAILED"
    ) || word.starts_with("REBUILD_NODE_")
        || word.starts_with("NODE_UPGRADE_")
}
