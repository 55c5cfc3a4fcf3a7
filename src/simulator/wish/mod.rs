//! What selections wish for: the simulator's own reading and judgement of conditions.
//!
//! It shares no code with the part of the program that selects, whose judge it is.

mod began;
mod conditions;
mod select;
mod shown;
#[cfg(test)]
mod tests;

pub(in crate::simulator) use conditions::{Conditions, Time, is_any};
pub use select::{Opinion, Wish};
pub(in crate::simulator) use shown::Shown;
