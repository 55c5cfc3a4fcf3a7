//! The progress of a run while it runs, on standard error: bars on a terminal, plain lines elsewhere, or JSON.
//!
//! Observers only look: what they cannot write is lost, and the run goes on. Each event costs them some counting;
//! writing happens ten times a second at most, unless every attempt is to be shown, and on a thread of its own.

#[cfg(feature = "terminal")]
mod bars;
mod eta;
mod failing;
pub mod json;
mod lane;
mod layout;
mod meter;
#[cfg(feature = "terminal")]
mod outlet;
#[cfg(feature = "terminal")]
mod panel;
mod pauses;
mod plain;
mod story;
mod tally;

use std::io::{self, Write};
use std::sync::Arc;

#[cfg(feature = "terminal")]
pub use bars::Bars;
pub use failing::Failing;
#[cfg(feature = "terminal")]
pub use outlet::{Missing, Outlet};
pub use plain::Plain;
pub use story::Story;

use crate::engine::Observer;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Progress {
    /// Bars on a terminal, plain lines elsewhere
    #[default]
    Auto,
    /// Bars; nothing where there is no terminal
    Bars,
    /// Lines every few seconds
    Plain,
    /// Lines of JSON every second, and nothing else on standard error
    Json,
    /// Nothing
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

/// Prints one line; failures to print are nobody's concern.
pub type Print = Arc<dyn Fn(&str) + Send + Sync>;

/// Returns those who show a run's progress as `progress` wants it, in as much `detail` as wanted.
///
/// Lines go to `print`; `bars` are there where there is a terminal. `namer` names a target by its number. Programs watch
/// with [`json::JsonLines`].
#[must_use]
pub fn watch(
    progress: Progress,
    bars: Option<Box<dyn Observer>>,
    (detail, namer): (Detail, Namer),
    print: Print,
) -> Vec<Box<dyn Observer>> {
    let mut observers: Vec<Box<dyn Observer>> = Vec::new();
    match (progress, bars) {
        (Progress::Bars | Progress::Auto, Some(bars)) => observers.push(bars),
        (Progress::Plain, _) | (Progress::Auto, None) => observers.push(Box::new(Plain::new(Arc::clone(&print)))),
        (Progress::Bars, None) | (Progress::Off | Progress::Json, _) => {}
    }
    if !observers.is_empty() {
        observers.push(Box::new(Failing::new(Arc::clone(&print))));
    }
    if detail > Detail::Nothing {
        observers.push(Box::new(Story::new(detail, namer, print)));
    }
    observers
}

/// Returns a way to print lines to standard error.
#[must_use]
pub fn to_stderr() -> Print {
    Arc::new(|line| drop(writeln!(io::stderr().lock(), "{line}")))
}
