//! Carrying a plan out: lanes, attempts, retries, read-backs, outcomes.
//!
//! One dispatcher owns the truth; requests in flight only report to it. A target that could not be stopped
//! is data, never an `Err`.

mod event;
mod outcome;

pub use event::{Event, LaneInfo, LaneStats, Observer, Record, Status};
pub use outcome::{Attempt, Evidence, Outcome, SkipReason, TargetError, TargetResult};
