//! Progress for programs: lines of JSON, one flat object each.

mod line;
mod writer;

use std::time::Duration;

use tokio::time::Instant;

use line::VERSION;
pub use line::{ByOutcome, Line};
pub use writer::JsonWriter;

use super::lane::Lane;
use super::options::{Detail, Namer};
use super::tally::{Tally, kind};
use crate::base::rate::thousandths;
use crate::engine::{Attempt, Event, LaneInfo, Observer, Outcome, TargetResult};
use crate::report::json::millis;

/// How often the state of the run is told.
const INTERVAL: Duration = Duration::from_secs(1);

/// Writes what happens, and once a second how far the run is.
pub struct JsonLines {
    detail: Detail,
    /// Whether the state is told every second.
    is_regular: bool,
    namer: Namer,
    scribe: JsonWriter,
    tally: Tally,
    told: Instant,
    is_over: bool,
}

impl JsonLines {
    /// Builds the observer; without `is_regular`, it leaves out what comes every second.
    #[must_use]
    pub fn new(is_regular: bool, (detail, namer): (Detail, Namer), scribe: JsonWriter) -> Self {
        let now = Instant::now();
        Self { detail, is_regular, namer, scribe, tally: Tally::new(now), told: now, is_over: false }
    }

    fn start(&mut self, run: &str, lanes: &[LaneInfo], now: Instant) {
        let (left_out, expected_ms) = (self.tally.left_out, self.tally.by_quota().map(millis));
        let (targets, lanes_count) = (self.tally.targets + left_out, lanes.len() as u64);
        self.scribe.write(&Line::Started { version: VERSION, run, targets, left_out, lanes: lanes_count, expected_ms });
        for (lane, info) in lanes.iter().enumerate() {
            self.scribe.write(&Line::Lane {
                lane,
                account: &info.account,
                region: &info.region,
                api: &info.api,
                kind: kind(info).map(|kind| kind.name),
                targets: info.targets as u64,
                rate: thousandths(info.rate),
                burst: info.burst,
                expected_ms: self.tally.lanes.get(lane).and_then(Lane::by_quota).map(millis),
            });
        }
        self.tell(now);
    }

    /// Tells how far the run is.
    fn tell(&mut self, now: Instant) {
        self.told = now;
        if !self.is_regular {
            return;
        }
        let tally = &self.tally;
        self.scribe.write(&Line::Progress {
            elapsed_ms: millis(now.saturating_duration_since(tally.began)),
            targets: tally.targets + tally.left_out,
            done: tally.done + tally.left_out,
            left_out: tally.left_out,
            // What was left out is skipped.
            outcomes: ByOutcome::of(|outcome| {
                tally.outcome(outcome) + if outcome == Outcome::Skipped { tally.left_out } else { 0 }
            }),
            rate: tally.rate(now).map(thousandths),
            left_ms: tally.time_left(now).map(millis),
        });
        for (number, lane) in tally.lanes.iter().enumerate().filter(|(_, lane)| lane.is_busy(now)) {
            let held = lane.held(now);
            self.scribe.write(&Line::LaneProgress {
                lane: number,
                targets: lane.info.targets as u64,
                done: lane.done,
                queued: lane.queued(),
                retrying: lane.waiting,
                rate: lane.rate(now).map(thousandths),
                left_ms: lane.time_left(now).map(millis),
                learnt_rate: lane.learnt.map(thousandths),
                held_ms: held.map(millis),
                held_for: held.map(|_| lane.held_for),
            });
        }
    }

    fn attempted(&self, target: usize, lane: usize, attempt: &Attempt) {
        self.scribe.write(&Line::Attempt {
            id: &(self.namer)(target),
            lane,
            n: attempt.n,
            http_status: attempt.http_status,
            code: attempt.code.as_deref(),
            message: attempt.message.as_deref(),
            request_id: attempt.request_id.as_deref(),
            class: attempt.class,
            duration_ms: millis(attempt.duration),
            retry_in_ms: attempt.retry_in.map(millis),
            batch: attempt.batch,
        });
    }

    fn finished(&self, target: usize, lane: Option<usize>, result: &TargetResult) {
        let error = result.error.as_deref();
        self.scribe.write(&Line::Finished {
            id: &(self.namer)(target),
            lane,
            outcome: result.outcome,
            evidence: result.evidence,
            reason: result.reason,
            class: error.map(|error| error.class),
            code: error.and_then(|error| error.code.as_deref()),
            message: error.map(|error| &*error.message),
        });
    }
}

impl Observer for JsonLines {
    fn on_event(&mut self, event: &Event<'_>) {
        let now = Instant::now();
        self.tally.add(event, now);
        match *event {
            Event::Started { run, lanes, .. } => self.start(run, lanes, now),
            Event::Attempted { target, lane, attempt } if self.detail >= Detail::Attempts => {
                self.attempted(target, lane, attempt);
            }
            Event::Read { target, lane, state } if self.detail >= Detail::Everything => {
                self.scribe.write(&Line::Read { id: &(self.namer)(target), lane, state });
            }
            Event::Slowed { lane, pause, from, rate, class } => {
                let (pause_ms, from, rate) = (millis(pause), from.map(thousandths), rate.map(thousandths));
                self.scribe.write(&Line::Slowed { lane, class, pause_ms, from, rate });
            }
            Event::Quickened { lane, from, rate } => {
                self.scribe.write(&Line::Quickened { lane, from: thousandths(from), rate: rate.map(thousandths) });
            }
            Event::Failing { lane, class, message } => self.scribe.write(&Line::Failing { lane, class, message }),
            Event::SmallerBatches { lane, most, class, message } => {
                self.scribe.write(&Line::SmallerBatches { lane, most, class, message });
            }
            Event::CredentialsRefreshed { account } => self.scribe.write(&Line::CredentialsRefreshed { account }),
            Event::CredentialsWaiting { account, reason, left } => {
                self.scribe.write(&Line::CredentialsWaiting { account, reason, left_ms: millis(left) });
            }
            Event::CredentialsClosed { account, reason } => {
                self.scribe.write(&Line::CredentialsClosed { account, reason });
            }
            Event::GivenUp { lane, class } => self.scribe.write(&Line::GivenUp { lane, class }),
            Event::Finished { target, lane, result } if self.detail >= Detail::Attempts => {
                self.finished(target, lane, result);
            }
            Event::Ended { .. } => {
                self.is_over = true;
                self.tell(now);
            }
            Event::Stage { stage, name, open: targets } => self.scribe.write(&Line::Stage { stage, name, targets }),
            Event::Pausing { stage, name, pause } => {
                self.scribe.write(&Line::Pausing { stage, name, pause_ms: pause.map(millis) });
            }
            Event::Sending { .. } | Event::Attempted { .. } | Event::Read { .. } | Event::Finished { .. } => {}
        }
        if now.duration_since(self.told) >= INTERVAL {
            self.tell(now);
        }
    }

    fn on_tick(&mut self) {
        let now = Instant::now();
        // A tick that comes a little early is not a second too late.
        if !self.is_over && now.duration_since(self.told) >= INTERVAL / 2 {
            self.tell(now);
        }
    }
}
