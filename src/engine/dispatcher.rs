//! The loop of a run: it lets requests leave, and takes in what came of them.
//!
//! [`Tracker`] knows where each target is, [`Keyring`] what requests are signed with; what is in flight is owned here, and
//! so is what waits for newer keys.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::{Instant, MissedTickBehavior};

use super::attempt::{Ask, Batching, Exchange, Finding, Reply, Sender};
use super::batch::Batch;
use super::event::Record;
use super::in_flight::{Completion, InFlight};
use super::keyring::{Change, Gate, Keyring, Refusal};
use super::opening::Opening;
use super::scheduler::{LaneId, Turn, Work, vouches};
use super::target::{Moment, StateBox};
use super::threshold::Signal;
use super::tracker::{News, Tracker};
use crate::base::clock::reached;
use crate::error::{ApiError, ErrorClass};
use crate::plan::TargetId;
use crate::provider::huawei::is_key_lock;

/// How often observers hear that time has passed.
const TICK: Duration = Duration::from_secs(1);

/// Carries a run out.
pub(super) struct Dispatcher<'a> {
    sender: Arc<Sender>,
    tracker: Tracker<'a>,
    keyring: Arc<Keyring>,
    in_flight: FuturesUnordered<InFlight>,
    /// Requests that were refused while newer keys are asked for, each since that moment.
    parked: Vec<(Completion, Moment, Instant)>,
    chance: fastrand::Rng,
}

impl<'a> Dispatcher<'a> {
    pub(super) fn new(sender: Arc<Sender>, tracker: Tracker<'a>, keyring: Arc<Keyring>, seed: u64) -> Self {
        let (in_flight, parked) = (FuturesUnordered::new(), Vec::new());
        Self { sender, tracker, keyring, in_flight, parked, chance: fastrand::Rng::with_seed(seed) }
    }

    /// Carries the run out, until every target has its result.
    pub(super) async fn run(mut self, opening: Opening) -> Record {
        self.tracker.begin(&self.sender.run_id, opening);
        let keyring = Arc::clone(&self.keyring);
        let mut changes = keyring.changes();
        let drive = keyring.drive();
        tokio::pin!(drive);
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // Later ones come before anything else that the loop waits for.
        if let Some(signal) = self.tracker.signalled() {
            self.obey(signal);
        }
        loop {
            let wake = self.launch();
            if self.tracker.is_done() && self.in_flight.is_empty() {
                return self.tracker.finish_run();
            }
            if wake.is_none() && self.in_flight.is_empty() {
                self.tracker.flush();
            }
            tokio::select! {
                biased;
                news = self.tracker.news() => match news {
                    News::Signal(signal) => self.obey(signal),
                    News::Durable(up_to) => self.tracker.recorded(up_to),
                    News::Answer(goes_on) => self.tracker.answered(goes_on),
                },
                Some(completion) = self.in_flight.next() => self.complete(completion),
                _ = changes.changed() => self.keys_changed(),
                never = &mut drive => match never {},
                () = reached(wake), if wake.is_some() => {}
                _ = tick.tick() => {
                    self.keyring.poke();
                    self.tracker.tick();
                }
            }
        }
    }

    /// Lets every request leave that may; returns what the run waits for, besides responses.
    fn launch(&mut self) -> Option<Instant> {
        if self.tracker.has_ended() {
            self.keyring.end();
            self.unpark();
        }
        let now = Instant::now();
        self.tracker.set_gates(&self.keyring.gates(), now);
        let resumes_at = self.tracker.release(now);
        self.tracker.record_intents(now);
        let wake = loop {
            match self.tracker.next(now) {
                Turn::Send((lane, work)) => self.send(lane, work, now),
                Turn::Wait(until) => break Some(until),
                Turn::Idle => break None,
            }
        };
        wake.into_iter().chain(resumes_at).min()
    }

    fn send(&mut self, lane: LaneId, mut work: Work, now: Instant) {
        let sender = Arc::clone(&self.sender);
        let permit = self.tracker.sending(lane, &mut work, now);
        let keys = self.keyring.keys(sender.plan[work.first().id()].account_id());
        let sent_at = sender.timeline.at(now);
        let ask = match &work {
            Work::Stop(states) => Ask::Stop(ids(states)),
            Work::Read(stage, states) => Ask::Read(*stage, ids(states)),
        };
        self.in_flight.push(InFlight::new(lane, work, sent_at, sender.send(ask, keys, permit)));
    }

    /// Takes in that a request is over.
    fn complete(&mut self, completion: Completion) {
        let now = Instant::now();
        let moment = completion.moment(now, self.sender.timeline.at(now), self.chance.f64());
        if let Some(completion) = self.tracker.completed(completion, now) {
            self.conclude(completion, moment, false);
        }
    }

