//! The words for a task's status. No page explains them.

use super::super::meaning::State;

/// Returns what a word plainly means.
pub(super) fn state(word: Box<str>) -> State {
    match word.to_ascii_lowercase().as_str() {
        "init" | "initializing" | "pending" | "waiting" | "queued" | "starting" | "started" | "running"
        | "executing" | "processing" | "doing" | "retry" | "retrying" => State::Running(word),
        "stopping" | "canceling" | "cancelling" => State::Stopping(word),
        "stop" | "stopped" | "terminated" | "cancel" | "canceled" | "cancelled" => State::Stopped(word),
        "success" | "succeeded" | "finish" | "finished" | "done" | "complete" | "completed" | "fail" | "failed" => {
            State::Ended(word)
        }
        _ => State::Unclear(word),
    }
}
