//! Progress as plain lines, for logs: some every few seconds, and one at the end.

use std::time::Duration;

use tokio::time::Instant;

use super::layout;
use super::options::Print;
use super::tally::Tally;
use crate::engine::{Event, Observer};
use crate::wording::status;

/// The least and the most time between two looks at the run.
const INTERVALS: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(60));

/// What happens within this time after a line gets no line of its own.
const INSTANT: Duration = Duration::from_millis(500);

/// The time between two looks is this part of the time that has passed: a long run has no long log.
const PART: u32 = 20;

/// Prints a look at the run every five seconds at first, every minute later, and one at the end.
pub(super) struct Plain {
    tally: Tally,
    printed: Instant,
    print: Print,
}

impl Plain {
    /// Builds the observer; it measures with tokio's clock.
    #[must_use]
    pub(super) fn new(print: Print) -> Self {
        let now = Instant::now();
        Self { tally: Tally::new(now), printed: now, print }
    }

    fn print(&mut self, now: Instant) {
        self.printed = now;
        layout::log(&self.tally, now).iter().for_each(|line| (self.print)(line));
    }

    /// Tells whether a stage begins that the last line, which is not of this very moment, could not name.
    fn is_next_stage(&self, event: &Event<'_>, now: Instant) -> bool {
        matches!(event, Event::Stage { .. }) && now.duration_since(self.printed) >= INSTANT
    }

    fn print_if_due(&mut self, now: Instant) {
        if now.duration_since(self.printed) >= interval(now.duration_since(self.tally.began)) {
            self.print(now);
        }
    }
}

/// Returns the time between two looks at something that goes on for so long.
pub(super) fn interval(elapsed: Duration) -> Duration {
    let (least, most) = INTERVALS;
    (elapsed / PART).clamp(least, most)
}

impl Observer for Plain {
    fn on_event(&mut self, event: &Event<'_>) {
        let now = Instant::now();
        self.tally.add(event, now);
        if let Event::Ended { status: ended } = *event {
            (self.print)(&layout::end(&self.tally, now, status(ended).short));
        } else if matches!(event, Event::Started { .. } | Event::Pausing { .. }) || self.is_next_stage(event, now) {
            self.print(now);
        } else {
            self.print_if_due(now);
        }
    }

    fn on_tick(&mut self) {
        self.print_if_due(Instant::now());
    }
}
