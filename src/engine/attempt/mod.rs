//! One request: built, signed, sent, and cleaned of secrets when its response is there. Nothing here keeps state.

mod classify;
mod client;
mod clock_offset;
mod echo;
mod exchange;
mod expired;
mod keys;
mod nonces;
mod origins;
mod sender;

pub(super) use classify::{Batching, Finding};
pub(super) use client::of as client;
pub(super) use clock_offset::ClockOffset;
pub(super) use exchange::{Exchange, Permit, Reply, SentAt};
pub(super) use keys::AccountKeys;
pub(super) use nonces::Nonces;
pub(super) use origins::Origins;
pub(super) use sender::{Ask, Sender};
