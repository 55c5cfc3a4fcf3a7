//! Submitting a run: what it stops is frozen, and its workflow is started.

mod attributes;
mod forecast;
mod input;
mod line;
mod place;
mod start;
mod wait;
mod worker;

pub(crate) use attributes::{demand_search_attributes, search_attributes};
pub use forecast::forecast;
pub(crate) use input::millis;
pub use input::{Settings, run_input};
pub use line::{Submitted, SubmittedRun};
pub(crate) use place::place;
pub(crate) use start::about;
pub use start::{StartError, start};
pub use wait::wait;
pub use worker::worker_of;
