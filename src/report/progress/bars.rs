//! Progress as bars on a terminal: one for the whole run, and one for each of the busiest lanes.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use tokio::time::Instant;

use super::Print;
use super::tally::Tally;
use crate::run::{Event, Observer};

/// How many lanes have a bar at the same time.
const LANES: usize = 10;

/// The least time between two updates of the bars.
const INTERVAL: Duration = Duration::from_millis(100);

/// Draws bars while the run lasts, and takes them away at its end.
pub struct Bars {
    multi: MultiProgress,
    whole: ProgressBar,
    shown: Vec<(usize, ProgressBar)>,
    /// Numbers of lanes without a bar yet, the busiest last.
    waiting: Vec<usize>,
    tally: Tally,
    drawn: Instant,
}

impl Bars {
    /// Builds bars on standard error; they stay invisible where that is no terminal.
    #[must_use]
    pub fn on_stderr() -> Self {
        Self::on(ProgressDrawTarget::stderr())
    }

    /// Builds bars on any target.
    #[must_use]
    pub fn on(target: ProgressDrawTarget) -> Self {
        let now = Instant::now();
        Self {
            multi: MultiProgress::with_draw_target(target),
            whole: ProgressBar::hidden(),
            shown: Vec::new(),
            waiting: Vec::new(),
            tally: Tally::new(now),
            drawn: now,
        }
    }

    /// Returns a way to print lines above the bars without garbling them.
    #[must_use]
    pub fn print_above(&self) -> Print {
        let multi = self.multi.clone();
        Arc::new(move |line| drop(multi.println(line)))
    }

    fn begin(&mut self) {
        self.whole = self.multi.add(ProgressBar::new(self.tally.targets));
        self.whole.set_style(style("{elapsed_precise}  {msg}"));
        let lanes = self.tally.lanes.iter().enumerate();
        let mut busy: Vec<_> =
            lanes.filter(|(_, lane)| lane.targets > 0).map(|(index, lane)| (lane.targets, index)).collect();
        busy.sort_by_key(|(targets, index)| (*targets, std::cmp::Reverse(*index)));
        self.waiting = busy.into_iter().map(|(_, index)| index).collect();
        self.draw(self.tally.began);
    }

    fn draw(&mut self, now: Instant) {
        self.drawn = now;
        self.retire();
        self.admit();
        for (index, bar) in &self.shown {
            if let Some(lane) = self.tally.lanes.get(*index) {
                bar.set_position(lane.done);
                bar.set_message(lane.note(now));
            }
        }
        self.whole.set_position(self.tally.done);
        self.whole.set_message(self.tally.outcomes());
    }

    /// Takes away the bars of lanes that are done.
    fn retire(&mut self) {
        let (tally, multi) = (&self.tally, &self.multi);
        self.shown.retain(|(index, bar)| {
            let is_done = tally.lanes.get(*index).is_none_or(|lane| lane.done >= lane.targets);
            if is_done {
                bar.finish_and_clear();
                multi.remove(bar);
            }
            !is_done
        });
    }

    /// Gives the free places to the busiest lanes that have none and are not done.
    fn admit(&mut self) {
        while self.shown.len() < LANES {
            let Some(index) = self.waiting.pop() else { return };
            let Some(lane) = self.tally.lanes.get(index).filter(|lane| lane.done < lane.targets) else { continue };
            let bar = self.multi.add(ProgressBar::new(lane.targets));
            bar.set_style(style("{prefix}  {msg}"));
            bar.set_prefix(lane.label.clone());
            self.shown.push((index, bar));
        }
    }

    fn end(&mut self) {
        for (_, bar) in self.shown.drain(..) {
            bar.finish_and_clear();
        }
        self.waiting.clear();
        std::mem::replace(&mut self.whole, ProgressBar::hidden()).finish_and_clear();
        drop(self.multi.clear());
    }
}

impl Observer for Bars {
    fn on_event(&mut self, event: &Event<'_>) {
        let now = Instant::now();
        self.tally.add(event, now);
        match event {
            Event::Started { .. } => self.begin(),
            Event::Ended { .. } => self.end(),
            Event::Sending { .. }
            | Event::Attempted { .. }
            | Event::Read { .. }
            | Event::Slowed { .. }
            | Event::Quickened { .. }
            | Event::GivenUp { .. }
            | Event::Finished { .. } => {
                if now.duration_since(self.drawn) >= INTERVAL {
                    self.draw(now);
                }
            }
        }
    }

    fn on_tick(&mut self) {
        self.draw(Instant::now());
        self.whole.tick();
    }
}

/// Returns the style of a bar with these words behind it; a template that indicatif refuses would only cost looks.
fn style(words: &str) -> ProgressStyle {
    let template = format!("[{{bar:20}}] {{human_pos:>9}}/{{human_len:<9}} {{rate:>9}}  {words}");
    ProgressStyle::with_template(&template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key("rate", rate)
        .progress_chars("=> ")
}

/// Writes a bar's rate with one decimal.
fn rate(state: &ProgressState, out: &mut dyn fmt::Write) {
    let _ = write!(out, "{:.1}/s", state.per_sec());
}
