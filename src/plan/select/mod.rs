//! `select`: which of the resources that a service lists are targets.

mod entry;
mod judgement;
mod query;
mod wants;

pub use entry::Select;
pub use judgement::Judgement;
pub use query::{Expect, Query};
pub use wants::Wants;
