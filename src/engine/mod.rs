//! Carrying a plan out: lanes, attempts, retries, read-backs, outcomes.
//!
//! [`Run`] is the front door. One dispatcher owns what is true of a run; requests in flight only report to it. A target
//! that could not be stopped is data, never an `Err`.

mod attempt;
mod batch;
mod dispatcher;
mod earlier;
mod error;
mod event;
mod hint;
mod id;
mod in_flight;
mod journal;
mod keyring;
mod listing;
mod opening;
mod outcome;
mod recorder;
mod refusal;
mod results;
mod retry;
mod run;
mod scheduler;
mod selection;
mod stage;
mod stages;
mod stop_lane;
mod target;
mod threshold;
mod tracker;

pub use earlier::Earlier;
pub use error::RunError;
pub use event::{Event, LaneInfo, LaneStats, Observer, Record, Status};
pub(crate) use id::new_id;
pub use journal::{
    AccountNote, AlreadyFinished, Effect, History, InProgress, Journal, JournalError, KnownAccount, LaneMemory,
    LearntRate, ResumeState, Ticket,
};
pub use keyring::{Keyring, SignedAccount};
pub use listing::{Found, Frozen, ListingEnd, ListingProgress, ListingRecord, Listings, Rest, Spared, Starter};
pub use outcome::{Attempt, Evidence, Outcome, SkipReason, TargetError, TargetResult};
pub(crate) use refusal::{foresee, foresee_window, in_use};
pub use results::{Completed, Results, UnpackError};
pub use run::Run;
pub use scheduler::{Limiter, Throttled};
pub use selection::{AccountCount, LeftOut, Missing, SelectionRecord, listing_requests};
pub use stage::{StageRecord, StageStatus};
pub use stages::AtPause;
pub use stop_lane::StopLane;
pub use threshold::too_many_failures;

#[cfg(test)]
mod tests;
