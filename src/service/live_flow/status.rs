//! The statuses of flows.

use super::super::meaning::State;

/// Returns what a flow's status means.
pub(super) fn state(word: Box<str>) -> State {
    match &*word {
        "ACTIVE" => State::Running(word),
        "STANDBY" => State::Stopped(word),
        _ => State::Unclear(word),
    }
}
