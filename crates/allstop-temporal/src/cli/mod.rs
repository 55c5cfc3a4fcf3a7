//! The command line: types only, no policy.

mod connection;
mod submit;
mod top;
mod value;
mod worker;

pub use connection::ConnectionArgs;
pub use submit::SubmitArgs;
pub use top::{Cli, Command};
pub use worker::WorkerArgs;
