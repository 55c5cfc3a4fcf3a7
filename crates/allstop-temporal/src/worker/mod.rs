//! A worker: it runs the workflows, and its sessions hold lanes.

mod activities;
mod asking;
mod health;
mod listing;
mod reports;
mod serve;

pub use activities::Work;
pub use health::{Health, listen};
pub use reports::Reports;
pub use serve::{ServeOptions, serve};
