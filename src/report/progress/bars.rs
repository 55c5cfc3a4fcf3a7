//! Progress as bars on a terminal: one for the whole run, and one for each of the busiest lanes.

use std::time::Duration;

use console::Term;
use indicatif::TermLike;
use tokio::time::Instant;

use super::outlet::Outlet;
use super::tally::Tally;
use super::{layout, panel};
use crate::engine::{Event, Observer};

/// The least time between two updates of the bars.
const INTERVAL: Duration = Duration::from_millis(100);

/// Draws bars while the run lasts, and takes them away at its end.
pub struct Bars {
    /// Tells how wide the terminal is; the outlet draws.
    terminal: Box<dyn TermLike>,
    outlet: Outlet,
    tally: Tally,
    drawn: Instant,
    is_asking: bool,
    is_over: bool,
}

impl Bars {
    /// Builds bars on standard error, which is a terminal and what `outlet` leads to.
    #[must_use]
    pub fn on_stderr(outlet: Outlet) -> Self {
        Self::on(Box::new(Term::stderr()), outlet)
    }

    /// Builds bars on any terminal, which `outlet` leads to.
    #[must_use]
    pub fn on(terminal: Box<dyn TermLike>, outlet: Outlet) -> Self {
        let now = Instant::now();
        Self { terminal, outlet, tally: Tally::new(now), drawn: now, is_asking: false, is_over: false }
    }

    fn draw(&mut self, now: Instant) {
        self.drawn = now;
        self.outlet.draw(layout::screen(&self.tally, now, panel::width(&*self.terminal)));
    }
}

impl Observer for Bars {
    fn on_event(&mut self, event: &Event<'_>) {
        let now = Instant::now();
        self.tally.add(event, now);
        self.is_asking = false;
        if let Event::Ended { .. } = event {
            self.is_over = true;
            self.outlet.draw(Vec::new());
        } else if matches!(event, Event::Pausing { pause: None, .. }) {
            // The question stands where the bars were.
            self.is_asking = true;
            self.outlet.draw(Vec::new());
        } else if matches!(event, Event::Started { .. }) || now.duration_since(self.drawn) >= INTERVAL {
            self.draw(now);
        }
    }

    fn on_tick(&mut self) {
        if !self.is_over && !self.is_asking {
            self.draw(Instant::now());
        }
    }
}
