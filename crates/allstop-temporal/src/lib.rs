//! Runs plans of allstop on Temporal: several workers, one quota, one report.

pub mod cli;
pub mod client;
