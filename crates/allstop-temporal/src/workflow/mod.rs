//! The workflows: a run, its lanes, and the quota that runs share.
//!
//! They decide who may send and for how long, and never send. What they decide is in `budget`, `turns` and `lane_state`,
//! which need no engine.

mod activities;
mod budget;
mod detached;
mod lane;
mod lane_state;
mod listing;
mod plan;
mod quota;
mod run;
mod turns;

pub use activities::Activities;
pub use lane::LaneFlow;
pub use plan::PlanFlow;
pub use quota::QuotaFlow;
pub use run::RunFlow;
