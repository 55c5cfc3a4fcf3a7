//! The one place that knows the truth of a run: it launches requests, takes in what came of them, and decides.

use std::collections::{HashMap, VecDeque};
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
use super::hint::{self, Circumstances, Signer};
use super::journal::{JournalError, ResumeState};
use super::lane::{Lane, Role, Turn};
use super::outcome::{Outcome, SkipReason, TargetResult};
use super::recording::{self, Durable, Recording};
use super::results::Results;
use super::roster::Roster;
use super::shortage::Shortage;

/// How often observers hear that time has passed.
const TICK: Duration = Duration::from_secs(1);

pub(super) struct Dispatcher<'a> {
    pub(super) sender: Arc<Sender>,
    pub(super) roster: Roster,
    flying: FuturesUnordered<BoxFuture<'static, Landed>>,
    results: Results,
    /// Targets without a result.
    open: usize,
    failures: u64,
    most_failures: Option<u64>,
    observers: &'a mut [Box<dyn Observer>],
    pub(super) chance: fastrand::Rng,
    pub(super) drained: Option<Status>,
    pub(super) ended_by: Option<String>,
    pub(super) unrecorded: Option<JournalError>,
    /// What is being written down, in the order of its tickets; it counts once it is durable.
    pub(super) recording: VecDeque<Recording>,
    /// The wait for the first of them.
    pub(super) durable: Durable,
    pub(super) shortage: Shortage,
    past: ResumeState,
    /// What the service of each lane that failed said, or what happened to the connection.
    pub(super) troubles: HashMap<usize, Box<str>>,
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
    /// What an earlier part of the run left.
    pub(super) past: ResumeState,
}

/// When a run ends early.
pub(super) struct Limits<'a> {
    /// When this is cancelled.
    pub(super) drain: &'a CancellationToken,
    /// When this comes.
    pub(super) deadline: Option<Instant>,
}

/// What a dispatcher leaves behind.
pub(super) struct Landing {
    pub(super) status: Status,
    /// Which guard ended the run, in words.
    pub(super) ended_by: Option<String>,
    /// Why the journal could not be written, where that ended it.
    pub(super) unrecorded: Option<JournalError>,
    pub(super) lanes: Vec<Lane>,
    pub(super) results: Results,
}

impl<'a> Dispatcher<'a> {
    pub(super) fn new(setup: Setup<'a>) -> Self {
        let Setup { sender, roster, observers, seed, most_failures, past } = setup;
        let targets = sender.plan.targets.len();
        Self {
            sender,
            roster,
            flying: FuturesUnordered::new(),
            results: Results::of(targets),
            open: targets,
            failures: 0,
            most_failures,
            observers,
            chance: fastrand::Rng::with_seed(seed),
            drained: None,
            ended_by: None,
            unrecorded: None,
            recording: VecDeque::new(),
            durable: None,
            shortage: Shortage::default(),
            past,
            troubles: HashMap::new(),
            first_turn: 0,
        }
    }

