//! The progress of a run while it runs, on standard error: bars on a terminal, plain lines elsewhere.
//!
//! Observers only look: what they cannot write is lost, and the run goes on.

mod attempts;
mod bars;
mod plain;
mod tally;

use std::io::{self, Write};
use std::sync::Arc;

pub use attempts::{AttemptLines, Namer};
pub use bars::Bars;
pub use plain::Plain;

use crate::run::Observer;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Progress {
    /// Bars on a terminal, plain lines elsewhere
    #[default]
    Auto,
    /// Bars; nothing where there is no terminal
    Bars,
    /// A line every few seconds
    Plain,
    /// Nothing
    Off,
}

/// Prints one line; failures to print are nobody's concern.
pub type Print = Arc<dyn Fn(&str) + Send + Sync>;

/// Returns the observers that show a run's progress as `progress` wants it.
///
/// Lines go to `print`, bars to standard error. With `attempts`, which names a target by its number, every attempt gets
/// a line, too; bars then stay below those lines.
#[must_use]
pub fn observers(
    progress: Progress,
    is_terminal: bool,
    attempts: Option<Namer>,
    print: Print,
) -> Vec<Box<dyn Observer>> {
    let with_bars = progress == Progress::Bars || (progress == Progress::Auto && is_terminal);
    let mut print = print;
    let mut observers: Vec<Box<dyn Observer>> = Vec::new();
    if with_bars {
        let bars = Bars::on_stderr();
        if is_terminal {
            print = bars.print_above();
        }
        observers.push(Box::new(bars));
    } else if progress != Progress::Off {
        observers.push(Box::new(Plain::new(Arc::clone(&print))));
    }
    if let Some(namer) = attempts {
        observers.push(Box::new(AttemptLines::new(namer, print)));
    }
    observers
}

/// Returns a way to print lines to standard error.
#[must_use]
pub fn to_stderr() -> Print {
    Arc::new(|line| drop(writeln!(io::stderr().lock(), "{line}")))
}
