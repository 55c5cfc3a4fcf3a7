//! The simulator without its sockets.

mod answers;
mod client;
mod reads;
mod trouble;
