//! The statuses of executions.

use super::super::meaning::State;

/// Returns what an execution's status means.
pub(super) fn state(word: Box<str>) -> State {
    match &*word {
        "Starting" | "Running" => State::Running(word),
        "Stopped" => State::Stopped(word),
        "Succeeded" | "Failed" | "TimedOut" => State::Ended(word),
        _ => State::Unclear(word),
    }
}
