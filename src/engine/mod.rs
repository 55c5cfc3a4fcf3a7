//! Carrying a plan out: lanes, attempts, retries, read-backs, outcomes.
//!
//! One dispatcher owns the truth; requests in flight only report to it. A target that could not be stopped
//! is data, never an `Err`.

mod adaptive;
mod breaker;
mod client;
mod clock_offset;
mod completed;
mod dispatcher;
mod echo;
mod ending;
mod event;
mod exchange;
mod flight;
mod hint;
mod id;
mod journal;
mod landing;
mod lane;
mod outcome;
mod pace;
mod queue;
mod recording;
mod refusal;
mod results;
mod retry;
mod retry_budget;
mod roster;
mod shortage;
mod start;

pub use completed::Completed;
pub use event::{Event, LaneInfo, LaneStats, Observer, Record, Status};
pub use id::new_id;
pub use journal::{Effect, InProgress, Journal, JournalError, ResumeState, Ticket};
pub use outcome::{Attempt, Evidence, Outcome, SkipReason, TargetError, TargetResult};
pub use refusal::{foresee, in_use};
pub use results::Results;
pub use start::{Run, RunError};

#[cfg(test)]
mod tests;
