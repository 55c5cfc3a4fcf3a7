//! Which request leaves next: the lanes of a run with their queues, rates, pauses and circuit breakers.

mod adaptive;
mod breaker;
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

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

pub(super) use self::breaker::{Breaker, Gate, Trip};
pub(super) use self::lane::Turn;
use self::lane::{Lane, RegionalKey, Role};
pub use self::limiter::{Limiter, Throttled};
pub(super) use self::queue::Removed;
pub(super) use self::reaction::{Gone, Reaction, Slowed};
pub(super) use self::recall::Now;
use self::shortage::Shortage;
pub(super) use self::table::{Laid, LaneId, LaneOptions, LaneTable, Limiters, Pick};
pub(super) use self::throttling::{Refused, Throttling};
use super::attempt::Permit;
use super::event::{LaneInfo, LaneStats};
use super::journal::LaneMemory;
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
    /// Keys that a region refused for one target, which may be that target's own trouble; and which one.
    suspects: HashMap<RegionalKey, TargetId>,
    /// The lane that had its turn last, so that each gets one.
    last: Option<LaneId>,
}

/// One request and its targets.
pub(super) enum Work {
    Stop(StateBox),
    /// A read with the read API of this number; it may serve several targets, and serves at least one.
    Read(usize, Vec<StateBox>),
}

impl Work {
    /// Returns the first of the targets.
    pub(super) fn first(&self) -> &TargetState {
        match self {
            Self::Stop(state) => state,
            Self::Read(_, states) => &states[0],
        }
    }

    /// Returns the number of the read API, if it is a read.
    pub(super) const fn stage(&self) -> Option<usize> {
        match self {
            Self::Stop(_) => None,
            Self::Read(stage, _) => Some(*stage),
        }
    }

    /// Returns the targets.
    pub(super) fn into_states(self) -> Vec<StateBox> {
        match self {
            Self::Stop(state) => vec![state],
            Self::Read(_, states) => states,
        }
    }
}

impl Scheduler {
    pub(super) fn new(plan: Arc<Plan>, table: LaneTable) -> Self {
        Self { plan, table, shortage: Shortage::default(), in_flight: 0, suspects: HashMap::new(), last: None }
    }

    /// Returns what each lane is.
    pub(super) fn infos(&self) -> Vec<LaneInfo> {
        self.table.lanes.iter().map(|lane| lane.setup.info.clone()).collect()
    }

    /// Returns the lane where a target begins, if its kind and account have lanes.
    pub(super) fn home(&self, target: TargetId) -> Option<LaneId> {
        self.table.home(&self.plan[target])
    }

    /// Takes the next request that may leave now. The lanes take turns.
    pub(super) fn next(&mut self, now: Instant) -> Turn<(LaneId, Work)> {
        if let Some(until) = self.shortage.until(now) {
            return Turn::Wait(until);
        }
        if self.in_flight >= self.shortage.most(self.plan.limits.concurrency) {
            return Turn::Idle;
        }
        let mut wake: Option<Instant> = None;
        for _ in 0..self.table.ids().len() {
            self.last = self.table.after(self.last);
            let Some(id) = self.last.filter(|lane| !self.must_wait(*lane)) else { continue };
            match self.table[id].turn(now) {
                Turn::Send(state) => return Turn::Send((id, self.work(id, state))),
                Turn::Wait(until) => wake = Some(wake.map_or(until, |earlier| earlier.min(until))),
                Turn::Idle => {}
            }
        }
        wake.map_or(Turn::Idle, Turn::Wait)
    }

    /// Tells whether a lane waits for its key: newer credentials are on their way, or while the key is in doubt, one
    /// request at a time asks.
    fn must_wait(&self, lane: LaneId) -> bool {
        let lane = &self.table[lane];
        let is_asking =
            || self.table.lanes.iter().any(|other| other.in_flight > 0 && other.setup.key == lane.setup.key);
        lane.is_renewing || (lane.is_suspect && is_asking())
    }

    fn work(&mut self, lane: LaneId, first: StateBox) -> Work {
        let lane = &mut self.table[lane];
        let Role::Read(stage) = lane.setup.role else { return Work::Stop(first) };
        let (plan, kind) = (&self.plan, lane.setup.kind);
        let group = |id: TargetId| (plan[id].account_id(), kind.service().read_group(&plan[id].params));
        let wanted = group(first.id());
        let mut batch = vec![first];
        lane.fill(&mut batch, |id| group(id) == wanted);
        Work::Read(stage, batch)
    }

    /// Counts a request that leaves now; returns what it is sent with.
    pub(super) fn sending(&mut self, lane: LaneId, now: Instant) -> Permit {
        self.in_flight += 1;
        self.table[lane].sending(now)
    }

