//! The command line: types only, no policy.

mod cancel;
mod connection;
mod fleet;
mod if_plan;
mod report;
mod result;
mod run_name;
mod schedule;
mod status;
mod submit;
mod takeout;
mod top;
mod value;
mod worker;

pub use cancel::CancelArgs;
pub use connection::ConnectionArgs;
pub use fleet::FleetArgs;
pub use if_plan::IfPlan;
pub use report::ReportArgs;
pub use result::ResultOptions;
pub use run_name::RunName;
pub use schedule::{
    CreateArgs, DescribeArgs, FrozenArgs, ListArgs, MadeOptions, NamedArgs, NotedArgs, ScheduleArgs, ScheduleCommand,
    ScheduleOutput, UpdateArgs,
};
pub use status::{StatusArgs, StatusOutput};
pub use submit::SubmitArgs;
pub use takeout::TakeoutArgs;
pub use top::{Cli, Command, Connected};
pub use worker::WorkerArgs;
