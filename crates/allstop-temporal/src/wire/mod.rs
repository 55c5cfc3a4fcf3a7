//! What goes over the wire: inputs, results and signals of workflows and activities, each with its version.
//!
//! They are JSON. What a library of this version alone reads is [`Packed`] inside.

mod lane;
mod listing;
mod packed;
mod queue;
mod quota;
mod ranges;
mod run;
mod session;
mod shared;
mod signal;
mod versioned;

pub use lane::{LaneDoes, LaneInput, LaneMemo, LaneResult, LaneState, Rest};
pub use listing::{CameTo, ListBeat, ListEnd, ListInput, Listed};
pub use packed::{Packed, PackedError};
pub use queue::{PLAN_QUEUE, QUEUE, QUOTA_QUEUE, account_queue, lists_queue, own_use, reports_queue, served_for};
pub use quota::{
    Ask, AskInput, Asked, Awaited, Grant, HolderInput, QuotaInput, QuotaState, Release, ReleaseInput, Seat, Unserved,
};
pub use ranges::Ranges;
pub use run::{ConcludeInput, ListedMemo, Lists, RunInput, RunMemo, RunResult, Used};
pub use session::{Beat, Seen, SessionEnd, SessionInput, Why};
pub use shared::{
    Ended, HeldAt, LIST_TYPE, LaneSpec, Pace, PlanAt, REFUSED_TYPE, RUN_TYPE, RunRef, SESSION_TYPE, lane_id, listed_id,
    plan_id, run_workflow_id,
};
pub use signal::Signal;
pub(crate) use versioned::read_versioned;
pub use versioned::{OtherVersion, VERSION, Versioned};
