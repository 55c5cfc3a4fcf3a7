//! The command line: types only, no policy.

mod connection;

pub use connection::ConnectionArgs;
