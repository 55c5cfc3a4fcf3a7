//! The simulator: a real HTTP server on loopback that speaks every service.
//!
//! `allstop run --rehearse` runs a plan against it, and `allstop simulate` serves it to people's own scripts.
//! It is an independent judge: it checks every signature, date, token and nonce with code of its own, has its own model
//! of each service, and keeps a [`Ledger`] of what really happened, with which [`audit()`] compares what was reported.
//! What goes wrong is drawn from a seed and never from the time.

mod access;
mod audit;
mod auth;
mod cloud;
mod config;
mod connection;
mod control;
mod encoding;
mod entry;
mod error;
mod fault;
mod fault_injector;
mod handle;
mod inventory;
mod keyring;
mod ledger;
mod phase;
mod quota;
mod rehearse;
mod request;
mod request_context;
mod resource;
mod response;
mod service;
mod start;
mod state;
mod target;
#[cfg(test)]
mod tests;

pub use audit::{Claim, Disagreement, audit};
pub use config::Config;
pub use entry::Counts;
pub use error::{NoModel, RehearsalError};
pub use fault::{Faults, FaultsError};
pub use handle::Handle;
pub use ledger::{Ledger, Record, Refused, Requests};
pub use phase::Phase;
pub use rehearse::{Keys, rehearse, resources};
pub use resource::{Id, Initial, Resource};
pub use service::Model;
pub use start::start;
