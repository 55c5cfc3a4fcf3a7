//! Which request leaves next: the lanes of a run with their queues, rates, pauses and circuit breakers.

mod adaptive;
mod breaker;
mod keys;
mod lane;
mod limiter;
mod pace;
mod queue;
mod reaction;
mod recall;
mod retry_budget;
mod shortage;
mod table;
mod throttling;
mod turns;
mod work;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

pub(super) use self::breaker::{Breaker, Gate, Trip};
use self::keys::KeyId;
pub(super) use self::lane::Turn;
use self::lane::{Lane, Role};
pub use self::limiter::{Limiter, Throttled};
pub(super) use self::queue::Removed;
pub(super) use self::reaction::{Gone, Reaction, Slowed};
pub(super) use self::recall::Now;
use self::shortage::Shortage;
pub(super) use self::table::{Laid, LaneId, LaneOptions, LaneTable, Limiters, Pick};
pub(super) use self::throttling::{Refused, Throttling};
pub(super) use self::work::Work;
use super::attempt::Permit;
use super::event::{LaneInfo, LaneStats};
use super::journal::LaneMemory;
use super::keyring::{Gate as KeyGate, SourceId};
use super::outcome::{SkipReason, TargetError};
use super::target::{Moment, StateBox, TargetState};
use crate::base::duration::spoken;
use crate::error::{ApiError, ErrorClass};
use crate::http::Response;
use crate::plan::{Plan, TargetId};

/// Decides which request leaves next. It owns the lanes and the targets that wait in them.
pub(super) struct Scheduler {
    plan: Arc<Plan>,
    table: LaneTable,
    shortage: Shortage,
    in_flight: usize,
    /// The lane that had its turn last, so that each gets one.
    last: Option<LaneId>,
}

impl Scheduler {
    pub(super) fn new(plan: Arc<Plan>, table: LaneTable) -> Self {
        Self { plan, table, shortage: Shortage::default(), in_flight: 0, last: None }
    }

    /// Returns what each lane is.
    pub(super) fn infos(&self) -> Vec<LaneInfo> {
        self.table.lanes.iter().map(|lane| lane.setup.info.clone()).collect()
    }

    /// Returns the lane where a target begins, if its kind and account have lanes.
    pub(super) fn home(&self, target: TargetId) -> Option<LaneId> {
        self.table.home(&self.plan[target])
    }

    /// Takes the next request that may leave now, which stops `most` targets at most. The lanes take turns.
    ///
    /// Where failures are limited, `shared` is how many more targets are in flight than stops, and each takes a place.
    pub(super) fn next(
        &mut self,
        now: Instant,
        shared: Option<usize>,
        most: impl Fn(TargetId) -> usize,
    ) -> Turn<(LaneId, Work)> {
        if let Some(until) = self.shortage.until(now) {
            return Turn::Wait(until);
        }
        let places = self.shortage.most(self.plan.limits.concurrency);
        let free = places.saturating_sub(self.in_flight + shared.unwrap_or(0));
        if free == 0 {
            return Turn::Idle;
        }
        let most = |id| if shared.is_some() { most(id).min(free) } else { most(id) };
        let mut wake: Option<Instant> = None;
        for _ in 0..self.table.ids().len() {
            self.last = self.table.after(self.last);
            let Some(id) = self.last else { continue };
            let LaneTable { lanes, keys, .. } = &mut self.table;
            match lanes[id.index()].turn(now, keys) {
                Turn::Send((key, state)) => return Turn::Send((id, self.work((id, key), state, now, most))),
                Turn::Wait(until) => wake = Some(wake.map_or(until, |earlier| earlier.min(until))),
                Turn::Idle => {}
            }
        }
        wake.map_or(Turn::Idle, Turn::Wait)
    }

