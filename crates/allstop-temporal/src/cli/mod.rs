//! The command line: types only, no policy.

mod connection;
mod report;
mod result;
mod run_name;
mod submit;
mod top;
mod value;
mod worker;

pub use connection::ConnectionArgs;
pub use report::ReportArgs;
pub use result::ResultOptions;
pub use run_name::RunName;
pub use submit::SubmitArgs;
pub use top::{Cli, Command, Connected};
pub use worker::WorkerArgs;
