//! What the events so far say of one lane.

use std::time::Duration;

use tokio::time::Instant;

use super::eta::{self, Facts};
use super::meter::{MINUTE, Meter};
use super::pauses::Pauses;
use crate::engine::{Attempt, LaneInfo, Outcome, TargetResult};
use crate::error::ErrorClass;
use crate::report::text::to_come;

/// Over how much time the rate is taken that is shown.
pub(super) const RECENT: Duration = Duration::from_secs(5);

/// How long a lane must have been sending before anything is concluded from its rate.
const FIRST_SECONDS: Duration = Duration::from_secs(3);

/// How much one target counts for what is usual.
const WEIGHT: f64 = 0.1;

/// What is known of one lane. All of it is counters: an event costs the same, however many targets there are.
#[derive(Debug)]
pub(super) struct Lane {
    /// Its name, no longer than needed to tell it from the others.
    pub(super) label: String,
    /// What the run says of it.
    pub(super) info: LaneInfo,
    began: Instant,
    /// Targets of it that have an outcome.
    pub(super) done: u64,
    /// Stops that were sent, each of a target.
    requests: u64,
    /// The requests that they were sent in, which may be for several targets.
    wholes: f64,
    /// Targets that something was sent for in this part of the run, and those of them that have an outcome.
    begun: u64,
    begun_done: u64,
    /// Stops that are over.
    ended: u64,
    /// Targets that wait for their next attempt, and when the last of them is due.
    pub(super) waiting: u64,
    waits_until: Option<Instant>,
    pauses: Pauses,
    pub(super) held_for: ErrorClass,
    /// The rate it was slowed down to, a second.
    pub(super) learnt: Option<f64>,
    /// Whether its service failed, and has not responded since.
    pub(super) failing: bool,
    pub(super) given_up: bool,
    /// Outcomes as time passes.
    done_meter: Meter,
    /// Requests and outcomes as time passes without the lane's pauses.
    active_requests: Meter,
    active_outcomes: Meter,
    /// How many seconds it takes from a target's first request to its outcome.
    usual: Option<f64>,
}

impl Lane {
    pub(super) fn new(label: String, info: LaneInfo, now: Instant) -> Self {
        Self {
            label,
            info,
            began: now,
            done: 0,
            requests: 0,
            wholes: 0.0,
            begun: 0,
            begun_done: 0,
            ended: 0,
            waiting: 0,
            waits_until: None,
            pauses: Pauses::default(),
            held_for: ErrorClass::Throttled,
            learnt: None,
            failing: false,
            given_up: false,
            done_meter: Meter::new(now),
            active_requests: Meter::new(now),
            active_outcomes: Meter::new(now),
            usual: None,
        }
    }

    pub(super) fn sending(&mut self, n: u32, batch: usize, now: Instant) {
        self.requests += 1;
        self.wholes += 1.0 / batch.max(1) as f64;
        self.active_requests.add(self.pauses.active(now));
        if n == 1 {
            self.begun += 1;
        } else {
            self.waiting = self.waiting.saturating_sub(1);
        }
    }

    pub(super) fn attempted(&mut self, attempt: &Attempt, now: Instant) {
        self.ended += 1;
        self.failing &= attempt.class.is_some_and(|class| class != ErrorClass::Throttled && class.is_transient());
        if let Some(wait) = attempt.retry_in {
            self.waiting += 1;
            self.waits_until = self.waits_until.max(Some(now + wait));
        }
    }

    pub(super) fn slowed(&mut self, pause: Duration, rate: Option<f64>, class: ErrorClass, now: Instant) {
        self.pauses.begin(pause, class == ErrorClass::Throttled, self.requests, now);
        self.held_for = class;
        if class == ErrorClass::Throttled {
            self.learnt = rate;
        } else {
            self.failing = true;
        }
    }

    /// Takes an outcome; tells whether this part of the run worked for it.
    pub(super) fn finished(&mut self, result: &TargetResult, now: Instant) -> bool {
        self.done += 1;
        if result.outcome == Outcome::Skipped || (self.info.stops && self.begun == 0) {
            return false;
        }
        self.begun_done += u64::from(self.begun_done < self.begun);
        if result.attempts.last().is_some_and(|last| last.retry_in.is_some()) {
            self.waiting = self.waiting.saturating_sub(1);
        }
        self.done_meter.add(now);
        self.active_outcomes.add(self.pauses.active(now));
        if let (Some(began), Some(ended)) = (result.started_at, result.finished_at) {
            // A target that an earlier part of the run began did not take all that time.
            let most = now.saturating_duration_since(self.began).as_secs_f64();
            let took = ended.duration_since(began).as_secs_f64().clamp(0.0, most);
            self.usual = Some(self.usual.map_or(took, |usual| usual + WEIGHT * (took - usual)));
        }
        true
    }

