//! How much of a run is shown, and where it is printed.

use std::io::{self, Write};
use std::sync::Arc;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Progress {
    /// Bars on a terminal, plain lines elsewhere.
    #[default]
    Auto,
    /// Bars; nothing if there is no terminal.
    Bars,
    /// Lines every few seconds.
    Plain,
    /// JSON lines every second; log messages are JSON lines, too.
    Json,
    /// Nothing.
    Off,
}

/// How much of what happens gets a line of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// Nothing.
    #[default]
    Nothing,
    /// Each stop request.
    Attempts,
    /// Each read and each change of a lane, too.
    Everything,
}

/// Names a target by its number in the plan.
pub type Namer = Box<dyn Fn(usize) -> String + Send>;

/// Prints one line; failures to print are ignored.
pub type Print = Arc<dyn Fn(&str) + Send + Sync>;

/// Returns a way to print lines to standard error.
#[must_use]
pub fn to_stderr() -> Print {
    Arc::new(|line| drop(writeln!(io::stderr().lock(), "{line}")))
}
