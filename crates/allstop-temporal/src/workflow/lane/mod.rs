//! A lane of a run: what it asks of the engine, what it decides, and what it knows between two sessions.

mod decisions;
mod flow;
mod state;

pub use flow::LaneFlow;
pub(crate) use state::{add_accounts, add_stats};