    fn work(
        &mut self,
        (lane, key): (LaneId, KeyId),
        first: StateBox,
        now: Instant,
        most: impl Fn(TargetId) -> usize,
    ) -> Work {
        let is_doubted = self.table.keys.is_held(key);
        let (plan, lane) = (&self.plan, &mut self.table[lane]);
        match lane.setup.role {
            Role::Stop => {
                // What may well fail is tried with one target.
                let may_share = first.may_share() && !is_doubted && lane.is_calm(now);
                let (account, most) = (plan[first.id()].account_id(), if may_share { most(first.id()) } else { 1 });
                let fits = |id: TargetId, state: Option<&TargetState>| {
                    plan[id].account_id() == account && state.is_none_or(TargetState::may_share)
                };
                Work::Stop(lane.filled(key, first, most, fits))
            }
            Role::Read(stage) => {
                let service = lane.setup.kind.service();
                let group = |id: TargetId| (plan[id].account_id(), service.read_group(&plan[id].params));
                let wanted = group(first.id());
                Work::Read(stage, lane.filled(key, first, usize::MAX, |id, _| group(id) == wanted))
            }
        }
    }

    /// Returns the key that requests of a target are signed with: its account has lanes.
    #[expect(clippy::expect_used, reason = "the table knows the key of every account that has lanes")]
    fn key(&self, target: TargetId) -> KeyId {
        self.table.keys.of_account(self.plan[target].account_id()).expect("an account with lanes has a key")
    }

    /// Returns why nothing more is sent through a lane with a key, if so.
    fn end(&self, lane: LaneId, key: KeyId) -> Option<SkipReason> {
        match (self.table.lanes[lane.index()].is_dead(), self.table.keys.is_closed(key)) {
            (true, _) => Some(SkipReason::Aborted),
            (false, true) => Some(SkipReason::Credentials),
            (false, false) => None,
        }
    }

    /// Counts a request that leaves now; returns what it is sent with.
    pub(super) fn sending(&mut self, lane: LaneId, target: TargetId, now: Instant) -> Permit {
        self.in_flight += 1;
        let key = self.key(target);
        self.table.keys.sending(key);
        self.table[lane].sending(now)
    }

    /// Counts the end of a request. If it could not leave for want of a file descriptor, returns how long its targets
    /// wait, at no cost; `None` where none could leave for so long that it counts as a failure like any other.
    pub(super) fn completed(
        &mut self,
        lane: LaneId,
        target: TargetId,
        is_short: bool,
        now: Instant,
    ) -> Option<Duration> {
        self.in_flight -= 1;
        let key = self.key(target);
        self.table.keys.completed(key);
        self.table[lane].completed(now);
        if !is_short {
            self.shortage.passed();
            return None;
        }
        let wait = self.shortage.met(self.in_flight, now, self.plan.retry.max_elapsed)?;
        self.table[lane].stats.requests -= 1;
        Some(wait)
    }

    /// Queues a target that nothing was sent for yet, and whose stage lets it go.
    ///
    /// # Errors
    ///
    /// Returns why the lane sends nothing any more, where it does not.
    pub(super) fn release(&mut self, target: TargetId) -> Result<(), SkipReason> {
        let lane = self.table.home(&self.plan[target]).ok_or(SkipReason::Credentials)?;
        let key = self.key(target);
        match self.end(lane, key) {
            None => self.table[lane].queue(key).push(target),
            Some(reason) => return Err(reason),
        }
        Ok(())
    }

    /// Takes the targets of each lane whose intent is to be recorded now, at most `most`.
    pub(super) fn take_intents(
        &mut self,
        now: Instant,
        ahead: Duration,
        mut most: usize,
    ) -> impl Iterator<Item = (LaneId, Vec<TargetId>)> {
        let ids = self.table.ids();
        let LaneTable { lanes, keys, .. } = &mut self.table;
        ids.zip(lanes.iter_mut()).map(move |(id, lane)| {
            let taken = lane.take_intents(now, (ahead, most), keys);
            most -= taken.len();
            (id, taken)
        })
    }

