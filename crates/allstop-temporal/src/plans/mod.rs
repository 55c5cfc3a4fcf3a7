//! The plans of runs: fetched from the engine once a worker, read once, and shared by the sessions of a run.

mod cache;
mod fetch;

pub use cache::{Opened, PlanError, Plans};
pub use fetch::{FetchError, bundle, first_event, run_input, started_at};
pub(crate) use fetch::{closing, decode, decode_versioned, failed, history};
