//! The integration tests, all in one binary. They need a Temporal server, see [`harness::server`].

// Clippy tells test code by it.
#![cfg(test)]
// Signals stop and freeze the programs.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "they measure how long programs take")]

mod connecting;
mod encryption;
mod fleet;
mod harness;
mod replay;
mod schedules;
mod search_attributes;
mod selection;
mod tls;
