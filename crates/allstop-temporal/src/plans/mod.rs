//! The plans of runs: held by the engine, fetched once a worker, read once, and shared by the sessions of a run.

mod cache;
mod fetch;
mod hold;
mod parts;

pub use cache::{Opened, PlanError, Plans};
pub use fetch::{FetchError, bundle, first_event, run_input, started_at};
pub(crate) use fetch::{closing, decode, decode_versioned, failed, history};
pub use hold::{HoldError, hold, let_go, place};
pub use parts::{Parts, PartsError};
