//! A run that is prepared here and carried out elsewhere, in parts, perhaps by several machines.
//!
//! [`Ready::bundle`](super::Ready::bundle) makes a [`Bundle`], which leaves the process as bytes. [`Bundle::open`] reads it
//! again, without the plan's files and variables; the [`OpenBundle`] runs parts of the plan and reports what came of all
//! of them. Where the plan selects and was not listed yet, [`Bundle::list`] does so elsewhere and makes a new bundle.

mod data;
mod gathered;
mod journal;
mod list;
mod open;
mod remembered;

pub use data::{Bundle, BundleError};
pub use gathered::Gathered;
pub use list::ListedBundle;
pub use open::{BundledRun, OpenBundle};

#[cfg(test)]
#[cfg(feature = "simulator")]
mod tests;