    /// Counts the end of a request. If it could not leave for want of a file descriptor, returns how long its targets
    /// wait, at no cost; `None` where none could leave for so long that it counts as a failure like any other.
    pub(super) fn completed(&mut self, lane: LaneId, is_short: bool, now: Instant) -> Option<Duration> {
        self.in_flight -= 1;
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
        let lane = &mut self.table[lane];
        match lane.end() {
            None => lane.queue.push(target),
            Some(reason) => return Err(reason),
        }
        Ok(())
    }

    /// Takes the targets of each lane whose intent is to be recorded now.
    pub(super) fn take_intents(
        &mut self,
        now: Instant,
        ahead: Duration,
    ) -> impl Iterator<Item = (LaneId, Vec<TargetId>)> {
        self.table.ids().zip(self.table.lanes.iter_mut()).map(move |(id, lane)| (id, lane.take_intents(now, ahead)))
    }

    /// Gives a lane targets back whose intent is recorded.
    ///
    /// # Errors
    ///
    /// Returns them where the lane sends nothing any more, and why.
    pub(super) fn intended(&mut self, lane: LaneId, targets: Vec<TargetId>) -> Result<(), (Vec<TargetId>, SkipReason)> {
        let lane = &mut self.table[lane];
        match lane.end() {
            None => lane.queue.intended(targets),
            Some(reason) => return Err((targets, reason)),
        }
        Ok(())
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
        let lane = &mut self.table[lane];
        match lane.end() {
            None => lane.queue.wait(state, at),
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
        let lane = &mut self.table[id];
        let class = error.and_then(|error| error.class);
        if class != Some(ErrorClass::Throttled) {
            lane.granted(moment);
        }
        match class {
            Some(class @ ErrorClass::Throttled) => {
                let stated = error.and_then(|error| lane.setup.kind.cloud.stated_limit(error));
                let (slowed, is_dead) = lane.throttled(&self.plan.retry, moment, stated);
                Reaction { slowed, gone: is_dead.then(|| self.give_up(id, class)), failing: None }
            }
            Some(ErrorClass::Clock) => {
                moment.is_corrected |= lane.clock.correct(moment.sent.permit.clock, response, wall());
                Reaction::default()
            }
            Some(ErrorClass::Auth) if moment.is_corrected => Reaction::default(),
            Some(ErrorClass::Auth) => Reaction { gone: self.refused(id, moment.target), ..Reaction::default() },
            Some(class) if Breaker::counts(class) => {
                let message = error.and_then(|error| error.message.as_deref()).unwrap_or(class.name());
                self.failed(id, (class, message), false, moment)
            }
            Some(_) | None => {
                lane.healthy(moment);
                if lane.is_suspect && vouches(class) {
                    self.vouched(id);
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

    /// Takes in that the key of a lane was refused for a target.
    ///
    /// One refusal may be that target's own trouble, such as a gateway that breaks its signature. What is in flight
    /// decides, or one more request asks; a second target that is refused closes every lane of the key in the region.
    /// Not a third: services lock keys that are refused again and again. Another region may accept the key: tokens are
    /// for one region, and some regions have accounts of their own.
    fn refused(&mut self, lane: LaneId, target: TargetId) -> Option<Gone> {
        let key = self.table[lane].setup.key.clone();
        let first = *self.suspects.entry(key.clone()).or_insert(target);
        let mut of_key: Vec<_> = self.in_region(&key).collect();
        of_key.iter_mut().for_each(|lane| lane.is_suspect = true);
        let is_open = of_key.iter().any(|lane| lane.end() != Some(SkipReason::Credentials));
        (first != target && is_open).then(|| Gone::Key(of_key.into_iter().map(|lane| lane.close()).collect()))
    }

    /// Notes that a service accepted the key of a lane.
    fn vouched(&mut self, lane: LaneId) {
        let key = self.table[lane].setup.key.clone();
        self.suspects.remove(&key);
        self.in_region(&key).for_each(|lane| lane.is_suspect = false);
    }

    /// Notes that newer credentials are on their way for the key of a lane, or that this is over. Meanwhile nothing is
    /// sent with it.
    pub(super) fn renewing(&mut self, lane: LaneId, is_renewing: bool) {
        let principal = self.table[lane].setup.key.principal.clone();
        let of_key = self.table.lanes.iter_mut().filter(|lane| lane.setup.key.principal == principal);
        of_key.for_each(|lane| lane.is_renewing = is_renewing);
    }

    fn in_region<'a>(&'a mut self, key: &'a RegionalKey) -> impl Iterator<Item = &'a mut Lane> {
        self.table.lanes.iter_mut().filter(move |lane| lane.setup.key == *key)
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
        Gone::Lane(TargetError::new(class, message), lane.queue.drain())
    }

    /// Empties all lanes.
    pub(super) fn drain(&mut self) -> Vec<Removed> {
        self.table.lanes.iter_mut().map(|lane| lane.queue.drain()).collect()
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
