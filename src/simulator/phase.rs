//! The states of resources.

use serde::Serialize;

/// The state of a resource now, in the simulator's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It runs.
    Running,
    /// A stop took effect, and has not ended yet.
    Stopping,
    /// It has stopped.
    Stopped,
    /// It had come to its own end.
    Ended,
}
