//! `select`: which of the resources that a service lists are targets.

mod age;
mod began;
mod conditions;
mod entry;
mod globs;
mod judgement;
mod query;
mod wants;

pub use age::Age;
pub(in crate::plan) use conditions::{Conditions, Time};
pub use entry::{Select, Unusable};
pub(in crate::plan) use globs::Globs;
pub use judgement::Judgement;
pub(in crate::plan) use query::{Children, Order};
pub use query::{Expect, Query};
pub use wants::Wants;

#[cfg(test)]
mod tests;
