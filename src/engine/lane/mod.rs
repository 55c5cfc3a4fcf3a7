//! A lane: one API of one key in one region, with its queue, pace and bound of its own.
//!
//! First come, first served in plan order; who waits for a next try waits here and holds no slot. `slowing` has what
//! throttled answers do to it.

mod slowing;
mod turns;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

pub(super) use self::slowing::Slowing;
use self::slowing::{Drought, Hold};
use self::turns::Turns;
use super::adaptive::Adaptive;
use super::breaker::{Breaker, Gate, Trip};
use super::clock_offset::ClockOffset;
use super::event::{LaneInfo, LaneStats};
use super::exchange::Clearance;
use super::flight::{Flight, Moment};
use super::pace::Pace;
use super::queue::{Due, Waiting};
use super::retry_budget::RetryBudget;
use crate::http::{Api, Quota};
use crate::plan::Retry;
use crate::provider::Principal;
use crate::service::Kind;

/// How many targets that do not fit a shared read are passed over in the search for those that do.
const GLANCE: usize = 1000;

/// How far ahead of their turn targets are written down: longer than a disk takes.
const AHEAD: Duration = Duration::from_millis(50);

/// The most targets that are written down ahead of their turn.
const MOST_AHEAD: usize = 1024;

/// What a lane sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Stops.
    Stop,
    /// Reads the state with the read API of this number.
    Read(usize),
}

/// What a lane can do now.
pub(super) enum Turn {
    /// Send this target's request.
    Send(Box<Flight>),
    /// Nothing before this moment.
    Wait(Instant),
    /// Nothing until something else happens.
    Idle,
}

pub(super) struct Lane {
    pub(super) info: LaneInfo,
    pub(super) principal: Principal,
    pub(super) kind: Kind,
    pub(super) api: &'static Api,
    pub(super) role: Role,
    pub(super) in_flight: usize,
    pub(super) clock: ClockOffset,
    /// Whether its key was refused for one target, and not taken since.
    pub(super) is_suspect: bool,
    bound: usize,
    pace: Pace,
    /// The stated rate, a second.
    stated: f64,
    /// What was learnt of the quota; `None` where the stated rate is kept whatever happens.
    adaptive: Option<Adaptive>,
    /// The learnt rate that observers know of.
    told: Option<f64>,
    speed: f64,
    /// Targets that nothing was sent for, in plan order.
    fresh: VecDeque<u32>,
    /// Whether what is about to be sent must be written down first.
    is_journaled: bool,
    /// How many targets of `fresh` are being written down.
    boarding: usize,
    /// Those that are.
    boarded: VecDeque<u32>,
    due: BinaryHeap<Reverse<Due>>,
    waiting: BinaryHeap<Reverse<Waiting>>,
    /// Targets to serve now that were throttled again and again, the longest waiting first.
    stuck: VecDeque<Box<Flight>>,
    turns: Turns,
    hold: Hold,
    drought: Drought,
    breaker: Breaker,
    retry_budget: RetryBudget,
    stats: LaneStats,
    first_sent: Option<Instant>,
}

/// What a lane is made of.
pub(super) struct LaneSetup {
    pub(super) info: LaneInfo,
    pub(super) principal: Principal,
    pub(super) kind: Kind,
    pub(super) api: &'static Api,
    pub(super) role: Role,
    pub(super) bound: usize,
    /// The stated rate and burst.
    pub(super) quota: Quota,
    pub(super) is_adaptive: bool,
    pub(super) is_journaled: bool,
    /// How many times as fast as in the world quotas pass.
    pub(super) speed: f64,
}

impl Lane {
    pub(super) fn new(setup: LaneSetup) -> Self {
        let LaneSetup { info, principal, kind, api, role, bound, quota, is_adaptive, is_journaled, speed } = setup;
        let speed = speed.max(f64::MIN_POSITIVE);
        Self {
            info,
            principal,
            kind,
            api,
            role,
            bound,
            pace: Pace::new(quota.rate.interval().div_f64(speed), quota.burst),
            stated: quota.rate.as_f64() * speed,
            adaptive: is_adaptive.then(|| Adaptive::new(quota.rate.as_f64(), speed)),
            told: None,
            speed,
            in_flight: 0,
            clock: ClockOffset::default(),
            is_suspect: false,
            fresh: VecDeque::new(),
            is_journaled,
            boarding: 0,
            boarded: VecDeque::new(),
            due: BinaryHeap::new(),
            waiting: BinaryHeap::new(),
            stuck: VecDeque::new(),
            turns: Turns::default(),
            hold: Hold::default(),
            drought: Drought::default(),
            breaker: Breaker::default(),
            retry_budget: RetryBudget::default(),
            stats: LaneStats::default(),
            first_sent: None,
        }
    }

