//! A lane: one API of one key in one region, with its queue, rate and limit of concurrent requests of its own.

use std::time::Duration;

use tokio::time::Instant;

use super::adaptive::Learnt;
use super::breaker::{Breaker, Gate, Trip};
use super::queue::{Queue, Removed};
use super::reaction::Slowed;
use super::recall::Now;
use super::retry_budget::RetryBudget;
use super::throttling::{Refused, Throttling};
use crate::base::rate::Rate;
use crate::engine::attempt::{ClockOffset, Permit};
use crate::engine::event::{LaneInfo, LaneStats};
use crate::engine::journal::{LaneMemory, LearntRate};
use crate::engine::outcome::SkipReason;
use crate::engine::target::{Moment, StateBox};
use crate::http::Api;
use crate::plan::{Retry, TargetId};
use crate::provider::Principal;
use crate::service::Kind;

/// The most targets whose intent is recorded ahead of their turn, for each second that it is recorded ahead.
const MOST_AHEAD: f64 = 20_480.0;

/// What a lane sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Stops.
    Stop,
    /// Reads the state with the read API of this number.
    Read(usize),
}

/// What a lane, or the run, can do now.
pub(in crate::engine) enum Turn<T> {
    /// Send this.
    Send(T),
    /// Nothing before this moment, unless something else happens.
    Wait(Instant),
    /// Nothing until something else happens.
    Idle,
}

pub(in crate::engine) struct Lane {
    pub(super) setup: LaneSetup,
    pub(super) in_flight: usize,
    pub(super) clock: ClockOffset,
    /// Whether its key was refused for one target, and not accepted since.
    pub(super) is_suspect: bool,
    /// Whether its key was refused for good.
    is_closed: bool,
    /// Whether newer credentials are on their way.
    pub(super) is_renewing: bool,
    pub(super) queue: Queue,
    pub(super) throttling: Throttling,
    breaker: Breaker,
    retry_budget: RetryBudget,
    /// What its service said, or what happened to the connection, when it failed.
    pub(super) trouble: Option<Box<str>>,
    pub(super) stats: LaneStats,
    first_sent: Option<Instant>,
    last_sent: Option<Instant>,
}

/// A key in one region: what one region says of a key need not hold in another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct RegionalKey {
    pub(super) principal: Principal,
    pub(super) region: String,
}

/// What a lane is.
pub(super) struct LaneSetup {
    pub(super) info: LaneInfo,
    pub(super) key: RegionalKey,
    pub(super) kind: Kind,
    pub(super) api: &'static Api,
    pub(super) role: Role,
    /// The most requests in flight.
    pub(super) concurrency: usize,
    /// Whether a target that is throttled again and again lets others go first.
    pub(super) is_adaptive: bool,
    /// Whether the intent to send a target for the first time is recorded before.
    pub(super) needs_intents: bool,
}

impl Lane {
    pub(super) fn new(setup: LaneSetup, throttling: Throttling) -> Self {
        Self {
            in_flight: 0,
            clock: ClockOffset::default(),
            is_suspect: false,
            is_closed: false,
            is_renewing: false,
            queue: Queue::new(setup.needs_intents),
            throttling,
            breaker: Breaker::default(),
            retry_budget: RetryBudget::default(),
            trouble: None,
            stats: LaneStats::default(),
            first_sent: None,
            last_sent: None,
            setup,
        }
    }

    /// Takes the targets whose intent is to be recorded now, so that they are ready when their turn comes: so long
    /// `ahead`, and no more, as each counts as in doubt if the run is killed.
    pub(super) fn take_intents(&mut self, now: Instant, ahead: Duration) -> Vec<TargetId> {
        let is_held = self.is_suspect
            || self.is_renewing
            || self.throttling.held_until(now).is_some()
            || self.breaker.gate(now) != Gate::Closed;
        if is_held && self.queue.ahead() > 0 {
            return Vec::new();
        }
        let rate = self.throttling.limit.rate(now).unwrap_or(self.setup.info.rate).min(MOST_AHEAD);
        self.queue.take_intents(((rate * ahead.as_secs_f64()).ceil() as usize).max(1))
    }

    /// Takes the next target whose request may leave now, if there is one, and its slot.
    pub(super) fn turn(&mut self, now: Instant) -> Turn<StateBox> {
        // A lane that does not learn spaces targets out by itself.
        self.queue.wake(now, self.setup.is_adaptive);
        if self.in_flight >= self.setup.concurrency {
            return Turn::Idle;
        }
        if self.queue.is_idle() {
            return self.queue.next_due().map_or(Turn::Idle, Turn::Wait);
        }
        match self.breaker.gate(now) {
            Gate::Open(until) => return Turn::Wait(until),
            Gate::HalfOpen if self.in_flight > 0 => return Turn::Idle,
            Gate::HalfOpen | Gate::Closed => {}
        }
        if let Some(until) = self.throttling.held_until(now) {
            return Turn::Wait(until);
        }
        let Some(next) = self.queue.next(&self.retry_budget, self.in_flight) else { return Turn::Idle };
        if let Err(free_at) = self.throttling.limit.take(now) {
            return Turn::Wait(free_at);
        }
        Turn::Send(self.queue.pop(next, &mut self.retry_budget))
    }

