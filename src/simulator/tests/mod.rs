//! The simulator without its sockets.

mod answers;
mod client;
mod models;
mod reads;
mod trouble;
