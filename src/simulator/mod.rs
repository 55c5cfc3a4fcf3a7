//! The built-in cloud: a real HTTP server on loopback that speaks all five services.
//!
//! `allstop run --rehearse` runs a plan against it, and `allstop simulate` serves it to people's own scripts.
//! It is an independent judge: it checks every signature, date, token and nonce with code of its own, has its
//! own idea of what the services answer, and keeps a [`Ledger`] of what really happened, with which
//! [`audit()`] compares what was reported. What goes wrong is drawn from a seed and never from the time.

mod answer;
mod audit;
mod auth;
mod books;
mod cloud;
mod config;
mod connection;
mod control;
mod delivery;
mod dice;
mod door;
mod encoding;
mod entry;
mod error;
mod fault;
mod handle;
mod keyring;
mod lead;
mod ledger;
mod phase;
mod quota;
mod request;
mod resource;
mod server;
mod service;
mod start;
mod target;
#[cfg(test)]
mod tests;
mod turn;
mod world;

pub use audit::{Claim, Disagreement, audit};
pub use config::Config;
pub use entry::Counts;
pub use error::{NoModel, RehearsalError};
pub use fault::{Faults, FaultsError};
pub use handle::Handle;
pub use lead::{Keys, rehearse, resources};
pub use ledger::{Ledger, Record, Refused, Requests};
pub use phase::Phase;
pub use resource::{Id, Initial, Resource};
pub use service::Model;
pub use start::start;
