//! A lane with many requests, drawn as one stacked bar for each step of time.

use super::super::super::json::RowAttempt;
use super::axis::{Axis, offset};
use super::quota::{HEIGHT, Quota, Scale};
use super::rate::{number, rate};
use crate::base::count::counted;
use crate::error::ErrorClass;

/// How wide the drawing of one step is, its gap included.
const WIDTH: usize = 10;

/// What happened in one step.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    fine: u32,
    throttled: u32,
    wrong: u32,
    /// How long targets waited for their next attempt, added up, in milliseconds.
    waited: u64,
}

/// Requests over time, counted.
#[derive(Debug)]
pub(super) struct Tally {
    axis: Axis,
    steps: Vec<Step>,
}

impl Tally {
    pub(super) fn new(axis: Axis) -> Self {
        Self { axis, steps: vec![Step::default(); axis.steps] }
    }

    /// Counts an attempt in the step in which it was sent, and the wait after it in every step that it touches.
    pub(super) fn add(&mut self, attempt: &RowAttempt) {
        let sent = self.axis.sent(attempt);
        if let Some(step) = self.steps.get_mut(usize::try_from(sent / self.axis.step).unwrap_or(usize::MAX)) {
            match attempt.class {
                None => step.fine += 1,
                Some(ErrorClass::Throttled) => step.throttled += 1,
                Some(_) => step.wrong += 1,
            }
        }
        if let Some(wait) = attempt.retry_in_ms {
            self.wait(sent.saturating_add(attempt.duration_ms), wait);
        }
    }

    fn wait(&mut self, from: u64, lasted: u64) {
        let (length, until) = (self.axis.step, from.saturating_add(lasted));
        let touched = (from / length)..=(until / length);
        for (number, step) in (0..).zip(&mut self.steps).skip_while(|(number, _)| !touched.contains(number)) {
            let begin = number * length;
            if begin >= until {
                break;
            }
            step.waited += until.min(begin + length) - from.max(begin);
        }
    }

    /// Draws the steps, against the rate that was stated, in requests a second, where it is known.
    pub(super) fn draw(&self, stated: Option<f64>) -> Bars {
        let most = self.steps.iter().map(Step::sent).max().unwrap_or_default().max(1);
        let seconds = self.axis.step as f64 / 1000.0;
        let Scale { top, quota } = Scale::of(f64::from(most), stated, seconds);
        let scale = HEIGHT / top;
        let longest = self.steps.iter().map(|step| step.waited).max().unwrap_or_default();
        let waiting = longest as f64 / self.axis.step as f64;
        let numbered = || self.steps.iter().enumerate();
        Bars {
            width: self.steps.len() * WIDTH,
            top: rate(top / seconds),
            quota,
            bars: numbered()
                .filter(|(_, step)| step.sent() > 0)
                .map(|(at, step)| step.bar(at, &self.axis, scale))
                .collect(),
            waiting: number(waiting),
            waits: numbered().filter(|(_, step)| step.waited > 0).map(|(at, step)| step.wait(at, longest)).collect(),
        }
    }
}

impl Step {
    const fn sent(&self) -> u32 {
        self.fine + self.throttled + self.wrong
    }

    fn bar(&self, at: usize, axis: &Axis, scale: f64) -> Bar {
        let parts = [("fine", self.fine), ("wrong", self.wrong), ("throttled", self.throttled)];
        let mut top = HEIGHT;
        let mut stacked = Vec::new();
        for (class, requests) in parts.into_iter().filter(|(_, requests)| *requests > 0) {
            let height = f64::from(requests) * scale;
            top -= height;
            stacked.push(Block { class, y: number(top), height: number(height) });
        }
        let waiting = self.waited as f64 / axis.step as f64;
        let from = offset(at as u64 * axis.step);
        let said = |requests: u32, what: &str| format!("{requests} {what}");
        let title = [
            format!("{from}: {}", counted(self.sent().into(), "request")),
            said(self.throttled, "throttled"),
            said(self.wrong, "other errors"),
            format!("{} waiting", number(waiting)),
        ];
        Bar { x: at * WIDTH, title: title.join(", "), blocks: stacked }
    }

    fn wait(&self, at: usize, longest: u64) -> Wait {
        let height = self.waited as f64 / longest as f64 * HEIGHT;
        Wait { x: at * WIDTH, y: number(HEIGHT - height), height: number(height) }
    }
}

/// A drawing of bars, in units of its own; it is stretched to the room that there is.
#[derive(Debug)]
pub(super) struct Bars {
    /// The width of the whole.
    pub(super) width: usize,
    /// The value at the upper edge, in requests per second.
    pub(super) top: String,
    /// The stated rate, where it is known.
    pub(super) quota: Option<Quota>,
    /// The bars, empty ones left out.
    pub(super) bars: Vec<Bar>,
    /// How many targets waited at most for their next attempt.
    pub(super) waiting: String,
    /// The waits, empty ones left out.
    pub(super) waits: Vec<Wait>,
}

/// The requests of one step.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) x: usize,
    pub(super) title: String,
    pub(super) blocks: Vec<Block>,
}

/// The requests of one step that ended in one way.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) class: &'static str,
    pub(super) y: String,
    pub(super) height: String,
}

/// The waits in one step.
#[derive(Debug)]
pub(super) struct Wait {
    pub(super) x: usize,
    pub(super) y: String,
    pub(super) height: String,
}
