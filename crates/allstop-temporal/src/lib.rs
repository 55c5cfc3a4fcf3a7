//! Runs plans of `allstop` on Temporal: several workers, one quota, one report.
//!
//! [`workflow`] decides who may send, [`wire`] is what goes between workflows, workers and clients. A [`session`] holds a
//! lane and sends; [`plans`] has the plans that it needs. A [`worker`] serves both. [`submit`] starts runs, [`schedule`]
//! has the engine start them at fixed times, [`history`] reads what came of them, [`client`] connects, and [`command`] and
//! [`cli`] are the program.

#![allow(clippy::wildcard_enum_match_arm, reason = "the SDK's enums may have more variants any day")]

pub mod cli;
pub mod client;
pub mod command;
pub mod history;
pub mod plans;
pub mod schedule;
pub mod session;
pub mod submit;
pub mod wire;
pub mod worker;
pub mod workflow;
