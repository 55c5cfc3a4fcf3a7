//! The simulator: a real HTTP server on loopback that speaks every service.
//!
//! `allstop run --rehearse` runs a plan against it, and `allstop simulate` serves it to people's own scripts.
//! It is an independent judge: it checks every signature, date, token and nonce with code of its own, has its own model
//! of each service, and keeps a [`Ledger`] of what really happened, with which [`audit()`] compares what was reported.
//! What goes wrong is drawn from a seed and never from the time.

mod access;
mod audit;
mod auth;
mod catalog;
mod cloud;
mod config;
mod connection;
mod control;
mod course;
mod draft;
mod encoding;
mod entry;
mod error;
mod facts;
mod fault;
mod fault_injector;
mod glob;
mod handle;
mod identity;
mod inventory;
mod keyring;
mod ledger;
mod list_body;
mod list_confusion;
mod list_fault;
mod list_request;
mod list_script;
mod lists;
mod load;
mod page;
mod phase;
mod quota;
mod rehearse;
mod request;
mod request_context;
mod resource;
mod response;
mod scope;
mod select_audit;
mod service;
mod sight;
mod start;
mod state;
mod stop_each;
mod target;
#[cfg(test)]
mod tests;
mod timeline;
mod wish;
mod world;

pub use audit::{Claim, Disagreement, audit};
pub use config::Config;
pub use course::{Course, Leaving, When};
pub use entry::Life;
pub use error::RehearsalError;
pub use facts::{Facts, Start, Tags};
pub use fault::{Faults, FaultsError};
pub use handle::Handle;
pub use identity::{CredentialCall, CredentialLedger, CredentialSettingsError, IssuedCredentials, SignedStop, UsedKey};
pub use ledger::{Ledger, ListingRequests, Record, Requests};
pub use list_fault::{ListFault, ListTrouble};
pub use phase::Phase;
pub use rehearse::{Keys, rehearse, resources, wishes};
pub use resource::{Id, Initial, Resource};
pub use select_audit::{Misselection, Row, Selected, audit_selected};
pub use service::{BatchStops, LastToken, Model, Quirks};
pub use start::start;
pub use wish::{Opinion, Wish};
pub use world::{Ground, Seeded, World, WorldError};
