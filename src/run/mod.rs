//! Carrying a plan out: lanes, attempts, retries, read-backs, outcomes.
//!
//! One dispatcher owns the truth; requests in flight only report to it. A target that could not be stopped
//! is data, never an `Err`.

mod adaptive;
mod allowance;
mod breaker;
mod client;
mod clock_offset;
mod dispatcher;
mod echo;
mod ending;
mod event;
mod exchange;
mod facts;
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
mod results;
mod retry;
mod roster;
mod shortage;
mod start;

pub use event::{Event, LaneInfo, LaneStats, Observer, Record, Status};
pub use facts::Facts;
pub use hint::{Origin, advice, hint, variables};
pub use id::new_id;
pub use journal::{Journal, JournalError, Open, Past, Ticket, Trace};
pub use outcome::{Attempt, Evidence, Outcome, SkipReason, TargetError, TargetResult};
pub use results::Results;
pub use start::{Run, RunError};

#[cfg(test)]
mod tests;
