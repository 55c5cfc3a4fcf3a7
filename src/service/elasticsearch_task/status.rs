//! The statuses of instances.

use super::super::meaning::State;

/// Returns what an instance's status means for the change that may go on.
pub(super) fn state(word: Box<str>) -> State {
    match &*word {
        // "After you resume or interrupt a change, the instance enters the activating state."
        "activating" => State::Either(word),
        "initializing" => State::Running(word),
        // Whatever it is instead (even `invalid`, which is a deleted or expired one), no change goes on.
        "active" | "inactive" | "suspended" | "frozen" | "invalid" => State::Stopped(word),
        _ => State::Unclear(word),
    }
}
