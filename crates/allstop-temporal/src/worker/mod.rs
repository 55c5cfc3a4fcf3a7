//! A worker: it runs the workflows, and its sessions hold lanes.

mod activities;
mod listing;
mod serve;

pub use activities::Work;
pub use serve::{ServeOptions, serve};