    /// Takes in what a reply says about its lane and its targets; `was_parked` tells whether it waited for newer keys.
    fn conclude(&mut self, completion: Completion, mut moment: Moment, was_parked: bool) {
        let Completion { lane, mut work, reply } = completion;
        let plan = Arc::clone(&self.sender.plan);
        let (findings, batching) = match &work {
            Work::Stop(states) => reply.of_stop(&plan, &ids(states)),
            Work::Read(stage, states) => (reply.of_read(&plan, *stage, &ids(states)), Batching::Goes),
        };
        let error = match &work {
            Work::Stop(_) => of_lane(&findings),
            Work::Read(..) => findings.iter().find_map(Finding::error),
        };
        if self.must_park(error, (&reply, was_parked), &mut work, &mut moment) {
            return self.park(Completion { lane, work, reply }, moment);
        }
        self.tracker.learn(lane, error, &reply, &mut moment);
        self.tracker.batch_less(lane, batching, error, moment.batch);
        for (account, reason) in self.tracker.take_closed() {
            self.keyring.closed(account, reason);
        }
        for (state, finding) in work.into_states().into_iter().zip(findings) {
            self.tracker.advance(lane, state, finding, moment);
        }
    }

    /// Tells whether newer keys are asked for, because a service refused those of a request. A target that is refused with
    /// newer keys as well is not waited for again: it may be the target that is refused.
    fn must_park(
        &mut self,
        error: Option<&ApiError>,
        (reply, was_parked): (&Reply, bool),
        work: &mut Work,
        moment: &mut Moment,
    ) -> bool {
        let account = self.sender.plan[moment.target].account_id();
        let class = error.and_then(|error| error.class);
        if class == Some(ErrorClass::Auth) {
            let is_locked = error.and_then(|error| error.message.as_deref()).is_some_and(is_key_lock);
            let is_newest = reply.generation == self.keyring.keys(account).generation;
            if is_newest && !was_parked && !is_locked && work.wait_for_keys(false) {
                return false;
            }
            let refusal = self.keyring.refused(account, reply.generation, is_locked);
            moment.is_corrected = refusal == Refusal::Outdated;
            work.wait_for_keys(matches!(refusal, Refusal::Outdated | Refusal::Asking));
            return refusal == Refusal::Asking;
        }
        work.wait_for_keys(false);
        if vouches(class) && matches!(reply.exchange, Exchange::Response(_)) {
            self.keyring.accepted(account, reply.generation);
        }
        false
    }

    /// Keeps a request until it is known whether there are newer keys. Nothing is sent with the old ones.
    fn park(&mut self, completion: Completion, moment: Moment) {
        self.parked.push((completion, moment, Instant::now()));
    }

    /// Takes in what happened to the keys, and goes on with what waited for that.
    fn keys_changed(&mut self) {
        self.tracker.set_gates(&self.keyring.gates(), Instant::now());
        for (source, change) in self.keyring.news() {
            self.tracker.keys_changed(source, &self.keyring.accounts_of(source), &change);
            if matches!(change, Change::Closed(_)) {
                self.give_up_parked();
            }
        }
        self.unpark();
    }

    /// Gives up what waited for keys that cannot be had any more.
    fn give_up_parked(&mut self) {
        let gates = self.keyring.gates();
        let is_closed = |(completion, ..): &(Completion, Moment, Instant)| {
            let account = self.sender.plan[completion.work.first().id()].account_id();
            gates.get(self.keyring.source(account).index()) == Some(&Gate::Closed)
        };
        let (closed, parked) = std::mem::take(&mut self.parked).into_iter().partition(is_closed);
        self.parked = parked;
        closed.into_iter().for_each(|(completion, ..): (Completion, _, _)| self.tracker.close(completion.work));
    }

    /// Goes on with the requests that were parked, as far as newer keys are there, or are asked for no more.
    fn unpark(&mut self) {
        let now = Instant::now();
        for (mut completion, moment, since) in std::mem::take(&mut self.parked) {
            completion.work.excuse(now.saturating_duration_since(since));
            self.conclude(completion, moment, true);
        }
    }

    fn obey(&mut self, signal: Signal) {
        self.tracker.obey(signal);
        if signal == Signal::Abandon {
            std::mem::take(&mut self.in_flight).into_iter().for_each(|request| self.tracker.abandon(request));
        }
    }
}

/// Returns the error of a reply to a stop that concerns its lane: that of a target that the service dealt with, which
/// shows that it is healthy; else that it throttles; else the first.
fn of_lane(findings: &Batch<Finding>) -> Option<&ApiError> {
    let rank = |error: &&ApiError| match error.class {
        class if vouches(class) => 0,
        Some(ErrorClass::Throttled) => 1,
        _ => 2,
    };
    findings.iter().filter_map(Finding::error).min_by_key(rank)
}

/// Returns the targets of a request.
fn ids(states: &Batch<StateBox>) -> Batch<TargetId> {
    states.map(|state| state.id())
}
