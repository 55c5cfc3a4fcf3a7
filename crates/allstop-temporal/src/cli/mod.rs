//! The command line: types only, no policy.

mod connection;
mod report;
mod result;
mod run_name;

pub use connection::ConnectionArgs;
pub use report::ReportArgs;
pub use result::ResultOptions;
pub use run_name::RunName;
