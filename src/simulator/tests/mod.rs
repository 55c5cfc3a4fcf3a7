//! The simulator without its sockets.

mod client;
mod list_faults;
mod lists;
mod models;
mod reads;
mod responses;
mod selections;
mod trouble;
mod worlds;