    /// Queues a target that nothing was sent for yet.
    pub(super) fn enqueue(&mut self, target: u32) {
        self.fresh.push_back(target);
        self.info.targets += 1;
    }

    /// Queues a target under way, to be served from `at` on.
    pub(super) fn enqueue_at(&mut self, flight: Flight, at: Instant) {
        self.waiting.push(Reverse(Waiting { at, flight: Box::new(flight) }));
    }

    /// Takes the targets that are to be written down now, so that they are ready when their turn comes.
    ///
    /// That is a little ahead of the rate, and no more: each counts as in doubt if the run is killed.
    pub(super) fn board(&mut self, now: Instant) -> Vec<u32> {
        let is_held =
            self.is_suspect || self.hold.until.is_some_and(|until| until > now) || self.breaker.gate(now) != Gate::Free;
        if !self.is_journaled || (is_held && self.boarding + self.boarded.len() > 0) {
            return Vec::new();
        }
        let rate = self.rate(now).unwrap_or(self.stated);
        let ahead = ((rate * AHEAD.as_secs_f64()).ceil() as usize).clamp(1, MOST_AHEAD);
        let ready = self.boarding + self.boarded.len();
        if ready > ahead * 3 / 4 {
            // They are written down many at a time.
            return Vec::new();
        }
        let free = (ahead - ready).min(self.fresh.len());
        self.boarding += free;
        self.fresh.drain(..free).collect()
    }

    /// Takes targets back that are written down.
    pub(super) fn boarded(&mut self, targets: Vec<u32>) {
        self.boarding -= targets.len();
        self.boarded.extend(targets);
    }

    /// Takes the next target whose request may leave now, if there is one, and its slot.
    pub(super) fn turn(&mut self, now: Instant) -> Turn {
        while self.waiting.peek().is_some_and(|Reverse(waiting)| waiting.at <= now)
            && let Some(Reverse(Waiting { flight, .. })) = self.waiting.pop()
        {
            // A lane that does not learn spaces such targets out by itself.
            if self.adaptive.is_some() && flight.is_throttled_again() {
                self.stuck.push_back(flight);
            } else {
                self.due.push(Reverse(Due(flight)));
            }
        }
        if self.in_flight >= self.bound {
            return Turn::Idle;
        }
        if self.due.is_empty() && self.stuck.is_empty() && self.ready().is_empty() {
            return self.waiting.peek().map_or(Turn::Idle, |Reverse(waiting)| Turn::Wait(waiting.at));
        }
        match self.breaker.gate(now) {
            Gate::Shut(until) => return Turn::Wait(until),
            Gate::Probe if self.in_flight > 0 => return Turn::Idle,
            Gate::Probe | Gate::Free => {}
        }
        if let Some(until) = self.hold.until.filter(|until| *until > now) {
            return Turn::Wait(until);
        }
        if let Some(slot) = self.adaptive.as_ref().and_then(|adaptive| adaptive.wait(now)) {
            return Turn::Wait(slot);
        }
        let Some(next) = self.next() else { return Turn::Idle };
        if let Err(free_at) = self.pace.take() {
            return Turn::Wait(free_at);
        }
        if let Some(adaptive) = &mut self.adaptive {
            adaptive.reserve(now);
        }
        self.pop(next).map_or(Turn::Idle, Turn::Send)
    }

    /// Takes further targets that the same request can serve, at most `most`, in order.
    pub(super) fn companions(&mut self, most: usize, fits: impl Fn(&Flight) -> bool) -> Vec<Flight> {
        let mut taken = Vec::new();
        let mut others = Vec::new();
        while taken.len() < most
            && others.len() < GLANCE
            && let Some(Reverse(Due(flight))) = self.due.pop()
        {
            if fits(&flight) {
                taken.push(*flight);
            } else {
                others.push(Reverse(Due(flight)));
            }
        }
        self.due.extend(others);
        let most_stuck = most - taken.len();
        let (fit, others) = std::mem::take(&mut self.stuck).into_iter().partition::<Vec<_>, _>(|flight| fits(flight));
        let mut fit = fit.into_iter();
        taken.extend(fit.by_ref().take(most_stuck).map(|flight| *flight));
        self.stuck = fit.chain(others).collect();
        let mut skipped = Vec::new();
        while taken.len() < most
            && skipped.len() < GLANCE
            && let Some(target) = self.fresh.pop_front()
        {
            let flight = Flight::new(target);
            if fits(&flight) {
                taken.push(flight);
            } else {
                skipped.push(target);
            }
        }
        skipped.into_iter().rev().for_each(|target| self.fresh.push_front(target));
        taken
    }