    /// Gives a lane targets back whose intent is recorded. Returns those that are not sent any more, and why.
    pub(super) fn intended(&mut self, lane: LaneId, targets: Vec<TargetId>) -> Vec<(Vec<TargetId>, SkipReason)> {
        let mut refused = Vec::new();
        let mut targets = targets.into_iter().peekable();
        while let Some(first) = targets.next() {
            let key = self.key(first);
            let mut of_key = vec![first];
            while let Some(next) = targets.next_if(|next| self.key(*next) == key) {
                of_key.push(next);
            }
            match self.end(lane, key) {
                None => self.table[lane].queue(key).intended(of_key),
                Some(reason) => refused.push((of_key, reason)),
            }
        }
        refused
    }

    /// Queues a target in progress to be served from `at` on: to be read by the read API `stage`, or else stopped.
    ///
    /// # Errors
    ///
    /// Returns it where the lane sends nothing any more, and why.
    pub(super) fn enqueue(
        &mut self,
        state: StateBox,
        stage: Option<usize>,
        at: Instant,
    ) -> Result<(), (StateBox, SkipReason)> {
        let route = self.table.route(&self.plan[state.id()]);
        let lane = stage.map_or(route.stop, |stage| route.reads[stage]);
        let key = self.key(state.id());
        match self.end(lane, key) {
            None => self.table[lane].queue(key).wait(state, at),
            Some(reason) => return Err((state, reason)),
        }
        Ok(())
    }

    /// Draws from a response, which came at `wall`, what concerns more than its target: throttling, the clock, the key, the service's health.
    pub(super) fn responded(
        &mut self,
        id: LaneId,
        error: Option<&ApiError>,
        (response, wall): (&Response, impl FnOnce() -> Timestamp),
        moment: &mut Moment,
    ) -> Reaction {
        let key = self.key(moment.target);
        let lane = &mut self.table[id];
        let class = error.and_then(|error| error.class);
        if class != Some(ErrorClass::Throttled) {
            lane.granted(key, moment);
        }
        match class {
            Some(class @ ErrorClass::Throttled) => {
                let stated = error.and_then(|error| lane.setup.kind.cloud.stated_limit(error));
                let (slowed, is_dead) = lane.throttled(key, &self.plan.retry, moment, stated);
                Reaction { slowed, gone: is_dead.then(|| self.give_up(id, class)), failing: None }
            }
            Some(ErrorClass::Clock) => {
                moment.is_corrected |= lane.clock.correct(moment.sent.permit.clock, response, wall());
                Reaction::default()
            }
            Some(ErrorClass::Auth) if moment.is_corrected => Reaction::default(),
            Some(ErrorClass::Auth) => Reaction { gone: self.refused(key, moment.target), ..Reaction::default() },
            Some(class) if Breaker::counts(class) => {
                let message = error.and_then(|error| error.message.as_deref()).unwrap_or(class.name());
                self.failed(id, (class, message), false, moment)
            }
            Some(_) | None => {
                lane.healthy(moment);
                if vouches(class) {
                    self.table.keys.vouched(key);
                }
                Reaction::default()
            }
        }
    }

    /// Notes a sign that the service of a lane is unhealthy; the lane may pause, or be given up. `never_left` tells
    /// whether the request surely did not reach the service.
    pub(super) fn failed(
        &mut self,
        id: LaneId,
        (class, message): (ErrorClass, &str),
        never_left: bool,
        moment: &Moment,
    ) -> Reaction {
        let lane = &mut self.table[id];
        let trip = lane.unhealthy(&self.plan.retry, moment);
        let is_lasting = never_left || trip != Trip::Unchanged;
        let is_news = is_lasting && lane.trouble.replace(message.into()).is_none();
        let failing = is_news.then(|| (class, message.into()));
        let reaction = Reaction { failing, ..Reaction::default() };
        match trip {
            Trip::Unchanged => reaction,
            Trip::Opened(pause) => {
                Reaction { slowed: Some(Slowed { pause, from: None, rate: None, class }), ..reaction }
            }
            Trip::Dead => Reaction { gone: Some(self.give_up(id, class)), ..reaction },
        }
    }

