//! The observers of a run, as the options say.

use std::sync::Arc;

use super::failing::Failing;
use super::options::{Detail, Namer, Print, Progress};
use super::plain::Plain;
use super::story::Story;
use crate::engine::Observer;

/// Returns the observers that show a run's progress as `progress` says, with this much `detail`.
///
/// Lines go to `print`; `bars` are there if there is a terminal. `namer` names a target by its number. For programs, there
/// is [`JsonLines`](super::json::JsonLines).
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
