//! The parts of a JSON response that a decision depends on, and nothing else of it.
//!
//! Reads only the fields of the vendors' error envelopes and those that a service names, so that whatever else a
//! response holds costs no memory and cannot spoil it. A field that occurs twice has no value: nobody knows which of
//! the two is meant. Of a long list, only the entries that are searched for are kept.

mod lenient;
mod names;
mod read;
mod search;
mod seed;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use read::parse;
pub(super) use read::read;
pub(crate) use search::{Listed, Search};
pub(crate) use value::{Json, Object};
