//! The one place that knows the truth of a run: it launches requests, takes in what came of them, and decides.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::event::{Event, Observer, Status};
use super::exchange::{Landed, Sender};
use super::flight::{Flight, Next};
use super::hint::hint;
use super::lane::{Lane, Role, Turn};
use super::outcome::{Outcome, SkipReason, TargetResult};
use super::roster::Roster;
use crate::vendor::Principal;

/// How often observers hear that time has passed.
const TICK: Duration = Duration::from_secs(1);

pub(super) struct Dispatcher<'a> {
    pub(super) sender: Arc<Sender>,
    pub(super) roster: Roster,
    flying: FuturesUnordered<BoxFuture<'static, Landed>>,
    results: Vec<Option<TargetResult>>,
    /// Targets without a result.
    open: usize,
    failures: u64,
    most_failures: Option<u64>,
    observers: &'a mut [Box<dyn Observer>],
    pub(super) chance: fastrand::Rng,
    drained: Option<Status>,
    ended_by: Option<String>,
    /// The lane that is asked first, so that none always is.
    first_turn: usize,
}

/// What a dispatcher is made of, besides the plan's lanes.
pub(super) struct Setup<'a> {
    pub(super) sender: Arc<Sender>,
    pub(super) roster: Roster,
    pub(super) observers: &'a mut [Box<dyn Observer>],
    pub(super) seed: u64,
    pub(super) most_failures: Option<u64>,
}

/// What a dispatcher leaves behind.
pub(super) struct Landing {
    pub(super) status: Status,
    /// Which guard ended the run, in words.
    pub(super) ended_by: Option<String>,
    pub(super) lanes: Vec<Lane>,
    pub(super) results: Vec<TargetResult>,
}

impl<'a> Dispatcher<'a> {
    pub(super) fn new(setup: Setup<'a>) -> Self {
        let Setup { sender, roster, observers, seed, most_failures } = setup;
        let targets = sender.plan.targets.len();
        Self {
            sender,
            roster,
            flying: FuturesUnordered::new(),
            results: vec![None; targets],
            open: targets,
            failures: 0,
            most_failures,
            observers,
            chance: fastrand::Rng::with_seed(seed),
            drained: None,
            ended_by: None,
            first_turn: 0,
        }
    }

