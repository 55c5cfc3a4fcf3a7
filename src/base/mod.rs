//! What everything stands on: clock, files, environment, the name of the machine, rates, texts made safe, durations and counts in words. Knows nothing of clouds, plans or runs.

pub mod clock;
pub(crate) mod command_words;
pub(crate) mod count;
pub(crate) mod disk;
pub(crate) mod duration;
pub mod environment;
pub(crate) mod escape;
mod exit_status;
pub(crate) mod host;
pub mod rate;
pub(crate) mod shell;

pub use exit_status::ExitStatus;
