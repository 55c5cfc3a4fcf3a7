//! The journal: what a run writes down, so that a crash loses no fact and repeats nothing that is known to be done.
//!
//! An append-only file of JSON lines; `docs/journal.md` describes it. [`create`] begins one, [`Writer`] implements
//! [`engine::Journal`](crate::engine::Journal) over it, [`read()`] tells what one says, and [`resume`] goes on in it. What a
//! run does with all that is the run's.

mod commit;
mod error;
mod fact;
mod file;
mod fingerprint;
mod frozen;
mod head;
mod history;
mod lock;
mod note;
mod read;
mod seal;
mod writer;

pub use error::{LineFault, OpenError, ReadError};
pub use file::{Created, Reopened, create, reopen, resume};
pub use frozen::{FrozenFacts, FrozenTargets};
pub use head::{Header, Mode, PlanChanged, PlanMark};
pub(crate) use lock::is_being_written;
pub use note::End;
pub use read::{Replay, read};
pub(crate) use read::{header, is_open};
pub use writer::Writer;

#[cfg(test)]
pub(crate) mod tests;
