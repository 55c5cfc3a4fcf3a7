//! A lane: one API of one account in one region, with its rate and limit of concurrent requests of its own, and a queue
//! for each key that its requests are signed with.

use std::time::Duration;

use tokio::time::Instant;

use super::adaptive::Learnt;
use super::breaker::{Breaker, Gate, Trip};
use super::keys::{KeyId, Keys};
use super::queue::{Queue, Removed};
use super::reaction::Slowed;
use super::recall::Now;
use super::retry_budget::RetryBudget;
use super::throttling::{Refused, Throttling};
use crate::base::rate::Rate;
use crate::engine::attempt::{ClockOffset, Permit};
use crate::engine::batch::Batch;
use crate::engine::event::{LaneInfo, LaneStats};
use crate::engine::journal::{LaneMemory, LearntRate};
use crate::engine::target::{Moment, StateBox, TargetState};
use crate::plan::{Retry, TargetId};
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
    /// Mostly one: accounts of one owner may have keys of several sources.
    queues: Vec<(KeyId, Queue)>,
    /// Which queue had its turn last, so that each gets one.
    last_queue: usize,
    pub(super) throttling: Throttling,
    breaker: Breaker,
    retry_budget: RetryBudget,
    /// The most targets of one request from now on.
    batch: usize,
    /// What its service said, or what happened to the connection, when it failed.
    pub(super) trouble: Option<Box<str>>,
    pub(super) stats: LaneStats,
    first_sent: Option<Instant>,
    last_sent: Option<Instant>,
}

