//! Progress as bars on a terminal: one for the whole run, and one for each of the busiest lanes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use console::Term;
use indicatif::TermLike;
use tokio::time::Instant;

use super::panel::Panel;
use super::tally::Tally;
use super::{Print, layout};
use crate::run::{Event, Observer};

/// The least time between two updates of the bars.
const INTERVAL: Duration = Duration::from_millis(100);

/// Draws bars while the run lasts, and takes them away at its end.
pub struct Bars {
    panel: Arc<Mutex<Panel>>,
    tally: Tally,
    drawn: Instant,
    is_over: bool,
}

impl Bars {
    /// Builds bars on standard error, which is a terminal.
    #[must_use]
    pub fn on_stderr() -> Self {
        Self::on(Box::new(Term::buffered_stderr()))
    }

    /// Builds bars on any terminal.
    #[must_use]
    pub fn on(terminal: Box<dyn TermLike>) -> Self {
        let now = Instant::now();
        let panel = Arc::new(Mutex::new(Panel::new(terminal)));
        Self { panel, tally: Tally::new(now), drawn: now, is_over: false }
    }

    /// Returns a way to print lines above the bars without garbling them.
    #[must_use]
    pub fn print_above(&self) -> Print {
        let panel = Arc::clone(&self.panel);
        Arc::new(move |line| lock(&panel).print(line))
    }

    fn draw(&mut self, now: Instant) {
        self.drawn = now;
        let mut panel = lock(&self.panel);
        let lines = layout::screen(&self.tally, now, panel.width());
        panel.draw(lines);
    }
}

/// A panic elsewhere leaves a panel that can still be drawn.
fn lock(panel: &Mutex<Panel>) -> MutexGuard<'_, Panel> {
    panel.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Observer for Bars {
    fn on_event(&mut self, event: &Event<'_>) {
        let now = Instant::now();
        self.tally.add(event, now);
        if let Event::Ended { .. } = event {
            self.is_over = true;
            lock(&self.panel).clear();
        } else if matches!(event, Event::Started { .. }) || now.duration_since(self.drawn) >= INTERVAL {
            self.draw(now);
        }
    }

    fn on_tick(&mut self) {
        if !self.is_over {
            self.draw(Instant::now());
        }
    }
}
