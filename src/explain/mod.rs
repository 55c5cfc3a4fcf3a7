//! What the program's words mean, and what to do about each: exit statuses, outcomes, reasons, classes of errors, kinds
//! and keys of plans, and the vendors' codes.
//!
//! The texts are those of [`crate::wording`], [`crate::advice`], the plan's format and the services; tests hold the
//! tables in the README and in docs/ to them. Nothing here decides anything.

mod code;
mod entry;
mod find;
mod key;
mod kind;
mod select;
mod topic;
mod word;

pub use entry::Entry;
pub use find::{about, entries, near};
pub use topic::Topic;