    /// Carries the run out, until every target has its result.
    pub(super) async fn run(mut self, limits: Limits<'_>) -> Landing {
        self.begin();
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let wake = self.launch();
            if self.open == 0 && self.flying.is_empty() {
                break;
            }
            if self.flying.is_empty() {
                self.hurry();
            }
            let free = self.drained.is_none();
            tokio::select! {
                biased;
                () = limits.drain.cancelled(), if free => self.drain(Status::Interrupted),
                () = sleep_until(limits.deadline), if free && limits.deadline.is_some() => self.drain(Status::Deadline),
                recorded = recording::wait(&mut self.durable), if self.durable.is_some() => self.recorded(recorded),
                Some(landed) = self.flying.next() => self.land(landed),
                () = sleep_until(wake), if wake.is_some() => {}
                _ = tick.tick() => self.tick(),
            }
        }
        let status = self.drained.unwrap_or(Status::Completed);
        self.tell(&Event::Ended { status });
        let (ended_by, unrecorded, lanes, results) = (self.ended_by, self.unrecorded, self.roster.lanes, self.results);
        Landing { status, ended_by, unrecorded, lanes, results }
    }

    /// Tells observers that time has passed, and of lanes that it made faster.
    fn tick(&mut self) {
        let now = Instant::now();
        self.shortage.ease(self.sender.plan.limits.concurrency);
        for lane in 0..self.roster.lanes.len() {
            if let Some((from, rate)) = self.roster.lanes.get_mut(lane).and_then(|lane| lane.quickened(now)) {
                self.tell(&Event::Quickened { lane, from, rate });
            }
        }
        self.observers.iter_mut().for_each(|observer| observer.on_tick());
    }

    /// Tells observers of the start, and takes up what is known already.
    fn begin(&mut self) {
        let run = self.sender.run_id.clone();
        let infos: Vec<_> = self.roster.lanes.iter().map(|lane| lane.info.clone()).collect();
        self.tell(&Event::Started { run: &run, targets: self.open, lanes: &infos });
        // What an earlier part of the run has done stays so, whatever leaves the target out now.
        let mut left_out: HashMap<_, _> = HashMap::new();
        for (target, reason) in std::mem::take(&mut self.roster.left_out) {
            if self.past.open.contains_key(&target) {
                left_out.insert(target, reason);
            } else if !self.past.done.contains(target) {
                self.finish(target, None, &TargetResult::skipped(reason));
            }
        }
        for (target, result) in std::mem::take(&mut self.past.done).iter() {
            self.finish_target(target, result, Circumstances::default());
        }
        let mut open: Vec<_> = std::mem::take(&mut self.past.open).into_iter().collect();
        open.sort_unstable_by_key(|(target, _)| *target);
        let now = Instant::now();
        for (target, open) in open {
            let was_sending = open.sending.is_some();
            let (flight, next) = Flight::resumed(target, open, now);
            if was_sending {
                // Should this process be killed, too, the next one must know of that attempt.
                self.note_end(&flight);
            }
            match left_out.remove(&target) {
                Some(reason) => self.give_up(flight, reason),
                None => self.proceed(flight, next, now),
            }
        }
    }

    /// Lets every lane send what it may, in turn; returns when one of them can go on by itself.
    fn launch(&mut self) -> Option<Instant> {
        let now = Instant::now();
        self.board(now);
        let lanes = self.roster.lanes.len();
        let most = self.shortage.most(self.sender.plan.limits.concurrency);
        if let Some(until) = self.shortage.until(now) {
            return Some(until);
        }
        let mut wake: Option<Instant> = None;
        let mut quiet = 0;
        while quiet < lanes && self.flying.len() < most {
            let at = self.first_turn % lanes;
            self.first_turn = at + 1;
            if self.roster.is_asking(at) {
                quiet += 1;
                continue;
            }
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
        let Some(lane) = self.roster.lanes.get_mut(at) else { return };
        if lane.role == Role::Stop && self.sender.window_is_closed() {
            self.abort("guards.window has closed");
            self.give_up(flight, SkipReason::Aborted);
            return;
        }
        let clearance = lane.sending(now);
        let future = match lane.role {
            Role::Stop => {
                flight.sending(now);
                let n = flight.next_attempt();
                self.tell(&Event::Sending { target, lane: at, n });
                self.note(flight.target, n);
                Arc::clone(&self.sender).stop(at, flight, clearance)
            }
            Role::Read(stage) => {
                let batch = self.batch(at, flight);
                Arc::clone(&self.sender).read(at, stage, batch, clearance)
            }
        };
        self.flying.push(future);
    }

    /// Returns how many requests are in flight.
    pub(super) fn in_flight(&self) -> usize {
        self.flying.len()
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
            Next::Done(result) => return self.record(&flight, result),
            Next::Stop(wait) => (route.map(|route| route.stop), wait),
            Next::Read(stage, wait) => (route.and_then(|route| route.reads.get(stage).copied()), wait),
        };
        if let Some(status) = self.drained {
            return self.give_up(flight, SkipReason::of(status));
        }
        match to.and_then(|to| self.roster.lanes.get_mut(to)) {
            Some(lane) if lane.is_dead() => self.give_up(flight, SkipReason::Aborted),
            Some(lane) if !self.roster.closed.contains(&lane.principal) => lane.enqueue_at(flight, now + wait),
            Some(_) | None => self.give_up(flight, SkipReason::Credentials),
        }
    }

    /// Says what to do about a target's error, unless that was said before.
    pub(super) fn hinted(&self, target: u32, mut result: TargetResult, told: Circumstances) -> TargetResult {
        let Some(target) = self.sender.plan.targets.get(target as usize) else { return result };
        let Some(mut error) = result.error.take() else { return result };
        if error.hint.is_none() {
            let account = usize::from(target.account);
            let signer = Signer {
                account: self.sender.plan.accounts.get(account).map_or("", |account| &account.name),
                source: self.sender.sources.get(account).and_then(Option::as_deref),
            };
            error.hint = Some(hint::of_result((&result, &error), told, target.kind, signer).into());
        }
        TargetResult { error: Some(error), ..result }
    }

    pub(super) fn lane_of(&self, target: u32) -> Option<usize> {
        self.sender.plan.targets.get(target as usize).and_then(|target| self.roster.home(target))
    }

    /// Gives a target its result, which is nothing to be written down.
    pub(super) fn finish_target(&mut self, target: u32, result: TargetResult, told: Circumstances) {
        let (lane, result) = (self.lane_of(target), self.hinted(target, result, told));
        let outcome = result.outcome;
        self.finish(target, lane, &result);
        self.mind_failure(outcome);
    }

    /// Gives a target its result.
    pub(super) fn finish(&mut self, target: u32, lane: Option<usize>, result: &TargetResult) {
        let target = target as usize;
        self.tell(&Event::Finished { target, lane, result });
        let is_first = !self.results.has(target);
        if self.results.set(target, result) && is_first {
            self.open -= 1;
        }
    }

    /// Counts a failure, and ends the run when there are too many.
    pub(super) fn mind_failure(&mut self, outcome: Outcome) {
        if !matches!(outcome, Outcome::Failed | Outcome::Unknown) {
            return;
        }
        self.failures += 1;
        if self.most_failures.is_some_and(|most| self.failures >= most) {
            let targets = if self.failures == 1 { "target is" } else { "targets are" };
            let rule = self.sender.plan.guards.max_failures.map(|rule| format!(", and max_failures is {rule}"));
            self.abort(&format!("{} {targets} failed or unknown{}", self.failures, rule.unwrap_or_default()));
        }
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