/// What a lane is.
pub(super) struct LaneSetup {
    pub(super) info: LaneInfo,
    pub(super) kind: Kind,
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
            queues: Vec::new(),
            last_queue: 0,
            throttling,
            breaker: Breaker::default(),
            retry_budget: RetryBudget::default(),
            batch: setup.info.batch,
            trouble: None,
            stats: LaneStats::default(),
            first_sent: None,
            last_sent: None,
            setup,
        }
    }

    /// Makes room for the targets of a key.
    pub(super) fn serve(&mut self, key: KeyId) {
        if self.queues.iter().all(|(known, _)| *known != key) {
            self.queues.push((key, Queue::new(self.setup.needs_intents)));
        }
    }

    /// Returns the queue of a key that the lane serves.
    #[expect(clippy::expect_used, reason = "the table makes room for every key whose targets come to a lane")]
    pub(super) fn queue(&mut self, key: KeyId) -> &mut Queue {
        &mut self.queues.iter_mut().find(|(known, _)| *known == key).expect("the lane serves the key").1
    }

    /// Returns all queues.
    pub(super) fn queues(&mut self) -> impl Iterator<Item = &mut Queue> {
        self.queues.iter_mut().map(|(_, queue)| queue)
    }

    /// Takes the targets whose intent is to be recorded now, so that they are ready when their turn comes: so long
    /// `ahead`, and no more, as each counts as in doubt if the run is killed; at most `most`.
    pub(super) fn take_intents(
        &mut self,
        now: Instant,
        (ahead, most): (Duration, usize),
        keys: &Keys,
    ) -> Vec<TargetId> {
        let is_held = self.throttling.held_until(now).is_some() || self.breaker.gate(now) != Gate::Closed;
        let rate = self.throttling.limit.rate(now).unwrap_or(self.setup.info.rate).min(MOST_AHEAD);
        let ahead = ((rate * ahead.as_secs_f64()).ceil() as usize).max(1);
        // While one batch leaves, the next one is recorded.
        let ahead = if self.batch > 1 { ahead.saturating_add(1).saturating_mul(self.batch) } else { ahead };
        let mut taken = Vec::new();
        for (key, queue) in &mut self.queues {
            if !((is_held || keys.is_held(*key)) && queue.ahead() > 0) {
                taken.extend(queue.take_intents(ahead, most - taken.len()));
            }
        }
        taken
    }

    /// Takes the next target whose request may leave now, if there is one, and its slot.
    pub(super) fn turn(&mut self, now: Instant, keys: &Keys) -> Turn<(KeyId, StateBox)> {
        // A lane that does not learn spaces targets out by itself.
        let is_adaptive = self.setup.is_adaptive;
        self.queues().for_each(|queue| queue.wake(now, is_adaptive));
        if self.in_flight >= self.setup.concurrency {
            return Turn::Idle;
        }
        let is_ready = |(key, queue): &&(KeyId, Queue)| !queue.is_idle() && keys.may_send(*key);
        if !self.queues.iter().any(|queue| is_ready(&queue)) {
            let due = |(key, queue): &(KeyId, Queue)| queue.next_due().filter(|_| keys.may_send(*key));
            return self.queues.iter().filter_map(due).min().map_or(Turn::Idle, Turn::Wait);
        }
        match self.breaker.gate(now) {
            Gate::Open(until) => return Turn::Wait(until),
            Gate::HalfOpen if self.in_flight > 0 => return Turn::Idle,
            Gate::HalfOpen | Gate::Closed => {}
        }
        if let Some(until) = self.throttling.held_until(now) {
            return Turn::Wait(until);
        }
        let count = self.queues.len();
        let order = (1..=count).map(|step| (self.last_queue + step) % count);
        let next = |at: usize| {
            let (key, queue) = self.queues.get(at).filter(|queue| is_ready(queue))?;
            Some((at, *key, queue.next(&self.retry_budget, self.in_flight)?))
        };
        let Some((at, key, source)) = order.into_iter().find_map(next) else { return Turn::Idle };
        if let Err(free_at) = self.throttling.limit.take(now) {
            return Turn::Wait(free_at);
        }
        self.last_queue = at;
        Turn::Send((key, self.queues[at].1.pop(source, &mut self.retry_budget)))
    }

    /// Adds further targets that the same request can serve, as many as the lane's requests take, and `most` in all.
    pub(super) fn filled(
        &mut self,
        key: KeyId,
        first: StateBox,
        most: usize,
        fits: impl Fn(TargetId, Option<&TargetState>) -> bool,
    ) -> Batch<StateBox> {
        let mut batch = Batch::of(first);
        let most = self.batch.min(most).saturating_sub(1);
        if most > 0 {
            self.queue(key).companions(most, fits, &mut batch);
        }
        batch
    }

    /// Tells whether all is well with the lane, so that a request that fails now is not expected.
    pub(super) fn is_calm(&self, now: Instant) -> bool {
        self.breaker.gate(now) == Gate::Closed
    }

    /// Makes requests smaller than one of so many targets was; returns the most that they serve from now on, if that
    /// has changed.
    pub(super) fn batch_less(&mut self, than: usize, is_over: bool) -> Option<usize> {
        let most = if is_over { 1 } else { (than / 2).max(1) };
        let is_less = most < self.batch;
        self.batch = self.batch.min(most);
        is_less.then_some(most)
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
    pub(super) fn granted(&mut self, key: KeyId, moment: &Moment) {
        self.queue(key).turns.responded(moment, false);
        self.throttling.granted(moment.now);
    }

    /// Notes a throttled response, which may state the quota; tells what that changes, and whether the lane is given up.
    pub(super) fn throttled(
        &mut self,
        key: KeyId,
        retry: &Retry,
        moment: &Moment,
        stated: Option<Rate>,
    ) -> (Option<Slowed>, bool) {
        self.stats.throttled += 1;
        let turns = &mut self.queue(key).turns;
        turns.responded(moment, true);
        let others_are_granted = turns.others_are_granted;
        let Moment { now, retry_after, is_stuck, .. } = *moment;
        let refused = Refused { sent_at: moment.sent.instant, now, retry_after, stated, is_stuck };
        let slowed = self.throttling.throttled(retry, &refused, others_are_granted);
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

    /// Makes the time that was waited for a key count for no target.
    pub(super) fn excuse(&mut self, key: KeyId, waited: Duration) {
        let queue = self.queues.iter_mut().find(|(known, _)| *known == key);
        queue.into_iter().for_each(|(_, queue)| queue.excuse(waited));
    }

    /// Takes all targets of a key out.
    pub(super) fn drain_of(&mut self, key: KeyId) -> Removed {
        self.queues.iter_mut().find(|(known, _)| *known == key).map(|(_, queue)| queue.drain()).unwrap_or_default()
    }

    /// Takes all targets out.
    pub(super) fn drain(&mut self) -> Removed {
        let mut removed = Removed::default();
        self.queues().for_each(|queue| removed.extend(queue.drain()));
        removed
    }

    /// Tells whether nothing more is sent through the lane: its service stayed unhealthy or throttled everything.
    pub(super) const fn is_dead(&self) -> bool {
        self.breaker.is_dead || self.throttling.is_dead()
    }

    /// Goes on with what the same lane of an earlier part of the run learnt.
    pub(super) fn recall(&mut self, memory: &LaneMemory, now: Now) {
        let learnt = memory.learnt.map(|LearntRate { rate, at }| Learnt { rate, at: now.instant_of(at) });
        let held_until = memory.held_until.map(|until| now.instant_of(until));
        let sent_ago = memory.last_sent.map(|at| now.instant.saturating_duration_since(now.instant_of(at)));
        self.throttling.recall(learnt, held_until, sent_ago);
        self.last_sent = memory.last_sent.map(|at| now.instant_of(at));
        self.clock = ClockOffset(memory.clock_offset.or(self.clock.0));
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
