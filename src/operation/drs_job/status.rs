//! The statuses of DRS jobs, and where listings have them.

use serde_json_borrow::Value;

use super::super::{State, answer};

/// How deep the children of a job may have children.
const DEPTH: u8 = 4;

/// Returns the state of a job that a list shows, itself or as the child of another.
pub(super) fn in_list(jobs: &[Value<'_>], id: &str) -> State {
    match find(jobs, id, DEPTH) {
        Some(job) => match answer::word_at(job, "status") {
            Some(word) => state(word),
            None => State::Unclear("no status".into()),
        },
        None => State::Absent,
    }
}

fn find<'a, 'b>(jobs: &'a [Value<'b>], id: &str, depth: u8) -> Option<&'a Value<'b>> {
    let depth = depth.checked_sub(1)?;
    jobs.iter().find_map(|job| {
        let fields = job.as_object()?;
        if fields.get("id").and_then(Value::as_str) == Some(id) {
            return Some(job);
        }
        find(fields.get("children")?.as_array()?, id, depth)
    })
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
