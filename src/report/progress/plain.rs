//! Progress as plain lines, for logs: one every few seconds, and one at the end.

use std::time::Duration;

use tokio::time::Instant;

use super::Print;
use super::tally::Tally;
use crate::report::text::spoken;
use crate::run::{Event, Observer, Status};

/// The least time between two lines.
const INTERVAL: Duration = Duration::from_secs(5);

/// How many waiting lanes a line names.
const LANES: usize = 3;

/// Prints a line every five seconds while there are events or ticks, and one at the end.
pub struct Plain {
    tally: Tally,
    printed: Instant,
    print: Print,
}

impl Plain {
    /// Builds the observer; it measures with tokio's clock.
    #[must_use]
    pub fn new(print: Print) -> Self {
        let now = Instant::now();
        Self { tally: Tally::new(now), printed: now, print }
    }

    fn print(&mut self, now: Instant, last_word: &str) {
        self.printed = now;
        (self.print)(&format!("{}{last_word}", line(&self.tally, now)));
    }
}

impl Observer for Plain {
    fn on_event(&mut self, event: &Event<'_>) {
        let now = Instant::now();
        self.tally.add(event, now);
        match event {
            Event::Started { .. } => self.print(now, ""),
            Event::Ended { status } => self.print(now, ending(*status)),
            Event::Sending { .. }
            | Event::Attempted { .. }
            | Event::Read { .. }
            | Event::Slowed { .. }
            | Event::Quickened { .. }
            | Event::GivenUp { .. }
            | Event::Finished { .. } => self.on_tick(),
        }
    }

    fn on_tick(&mut self) {
        let now = Instant::now();
        if now.duration_since(self.printed) >= INTERVAL {
            self.print(now, "");
        }
    }
}

/// Returns a line such as `12s  180/240 done  170 stopped  2 failed  fnf:StopExecution throttled, waiting 3s`.
fn line(tally: &Tally, now: Instant) -> String {
    let mut parts = vec![spoken(now.duration_since(tally.began)), format!("{}/{} done", tally.done, tally.targets)];
    parts.extend(Some(tally.outcomes()).filter(|outcomes| !outcomes.is_empty()));
    let held: Vec<_> = tally.lanes.iter().filter(|lane| lane.held(now).is_some()).collect();
    parts.extend(held.iter().take(LANES).map(|lane| format!("{} {}", lane.label, lane.note(now))));
    parts
        .extend(held.get(LANES..).filter(|more| !more.is_empty()).map(|more| format!("and {} more lanes", more.len())));
    parts.join("  ")
}

const fn ending(status: Status) -> &'static str {
    match status {
        Status::Completed => "  completed",
        Status::Aborted => "  aborted",
        Status::Interrupted => "  interrupted",
        Status::Deadline => "  deadline reached",
    }
}