    /// Counts a request that leaves now; returns what it is sent with.
    pub(super) fn sending(&mut self, now: Instant) -> Clearance {
        self.in_flight += 1;
        self.stats.requests += 1;
        self.first_sent.get_or_insert(now);
        Clearance { clock: self.clock, number: self.breaker.handed_out() }
    }

    /// Takes back the count of a request that could not leave.
    pub(super) const fn unsent(&mut self) {
        self.stats.requests = self.stats.requests.saturating_sub(1);
    }

    /// Counts the end of a request; returns what the lane sends.
    pub(super) fn landed(&mut self, now: Instant) -> Role {
        self.in_flight -= 1;
        self.stats.duration = self.first_sent.map_or(Duration::ZERO, |first| now.saturating_duration_since(first));
        self.role
    }

    pub(super) const fn kind(&self) -> Kind {
        self.kind
    }

    /// Notes an answer that is no sign of a sick service.
    pub(super) fn welcomed(&mut self, moment: &Moment) {
        self.breaker.answered(moment.departure.clearance.number);
        self.retry_budget.earn(moment.is_retry);
    }

    /// Notes a sign of a sick service.
    pub(super) fn ailing(&mut self, retry: &Retry, moment: &Moment) -> Trip {
        self.breaker.failed(retry, moment.departure.clearance.number, moment.now)
    }

    /// Tells whether the lane was given up: nothing more is sent through it.
    pub(super) fn is_dead(&self) -> bool {
        self.breaker.is_dead() || self.drought.is_over
    }

    /// Empties the lane: the targets that nothing was sent for, and those under way.
    pub(super) fn drain(&mut self) -> (VecDeque<u32>, Vec<Flight>) {
        let due = std::mem::take(&mut self.due).into_iter().map(|Reverse(Due(flight))| *flight);
        let waiting = std::mem::take(&mut self.waiting).into_iter().map(|Reverse(waiting)| *waiting.flight);
        let mut unsent = std::mem::take(&mut self.boarded);
        unsent.append(&mut self.fresh);
        let stuck = std::mem::take(&mut self.stuck).into_iter().map(|flight| *flight);
        (unsent, due.chain(stuck).chain(waiting).collect())
    }

    /// Returns what the lane is and what it did.
    pub(super) fn into_stats(self) -> (LaneInfo, LaneStats) {
        (self.info, self.stats)
    }

    /// Returns the new targets that may be sent.
    const fn ready(&self) -> &VecDeque<u32> {
        if self.is_journaled { &self.boarded } else { &self.fresh }
    }

    /// Says where the next target comes from: tries that are due before new targets, in plan order, unless the
    /// retry_budget for retries is spent; those that are throttled again and again let others go first.
    fn next(&self) -> Option<Source> {
        let due = self.due.peek().map(|Reverse(Due(flight))| flight);
        let fresh = self.ready().front();
        let usual = match (due, fresh) {
            (Some(due), Some(fresh)) if *fresh < due.target => Some(Source::Fresh),
            (Some(due), _) if self.retry_budget.covers(due.last_class()) => Some(Source::Due),
            (Some(_), None) if self.in_flight == 0 => Some(Source::Due),
            (Some(_), None) | (None, None) => None,
            (_, Some(_)) => Some(Source::Fresh),
        };
        let is_stuck_ones = usual.is_none() || self.turns.is_stuck_ones();
        if is_stuck_ones && !self.stuck.is_empty() { Some(Source::Stuck) } else { usual }
    }

    fn pop(&mut self, from: Source) -> Option<Box<Flight>> {
        if !self.stuck.is_empty() && !matches!(from, Source::Stuck) {
            self.turns.other_goes();
        }
        match from {
            Source::Stuck => {
                self.turns.stuck_one_goes();
                self.stuck.pop_front()
            }
            Source::Fresh => {
                let ready = if self.is_journaled { &mut self.boarded } else { &mut self.fresh };
                ready.pop_front().map(|target| Box::new(Flight::new(target)))
            }
            Source::Due => {
                let flight = self.due.pop().map(|Reverse(Due(flight))| flight)?;
                self.retry_budget.spend(flight.last_class());
                Some(flight)
            }
        }
    }
}

/// Which queue the next target comes from.
#[derive(Clone, Copy)]
enum Source {
    Fresh,
    Due,
    Stuck,
}
