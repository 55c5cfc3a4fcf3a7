//! A lane: one API of one key in one region, with its queue, rate and limit of concurrent requests of its own.

use std::time::Duration;

use tokio::time::Instant;

use super::breaker::{Breaker, Gate, Trip};
use super::queue::{Queue, Removed};
use super::recall::Now;
use super::retry_budget::RetryBudget;
use super::throttling::{Slowing, Throttling};
use crate::base::rate::Rate;
use crate::engine::attempt::{ClockOffset, Permit};
use crate::engine::event::{LaneInfo, LaneStats};
use crate::engine::journal::{LaneMemory, LearntRate};
use crate::engine::target::{Moment, StateBox};
use crate::http::{Api, Response};
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

/// What a lane can do now.
pub(super) enum LaneTurn {
    /// Send this target's request.
    Send(StateBox),
    /// Nothing before this moment.
    Wait(Instant),
    /// Nothing until something else happens.
    Idle,
}

/// Why a lane sends nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Its service stayed unhealthy, or throttled everything.
    GivenUp,
    /// Its key was refused.
    Closed,
}

pub(in crate::engine) struct Lane {
    setup: LaneSetup,
    in_flight: usize,
    clock: ClockOffset,
    /// Whether its key was refused for one target, and not accepted since.
    is_suspect: bool,
    /// Whether its key was refused for good.
    is_closed: bool,
    /// Whether newer credentials are on their way.
    is_renewing: bool,
    queue: Queue,
    throttling: Throttling,
    breaker: Breaker,
    retry_budget: RetryBudget,
    /// What its service said, or what happened to the connection, when it failed.
    trouble: Option<Box<str>>,
    stats: LaneStats,
    first_sent: Option<Instant>,
    last_sent: Option<Instant>,
}

/// What a lane is.
pub(super) struct LaneSetup {
    pub(super) info: LaneInfo,
    pub(super) principal: Principal,
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

    pub(super) const fn info(&self) -> &LaneInfo {
        &self.setup.info
    }

    pub(super) const fn principal(&self) -> &Principal {
        &self.setup.principal
    }

    pub(super) const fn kind(&self) -> Kind {
        self.setup.kind
    }

    pub(super) const fn role(&self) -> Role {
        self.setup.role
    }

    pub(super) const fn in_flight(&self) -> usize {
        self.in_flight
    }

    pub(super) const fn is_suspect(&self) -> bool {
        self.is_suspect
    }

    pub(super) const fn is_renewing(&self) -> bool {
        self.is_renewing
    }

    pub(super) const fn set_suspect(&mut self, is_suspect: bool) {
        self.is_suspect = is_suspect;
    }

    pub(super) const fn set_renewing(&mut self, is_renewing: bool) {
        self.is_renewing = is_renewing;
    }

    /// Counts a target that starts here.
    pub(super) const fn count_target(&mut self) {
        self.setup.info.targets += 1;
    }

    /// Queues a target that nothing was sent for yet.
    pub(super) fn push(&mut self, target: TargetId) {
        self.queue.push(target);
    }

    /// Queues a target in progress, to be served from `at` on.
    pub(super) fn wait(&mut self, state: StateBox, at: Instant) {
        self.queue.wait(state, at);
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
        let rate = self.throttling.rate(now).unwrap_or(self.setup.info.rate).min(MOST_AHEAD);
        self.queue.take_intents(((rate * ahead.as_secs_f64()).ceil() as usize).max(1))
    }

    /// Takes targets back whose intent is recorded.
    pub(super) fn intended(&mut self, targets: Vec<TargetId>) {
        self.queue.intended(targets);
    }