    /// Carries the run out, until every target has its result.
    pub(super) async fn run(mut self, drain: &CancellationToken) -> Landing {
        let infos: Vec<_> = self.roster.lanes.iter().map(|lane| lane.info.clone()).collect();
        self.tell(&Event::Started { targets: self.open, lanes: &infos });
        for (target, reason) in std::mem::take(&mut self.roster.left_out) {
            self.finish(target, None, TargetResult::skipped(reason));
        }
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let wake = self.launch();
            if self.open == 0 && self.flying.is_empty() {
                break;
            }
            tokio::select! {
                biased;
                () = drain.cancelled(), if self.drained.is_none() => self.drain(Status::Interrupted),
                Some(landed) = self.flying.next() => self.land(landed),
                () = sleep_until(wake), if wake.is_some() => {}
                _ = tick.tick() => self.observers.iter_mut().for_each(|observer| observer.on_tick()),
            }
        }
        let status = self.drained.unwrap_or(Status::Completed);
        self.tell(&Event::Ended { status });
        let results = self.results.into_iter().flatten().collect();
        Landing { status, ended_by: self.ended_by, lanes: self.roster.lanes, results }
    }

    /// Lets every lane send what it may, in turn; returns when one of them can go on by itself.
    fn launch(&mut self) -> Option<Instant> {
        let now = Instant::now();
        let lanes = self.roster.lanes.len();
        let most = self.sender.plan.limits.concurrency;
        let mut wake: Option<Instant> = None;
        let mut quiet = 0;
        while quiet < lanes && self.flying.len() < most {
            let at = self.first_turn % lanes;
            self.first_turn = at + 1;
            match self.roster.lanes.get_mut(at).map(|lane| lane.turn(now)) {
                Some(Turn::Send(flight)) => {
                    quiet = 0;
                    self.send(at, *flight, now);
                    continue;
                }
                Some(Turn::Wait(until)) => wake = Some(wake.map_or(until, |earlier| earlier.min(until))),
                Some(Turn::Idle) | None => {}
            }
            quiet += 1;
        }
        wake
    }

    fn send(&mut self, at: usize, mut flight: Flight, now: Instant) {
        let target = flight.target as usize;
        if self.window_is_closed() {
            self.abort("guards.window has closed");
            self.give_up(flight, SkipReason::Aborted);
            return;
        }
        let Some(lane) = self.roster.lanes.get_mut(at) else { return };
        lane.sending(now);
        let clock = lane.clock;
        let future = match lane.role {
            Role::Stop => {
                flight.sending(now);
                let n = flight.next_attempt();
                self.tell(&Event::Sending { target, n });
                Arc::clone(&self.sender).stop(at, flight, clock)
            }
            Role::Read(stage) => {
                let batch = self.batch(at, flight);
                Arc::clone(&self.sender).read(at, stage, batch, clock)
            }
        };
        self.flying.push(future);
    }

    /// Gathers the targets that the read of `first` can serve, too.
    fn batch(&mut self, at: usize, first: Flight) -> Vec<Flight> {
        let mut batch = vec![first];
        let Some(lane) = self.roster.lanes.get_mut(at) else { return batch };
        let most = lane.api.batch.saturating_sub(1);
        if most > 0 {
            let kind = lane.kind;
            let targets = &self.sender.plan.targets;
            let group = |flight: &Flight| {
                let target = targets.get(flight.target as usize)?;
                Some((target.account, kind.read_group(&target.params)))
            };
            let wanted = batch.first().and_then(&group);
            batch.extend(lane.companions(most, |flight| group(flight) == wanted));
        }
        batch
    }

    /// Puts a target where its next step is.
    pub(super) fn proceed(&mut self, flight: Flight, next: Next, now: Instant) {
        let route = self.roster.route(&self.sender.plan, flight.target);
        let (to, wait) = match next {
            Next::Done(result) => return self.finish_flight(&flight, result),
            Next::Stop(wait) => (route.map(|route| route.stop), wait),
            Next::Read(stage, wait) => (route.and_then(|route| route.reads.get(stage).copied()), wait),
        };
        if let Some(status) = self.drained {
            return self.give_up(flight, skip_reason(status));
        }
        match to.and_then(|to| self.roster.lanes.get_mut(to)) {
            Some(lane) if !self.roster.closed.contains(&lane.principal) => lane.enqueue_at(flight, now + wait),
            Some(_) | None => self.give_up(flight, SkipReason::Credentials),
        }
    }

    /// Closes every lane of a key that was refused: nothing with it can succeed.
    pub(super) fn close(&mut self, principal: &Principal) {
        if self.roster.closed.insert(principal.clone()) {
            self.empty(SkipReason::Credentials, |lane| lane.principal == *principal);
        }
    }

    /// Ends the run: nothing new is sent, what is in flight lands.
    fn drain(&mut self, status: Status) {
        if self.drained.is_none() {
            self.drained = Some(status);
            self.empty(skip_reason(status), |_| true);
        }
    }

    /// Ends the run because a guard says so.
    fn abort(&mut self, why: &str) {
        self.ended_by.get_or_insert_with(|| why.to_owned());
        self.drain(Status::Aborted);
    }

    fn empty(&mut self, reason: SkipReason, which: impl Fn(&Lane) -> bool) {
        let drained: Vec<_> = self.roster.lanes.iter_mut().filter(|lane| which(lane)).map(Lane::drain).collect();
        for (fresh, under_way) in drained {
            for target in fresh {
                let lane = self.roster.route(&self.sender.plan, target).map(|route| route.stop);
                self.finish(target, lane, TargetResult::skipped(reason));
            }
            for flight in under_way {
                self.give_up(flight, reason);
            }
        }
    }

    fn give_up(&mut self, mut flight: Flight, reason: SkipReason) {
        let result = flight.cut_short(reason, self.sender.clock.now());
        self.finish_flight(&flight, result);
    }

    pub(super) fn finish_flight(&mut self, flight: &Flight, mut result: TargetResult) {
        if let (Some(error), Some(target)) = (&mut result.error, self.sender.plan.targets.get(flight.target as usize)) {
            error.hint.get_or_insert_with(|| hint(error.class, target.kind).into());
        }
        let lane = self.roster.route(&self.sender.plan, flight.target).map(|route| route.stop);
        self.finish(flight.target, lane, result);
    }

    fn finish(&mut self, target: u32, lane: Option<usize>, result: TargetResult) {
        let failed = matches!(result.outcome, Outcome::Failed | Outcome::Unknown);
        let target = target as usize;
        self.tell(&Event::Finished { target, lane, result: &result });
        if let Some(slot) = self.results.get_mut(target) {
            *slot = Some(result);
            self.open -= 1;
        }
        if failed {
            self.failures += 1;
            if self.most_failures.is_some_and(|most| self.failures >= most) {
                self.abort(&format!("{} targets have failed, which is what guards.max_failures allows", self.failures));
            }
        }
    }

    fn window_is_closed(&self) -> bool {
        let window = self.sender.plan.guards.window.as_ref();
        window.is_some_and(|window| !window.is_open(self.sender.clock.now()))
    }

    pub(super) fn tell(&mut self, event: &Event<'_>) {
        self.observers.iter_mut().for_each(|observer| observer.on_event(event));
    }
}

async fn sleep_until(wake: Option<Instant>) {
    if let Some(wake) = wake {
        tokio::time::sleep_until(wake).await;
    }
}

const fn skip_reason(status: Status) -> SkipReason {
    match status {
        Status::Aborted => SkipReason::Aborted,
        Status::Interrupted => SkipReason::Interrupted,
        Status::Deadline => SkipReason::Deadline,
        Status::Completed => SkipReason::Filtered,
    }
}
