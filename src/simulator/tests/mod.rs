//! The simulator without its sockets.

mod client;
mod models;
mod reads;
mod responses;
mod trouble;