    /// Tells whether there is something to see in the lane: targets without an outcome, or reads that must wait.
    pub(super) fn is_busy(&self, now: Instant) -> bool {
        self.left() > 0 || (!self.info.stops && self.held(now).is_some())
    }

    /// Returns how many of its targets have no outcome yet.
    pub(super) const fn left(&self) -> u64 {
        (self.info.targets as u64).saturating_sub(self.done)
    }

    /// Returns how many targets got their outcomes lately, a second.
    pub(super) fn rate(&self, now: Instant) -> Option<f64> {
        self.done_meter.rate(RECENT, now)
    }

    /// Returns how long the lane still holds back, if it does.
    pub(super) fn held(&self, now: Instant) -> Option<Duration> {
        self.pauses.left(now)
    }

    /// Returns how long the lane still takes; `None` where that cannot be known.
    pub(super) fn time_left(&self, now: Instant) -> Option<Duration> {
        if self.failing || self.given_up {
            return None;
        }
        let active = self.pauses.active(now);
        let rate = |meter: &Meter| {
            let since = active.saturating_duration_since(meter.first?);
            meter.rate(MINUTE, active).filter(|_| since >= FIRST_SECONDS)
        };
        let still = |latest| active.saturating_duration_since(latest);
        let retry = self.waits_until.filter(|_| self.waiting > 0).map(|until| until.saturating_duration_since(now));
        let hold = self.held(now).unwrap_or_default();
        let queued = self.queued();
        let attempts = self.requests as f64 / self.begun.max(1) as f64;
        let more = self.pauses.to_come(queued as f64 * attempts.max(1.0));
        let facts = Facts {
            queued,
            left: self.left(),
            attempts,
            allowed: self.learnt.map_or(self.info.rate, |learnt| learnt.min(self.info.rate)) * self.batch(),
            sent: rate(&self.active_requests),
            done: rate(&self.active_outcomes),
            usual: self.usual.map(Duration::from_secs_f64),
            hold: if queued == 0 { hold.max(retry.unwrap_or_default()) } else { hold + more },
            still: self.active_outcomes.latest.map_or(Duration::ZERO, still),
        };
        facts.time_left()
    }

    /// Returns how long it takes by its quota alone; `None` where that says nothing, as reads serve several targets.
    pub(super) fn by_quota(&self) -> Option<Duration> {
        let burst = u64::from(self.info.burst).saturating_sub(self.wholes.round() as u64);
        let requests = (self.queued() as f64 / self.batch()).ceil() as u64;
        self.info.stops.then(|| eta::by_quota(requests, burst, self.info.rate))
    }

    /// Returns how many targets a request serves: as many as it may, before any was sent.
    fn batch(&self) -> f64 {
        if self.wholes > 0.0 { self.requests as f64 / self.wholes } else { self.info.batch.max(1) as f64 }
    }

    /// Returns what there is to say of the lane, such as `throttled for 3 s`; mostly nothing.
    pub(super) fn note(&self, now: Instant) -> String {
        if self.given_up {
            return "given up".to_owned();
        }
        match (self.held(now), self.learnt) {
            (Some(left), _) if self.held_for == ErrorClass::Throttled => format!("throttled for {}", to_come(left)),
            (Some(left), _) => format!("unhealthy, waiting {}", to_come(left)),
            (None, _) if self.left() == 0 => String::new(),
            (None, _) if self.failing => "unhealthy, probing".to_owned(),
            (None, Some(rate)) if self.queued() > 0 => format!("slowed to {rate:.1}/s"),
            (None, _) => self.waits(),
        }
    }

    /// Says what the last targets are waiting for, once all are in progress.
    fn waits(&self) -> String {
        if self.queued() > 0 {
            return String::new();
        }
        let sent = self.requests.saturating_sub(self.ended);
        let watched = self.left().saturating_sub(self.waiting + sent);
        let mut parts = Vec::new();
        if self.waiting > 0 {
            parts.push(format!("{} to retry", self.waiting));
        }
        if watched > 0 && self.info.stops {
            parts.push(format!("{watched} being verified"));
        }
        parts.join(", ")
    }

    /// Returns how many targets nothing was sent for yet.
    pub(super) fn queued(&self) -> u64 {
        let in_progress = self.begun - self.begun_done;
        if self.info.stops { self.left().saturating_sub(in_progress) } else { 0 }
    }
}
