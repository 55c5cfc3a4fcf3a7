//! Submitting a run: what it stops is frozen, and its workflow is started.

mod input;
mod start;

pub use input::{Settings, run_input};
pub use start::{StartError, start};