    /// Adds further targets that the same request can serve, as many as the API takes.
    pub(super) fn fill(&mut self, batch: &mut Vec<StateBox>, fits: impl Fn(TargetId) -> bool) {
        let most = self.setup.api.batch.saturating_sub(batch.len());
        if most > 0 {
            self.queue.companions(most, fits, batch);
        }
    }

    /// Counts a request that leaves now; returns what it is sent with.
    pub(super) fn sending(&mut self, now: Instant) -> Permit {
        self.in_flight += 1;
        self.stats.requests += 1;
        self.first_sent.get_or_insert(now);
        self.last_sent = Some(now);
        Permit { clock: self.clock, number: self.breaker.handed_out() }
    }

    /// Counts the end of a request.
    pub(super) fn completed(&mut self, now: Instant) {
        self.in_flight -= 1;
        self.stats.duration = self.first_sent.map_or(Duration::ZERO, |first| now.saturating_duration_since(first));
    }

    /// Notes a response that was not throttled.
    pub(super) fn granted(&mut self, moment: &Moment) {
        self.queue.turns.responded(moment, false);
        self.throttling.granted(moment.now);
    }

    /// Notes a throttled response, which may state the quota; tells what that changes, and whether the lane is given up.
    pub(super) fn throttled(&mut self, retry: &Retry, moment: &Moment, stated: Option<Rate>) -> (Option<Slowed>, bool) {
        self.stats.throttled += 1;
        self.queue.turns.responded(moment, true);
        let Moment { now, retry_after, is_stuck, .. } = *moment;
        let refused = Refused { sent_at: moment.sent.instant, now, retry_after, stated, is_stuck };
        let slowed = self.throttling.throttled(retry, &refused, self.queue.turns.others_are_granted);
        (slowed, self.throttling.is_parched(retry, moment.now))
    }

    /// Notes a response that says that the service is healthy.
    pub(super) fn healthy(&mut self, moment: &Moment) {
        self.breaker.responded(moment.sent.permit.number);
        self.retry_budget.earn(moment.is_retry);
    }

    /// Notes a failure that says that the service is unhealthy.
    pub(super) fn unhealthy(&mut self, retry: &Retry, moment: &Moment) -> Trip {
        self.breaker.failed(retry, moment.sent.permit.number, moment.now)
    }

    /// Closes the lane because its key was refused.
    pub(super) fn close(&mut self) -> Removed {
        self.is_closed = true;
        self.queue.drain()
    }

    /// Returns why targets are skipped, if nothing more is sent through the lane: its service stayed unhealthy or
    /// throttled everything, or its key was refused.
    pub(super) const fn end(&self) -> Option<SkipReason> {
        if self.breaker.is_dead || self.throttling.is_dead() {
            Some(SkipReason::Aborted)
        } else if self.is_closed {
            Some(SkipReason::Credentials)
        } else {
            None
        }
    }

    /// Goes on with what the same lane of an earlier part of the run learnt.
    pub(super) fn recall(&mut self, memory: &LaneMemory, now: Now) {
        let learnt = memory.learnt.map(|LearntRate { rate, at }| Learnt { rate, at: now.instant_of(at) });
        let held_until = memory.held_until.map(|until| now.instant_of(until));
        let sent_ago = memory.last_sent.map(|at| now.instant.saturating_duration_since(now.instant_of(at)));
        self.throttling.recall(learnt, held_until, sent_ago);
        self.last_sent = memory.last_sent.map(|at| now.instant_of(at));
        self.clock = ClockOffset(memory.clock_offset);
    }

    /// Returns what the lane learnt.
    pub(super) fn memory(&self, now: Now) -> LaneMemory {
        let LaneInfo { account, region, api, .. } = self.setup.info.clone();
        LaneMemory {
            account,
            region,
            api,
            learnt: self.throttling.limit.learnt().map(|Learnt { rate, at }| LearntRate { rate, at: now.wall_of(at) }),
            held_until: self.throttling.held_until(now.instant).map(|until| now.wall_of(until)),
            last_sent: self.last_sent.map(|at| now.wall_of(at)),
            clock_offset: self.clock.0,
        }
    }
}
