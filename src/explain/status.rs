//! How runs end.

use super::{Entry, Topic};
use crate::engine::Status;

/// Every status, in the order they are listed.
pub const STATUSES: [Status; 4] = [Status::Completed, Status::Aborted, Status::Interrupted, Status::Deadline];

/// Returns how a run with this status ended.
#[must_use]
pub const fn status(status: Status) -> &'static str {
    match status {
        Status::Completed => "every target has its outcome",
        Status::Aborted => "a guard or the failure threshold ended the run early",
        Status::Interrupted => "a signal ended the run early",
        Status::Deadline => "the deadline ended the run early",
    }
}

const fn advice(status: Status) -> Option<&'static str> {
    match status {
        Status::Completed => None,
        Status::Aborted => Some("find out why before you raise the guard, then `allstop retry REPORT`"),
        Status::Interrupted => Some("`allstop resume JOURNAL`, or `allstop retry REPORT`"),
        Status::Deadline => Some("`allstop retry REPORT`, with a later `--deadline`"),
    }
}

/// Returns the name used in reports.
const fn name(status: Status) -> &'static str {
    match status {
        Status::Completed => "completed",
        Status::Aborted => "aborted",
        Status::Interrupted => "interrupted",
        Status::Deadline => "deadline",
    }
}

pub(super) fn entries() -> Vec<Entry> {
    STATUSES.into_iter().map(|word| Entry::own(Topic::Status, name(word), status(word), advice(word))).collect()
}
