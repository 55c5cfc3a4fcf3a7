//! The fault campaign: the built program against the simulator, interrupted in every way.
//!
//! `docs/reliability.md` says what it promises to whom, and how to repeat it at length.

mod batches;
mod disk;
pub(crate) mod ground;
mod judge;
mod kills;
#[cfg(unix)]
mod selected_kills;
mod selected_storms;
mod sickness;
mod signals;
mod standing;
mod tries;
mod unread;
