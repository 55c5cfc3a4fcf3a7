//! Counts of a report by kind, account, region or label: how many targets have which outcome, and how long what was
//! stopped had been running.

mod counts;
mod group;
mod key;
mod running;
mod text;

pub use counts::CountsBy;
pub use key::{CountKey, CountKeyError};