    /// Makes the requests of a lane smaller than one of so many targets was, or serve one each; returns the most that they
    /// serve from now on, if that has changed.
    pub(super) fn batch_less(&mut self, id: LaneId, than: usize, is_over: bool) -> Option<usize> {
        self.table[id].batch_less(than, is_over)
    }

    /// Takes in that a key was refused for a target; a key that is refused again is closed on all lanes of its region.
    fn refused(&mut self, key: KeyId, target: TargetId) -> Option<Gone> {
        let closes = self.table.keys.refused(key, target);
        closes.then(|| Gone::Key(self.table.lanes.iter_mut().map(|lane| lane.drain_of(key)).collect()))
    }

    /// Notes what may be sent with the keys of each source now.
    pub(super) fn set_gates(&mut self, gates: &[KeyGate], now: Instant) {
        for (source, waited) in self.table.keys.set_gates(gates, now) {
            let keys: Vec<_> = self.table.keys.of_source(source).collect();
            let lanes = self.table.lanes.iter_mut();
            lanes.for_each(|lane| keys.iter().for_each(|key| lane.excuse(*key, waited)));
        }
    }

    /// Takes out all targets that need the keys of a source.
    pub(super) fn drain_of(&mut self, source: SourceId) -> Vec<Removed> {
        let keys: Vec<_> = self.table.keys.of_source(source).collect();
        let lanes = self.table.lanes.iter_mut();
        lanes.flat_map(|lane| keys.iter().map(|key| lane.drain_of(*key)).collect::<Vec<_>>()).collect()
    }

    /// Gives a lane up.
    fn give_up(&mut self, id: LaneId, class: ErrorClass) -> Gone {
        let lane = &mut self.table[id];
        let why = if class == ErrorClass::Throttled {
            format!("the service throttled every request for {}", spoken(self.plan.retry.max_elapsed))
        } else {
            "the service was unhealthy at every probe".to_owned()
        };
        let cause = lane.trouble.as_ref().map(|cause| format!("; last failure: {cause}")).unwrap_or_default();
        let message = format!("gave up on {}: {why}{cause}", lane.setup.info.api);
        Gone::Lane(TargetError::new(class, message), lane.drain())
    }

    /// Empties all lanes.
    pub(super) fn drain(&mut self) -> Vec<Removed> {
        self.table.lanes.iter_mut().map(Lane::drain).collect()
    }

    /// Takes note that a second has passed. Returns the lanes that time made faster, with the rate that observers know
    /// of and the one now.
    pub(super) fn tick(&mut self, now: Instant) -> Vec<(LaneId, f64, Option<f64>)> {
        self.shortage.ease(self.plan.limits.concurrency);
        let lanes = self.table.ids().zip(self.table.lanes.iter_mut());
        lanes.filter_map(|(id, lane)| lane.throttling.quickened(now).map(|(from, rate)| (id, from, rate))).collect()
    }

    /// Returns what the lanes learnt, and what they did.
    pub(super) fn into_parts(self, now: Now) -> (Vec<LaneMemory>, Vec<(LaneInfo, LaneStats)>) {
        let parts = |lane: Lane| (lane.memory(now), (lane.setup.info, lane.stats));
        self.table.lanes.into_iter().map(parts).unzip()
    }
}

/// Tells whether only a service that accepted the key responds so. A gateway may say the rest before it looks at the
/// key.
pub(super) const fn vouches(class: Option<ErrorClass>) -> bool {
    use ErrorClass::{Conflict, Denied, NotFound, Rejected};
    matches!(class, None | Some(Conflict | Denied | NotFound | Rejected))
}