    /// Takes the next target whose request may leave now, if there is one, and its slot.
    pub(super) fn turn(&mut self, now: Instant) -> LaneTurn {
        // A lane that does not learn spaces targets out by itself.
        self.queue.wake(now, self.setup.is_adaptive);
        if self.in_flight >= self.setup.concurrency {
            return LaneTurn::Idle;
        }
        if self.queue.is_idle() {
            return self.queue.next_due().map_or(LaneTurn::Idle, LaneTurn::Wait);
        }
        match self.breaker.gate(now) {
            Gate::Open(until) => return LaneTurn::Wait(until),
            Gate::HalfOpen if self.in_flight > 0 => return LaneTurn::Idle,
            Gate::HalfOpen | Gate::Closed => {}
        }
        if let Some(until) = self.throttling.held_until(now) {
            return LaneTurn::Wait(until);
        }
        let Some(next) = self.queue.next(&self.retry_budget, self.in_flight) else { return LaneTurn::Idle };
        if let Err(free_at) = self.throttling.take(now) {
            return LaneTurn::Wait(free_at);
        }
        LaneTurn::Send(self.queue.pop(next, &mut self.retry_budget))
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

    /// Takes back the count of a request that could not leave.
    pub(super) const fn unsent(&mut self) {
        self.stats.requests = self.stats.requests.saturating_sub(1);
    }

    /// Counts the end of a request.
    pub(super) fn completed(&mut self, now: Instant) {
        self.in_flight -= 1;
        self.stats.duration = self.first_sent.map_or(Duration::ZERO, |first| now.saturating_duration_since(first));
    }

    /// Notes a response that was not throttled.
    pub(super) fn granted(&mut self, moment: &Moment) {
        self.queue.responded(moment, false);
        self.throttling.granted(moment.now);
    }

    /// Notes a throttled response, which may state the quota; tells what that changes, and whether the lane is given up.
    pub(super) fn throttled(&mut self, retry: &Retry, moment: &Moment, stated: Option<Rate>) -> (Slowing, bool) {
        self.stats.throttled += 1;
        self.queue.responded(moment, true);
        let slowing = self.throttling.throttled(retry, moment, stated, self.queue.others_are_granted());
        (slowing, self.throttling.is_parched(retry, moment.now))
    }

    /// Learns the service's clock from a clock error; tells whether the lane now knows a better offset than the one the
    /// request was signed with.
    pub(super) fn correct_clock(&mut self, moment: &Moment, response: &Response, now: jiff::Timestamp) -> bool {
        self.clock.correct(moment.sent.permit.clock, response, now)
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

    /// Keeps what a failure said; tells whether it is the first.
    pub(super) fn note_trouble(&mut self, message: &str) -> bool {
        self.trouble.replace(message.into()).is_none()
    }

    pub(super) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Closes the lane because its key was refused.
    pub(super) fn close(&mut self) -> Removed {
        self.is_closed = true;
        self.queue.drain()
    }

    /// Tells why nothing more is sent through the lane, if nothing is.
    pub(super) const fn end(&self) -> Option<End> {
        if self.breaker.is_dead() || self.throttling.is_dead() {
            Some(End::GivenUp)
        } else if self.is_closed {
            Some(End::Closed)
        } else {
            None
        }
    }

    /// Empties the lane.
    pub(super) fn drain(&mut self) -> Removed {
        self.queue.drain()
    }

    /// Returns the learnt rate that observers know of and the one now, where the lane has become much faster since.
    pub(super) fn quickened(&mut self, now: Instant) -> Option<(f64, Option<f64>)> {
        self.throttling.quickened(now)
    }

    /// Goes on with what the same lane of an earlier part of the run learnt.
    pub(super) fn recall(&mut self, memory: &LaneMemory, now: Now) {
        let learnt = memory.learnt.map(|learnt| (learnt.rate, now.instant_of(learnt.at)));
        let held_until = memory.held_until.map(|until| now.instant_of(until));
        let sent_ago = memory.last_sent.map(|at| now.instant.saturating_duration_since(now.instant_of(at)));
        self.throttling.recall(learnt, held_until, sent_ago);
        self.last_sent = memory.last_sent.map(|at| now.instant_of(at));
        if let Some(offset) = memory.clock_offset {
            self.clock = ClockOffset::known(offset);
        }
    }

    /// Returns what the lane learnt.
    pub(super) fn memory(&self, now: Now) -> LaneMemory {
        let LaneInfo { account, region, api, .. } = self.info().clone();
        LaneMemory {
            account,
            region,
            api,
            learnt: self.throttling.learnt().map(|(rate, at)| LearntRate { rate, at: now.wall_of(at) }),
            held_until: self.throttling.held_until(now.instant).map(|until| now.wall_of(until)),
            last_sent: self.last_sent.map(|at| now.wall_of(at)),
            clock_offset: self.clock.learnt(),
        }
    }

    /// Returns what the lane is and what it did.
    pub(super) fn into_stats(self) -> (LaneInfo, LaneStats) {
        (self.setup.info, self.stats)
    }
}
