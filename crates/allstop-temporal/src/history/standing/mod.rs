//! How runs stand now, as far as the engine can say without a worker.

mod failure;
mod lane;
mod latest;
mod list;
mod run;

pub use lane::{LaneStanding, LaneStatus};
pub(crate) use latest::was_taken;
pub(crate) use list::latest_is_sealed;
pub use list::{RunLine, RunList, list};
pub use run::{RunStanding, RunStatus, Standing};
