//! Runs plans of `allstop` on Temporal: several workers, one quota, one report.
//!
//! [`workflow`] decides who may send, [`wire`] is what goes between workflows, workers and clients. A [`session`] holds a
//! lane and sends; [`plans`] has the plans that it needs. A [`worker`] serves both. [`submit`] starts runs, [`schedule`]
//! has the engine start them at fixed times, [`client`] connects, and [`command`] and [`cli`] are the program.

pub mod cli;
pub mod client;
pub mod command;
pub mod plans;
pub mod schedule;
pub mod session;
pub mod submit;
pub mod wire;
pub mod worker;
pub mod workflow;
