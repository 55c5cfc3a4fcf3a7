//! The workflows: a run, its lanes, and the quota that runs share.
//!
//! They decide who may send and for how long, and never send. What they decide is in `budget`, `turns` and `lane`'s `decisions`
//! and `state`, which need no engine.

#![allow(missing_docs, reason = "the SDK's macros make constants of methods, without their docs")]

mod activities;
mod budget;
mod detached;
mod holding;
mod lane;
mod listing;
mod plan;
mod quota;
mod run;
mod turns;

use std::time::Duration;

pub use activities::Activities;
pub use lane::LaneFlow;
pub(crate) use lane::{add_accounts, add_stats};
pub use plan::PlanFlow;
pub use quota::QuotaFlow;
pub use run::RunFlow;

/// The timeout of workflow tasks: a worker that was killed holds one for so long.
pub(crate) const TASK_TIMEOUT: Duration = Duration::from_secs(5);
