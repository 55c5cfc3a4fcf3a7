//! What the engine's histories tell of a run: they are read by anybody who may read the namespace, without a worker.
//!
//! [`gather()`] walks a run, its lanes and the sessions of each, and returns a [`GatheredRun`]: the report of the run, or a
//! journal that continues it.

mod error;
mod execution;
mod first;
mod gather;
mod gathered;
mod lane;
mod lane_walk;
mod loss;
mod name;
mod run;
mod standing;
#[cfg(test)]
mod tests;

pub use error::HistoryError;
pub(crate) use execution::{beat, cancel, describe, named};
pub(crate) use first::was_reset;
pub use gather::gather;
pub use gathered::GatheredRun;
pub use name::{report_file, run_name, workflow_id};
pub use standing::{LaneStanding, LaneStatus, RunLine, RunList, RunStanding, RunStatus, Standing, list};
pub(crate) use standing::{latest_is_sealed, was_taken};
