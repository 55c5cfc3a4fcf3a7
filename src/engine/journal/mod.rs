//! What a run writes down so that nothing is lost when it is killed, and what another process goes on from.
//!
//! Only the interface: where and how notes are written is the caller's choice.

mod history;
mod notes;
mod resume;

pub use history::{AlreadyFinished, History};
pub use notes::{AccountNote, Journal, JournalError, Ticket};
pub(super) use resume::UNNOTED;
pub use resume::{Effect, InProgress, KnownAccount, LaneMemory, LearntRate, ResumeState};
