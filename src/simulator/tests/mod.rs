//! The simulator without its sockets.

mod client;
mod identity;
mod list_faults;
mod lists;
mod models;
mod reads;
mod responses;
mod selections;
mod signer;
mod trouble;
mod worlds;
