//! The progress of a run while it runs, on standard error: bars on a terminal, plain lines elsewhere, or JSON.
//!
//! Observers only look: what they cannot write is lost, and the run goes on. Each event costs them some counting;
//! writing happens ten times a second at most, unless every attempt is to be shown.

mod bars;
mod eta;
mod failing;
pub mod json;
mod lane;
mod layout;
mod meter;
mod panel;
mod pauses;
mod plain;
mod story;
mod tally;

use std::io::{self, Write};
use std::sync::Arc;

pub use bars::Bars;
pub use failing::Failing;
pub use plain::Plain;
pub use story::Story;

use crate::run::Observer;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
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

/// Who watches a run, and how others print meanwhile.
pub struct Watch {
    /// The observers that show the run.
    pub observers: Vec<Box<dyn Observer>>,
    /// Prints a line where it garbles nothing.
    pub print: Print,
}

/// Returns those who show a run's progress as `progress` wants it, in as much `detail` as wanted.
///
/// Lines go to `print`, bars to standard error where that is a terminal; lines then stay above the bars. `namer` names
/// a target by its number. Programs watch with [`json::JsonLines`].
#[must_use]
pub fn watch(progress: Progress, is_terminal: bool, (detail, namer): (Detail, Namer), print: Print) -> Watch {
    let mut print = print;
    let mut observers: Vec<Box<dyn Observer>> = Vec::new();
    match progress {
        Progress::Bars | Progress::Auto if is_terminal => {
            let bars = Bars::on_stderr();
            print = bars.print_above();
            observers.push(Box::new(bars));
        }
        Progress::Plain | Progress::Auto => observers.push(Box::new(Plain::new(Arc::clone(&print)))),
        Progress::Bars | Progress::Off | Progress::Json => {}
    }
    if !observers.is_empty() {
        observers.push(Box::new(Failing::new(Arc::clone(&print))));
    }
    if detail > Detail::Nothing {
        observers.push(Box::new(Story::new(detail, namer, Arc::clone(&print))));
    }
    Watch { observers, print }
}

/// Returns a way to print lines to standard error.
#[must_use]
pub fn to_stderr() -> Print {
    Arc::new(|line| drop(writeln!(io::stderr().lock(), "{line}")))
}
