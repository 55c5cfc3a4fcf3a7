//! What everything stands on: clock, files, environment, rates, escaping. Knows nothing of clouds, plans or runs.

pub mod clock;
pub(crate) mod disk;
pub mod environment;
pub(crate) mod escape;
mod exit_status;
pub mod rate;

pub use exit_status::ExitStatus;
