//! Where each target is: queued for its next step, or settled with its result. Observers hear of both.
//!
//! [`Scheduler`] owns the lanes and the targets that wait in them, [`Recorder`] what is durable, [`Threshold`] whether
//! the run goes on.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::pending;
use tokio::time::Instant;

use super::attempt::{Batching, Exchange, Finding, Permit, Reply, Sender};
use super::event::{Event, Observer, Record, Status};
use super::hint::{self, Circumstances, Cut, Signer};
use super::in_flight::{Completion, InFlight};
use super::journal::{InProgress, JournalError, Ticket};
use super::keyring::{Change, Gate, SignedAccount, SourceId};
use super::opening::Opening;
use super::outcome::{Outcome, SkipReason, TargetResult};
use super::recorder::{Recorded, Recorder};
use super::retry;
use super::scheduler::{Gone, LaneId, Now, Reaction, Removed, Scheduler, Slowed, Turn, Work};
use super::stages::{Move, Stages};
use super::target::{Moment, StateBox, Step, TargetState};
use super::threshold::{Signal, Threshold};
use crate::base::clock::{Clock, Timeline};
use crate::error::{ApiError, ErrorClass};
use crate::plan::{AccountId, Plan, TargetId};

/// Keeps track of the targets of a run.
pub(super) struct Tracker<'a> {
    plan: Arc<Plan>,
    clock: Arc<dyn Clock>,
    timeline: Timeline,
    scheduler: Scheduler,
    recorder: Recorder,
    threshold: Threshold,
    /// Where the credentials of each account come from, in words; by account.
    sources: Vec<Option<String>>,
    observers: &'a mut [Box<dyn Observer>],
    /// What another process needs to go on with targets that were given up.
    open: BTreeMap<u32, InProgress>,
    /// What holds targets back, where the plan has stages.
    stages: Option<Stages>,
    /// The accounts whose key was refused for good in their region, and why.
    closed: Vec<(AccountId, String)>,
    /// How many more targets the stops in flight are for than there are stops in flight.
    sharing: usize,
}

/// What happens to a run besides responses.
pub(super) enum News {
    /// Somebody outside asks something of it.
    Signal(Signal),
    /// The journal is durable up to here.
    Durable(Result<Ticket, JournalError>),
    /// Somebody said whether the run goes on after a pause.
    Answer(bool),
}

impl<'a> Tracker<'a> {
    pub(super) fn new(
        sender: &Sender,
        (scheduler, recorder, threshold, stages): (Scheduler, Recorder, Threshold, Option<Stages>),
        sources: Vec<Option<String>>,
        observers: &'a mut [Box<dyn Observer>],
    ) -> Self {
        let (plan, clock, timeline) = (Arc::clone(&sender.plan), Arc::clone(&sender.clock), sender.timeline);
        let open = BTreeMap::new();
        let closed = Vec::new();
        let sharing = 0;
        Self {
            plan,
            clock,
            timeline,
            scheduler,
            recorder,
            threshold,
            sources,
            observers,
            open,
            stages,
            closed,
            sharing,
        }
    }

    /// Tells observers of the start, and takes up what is known already.
    pub(super) fn begin(&mut self, run: &str, opening: Opening) {
        let lanes = self.scheduler.infos();
        self.tell(&Event::Started { run, targets: self.recorder.open(), lanes: &lanes });
        opening.skipped.iter().for_each(|(id, reason)| self.settle(*id, None, &TargetResult::skipped(*reason)));
        opening.facts().for_each(|(id, fact)| self.finish(id, fact, Circumstances::default()));
        self.open.extend(opening.others);
        if let Some(stages) = &mut self.stages {
            stages.take_up(&opening.stages, opening.is_confirmed);
        }
        let (mut resumed, now) = (Vec::new(), Instant::now());
        for (id, open, left_out) in opening.open {
            let was_sending = open.sending.is_some();
            let (mut state, step) = TargetState::resumed(id, open, now);
            if was_sending {
                // Should this process be killed, too, the next one must know of that attempt.
                self.recorder.note_attempted(&state);
            }
            if let Some(reason) = left_out {
                self.give_up(&mut state, reason);
                continue;
            }
            let state: StateBox = state.into();
            let at_once = match self.stages.as_mut().filter(|_| self.threshold.ended().is_none()) {
                Some(stages) => stages.keep(state, step),
                None => Some((state, step)),
            };
            match at_once {
                None => {}
                Some((state, step @ Step::Stop(_))) => resumed.push((state, step)),
                Some((state, step)) => self.proceed(state, step, now),
            }
        }
        self.go_on(resumed, now);
    }

    /// Goes on with targets of an earlier part of the run.
    fn go_on(&mut self, resumed: Vec<(StateBox, Step)>, now: Instant) {
        let (stops, others): (Vec<_>, Vec<_>) =
            resumed.into_iter().partition(|(_, step)| matches!(step, Step::Stop(_)));
        others.into_iter().for_each(|(state, step)| self.proceed(state, step, now));
        let at_once = self.recorder.record_resumed(stops).unwrap_or_default();
        at_once.into_iter().for_each(|(state, step)| self.proceed(state, step, now));
    }

    /// Lets targets go that no stage holds back any more; returns when a pause is over, if the run waits for that.
    pub(super) fn release(&mut self, now: Instant) -> Option<Instant> {
        while self.threshold.ended().is_none() {
            let timeline = self.timeline;
            match self.stages.as_mut()?.next(now, || timeline.now()) {
                None => break,
                Some(Move::Begin { stage, is_new }) => self.begin_stage(stage, is_new),
                Some(Move::Release(targets)) => targets.into_iter().for_each(|id| self.start(id)),
                Some(Move::GoOn(states)) => self.go_on(states, now),
                Some(Move::Pause { stage, pause }) => {
                    let (plan, stage) = (Arc::clone(&self.plan), usize::from(stage));
                    let name = plan.stages.get(stage).map_or("", |stage| &stage.name);
                    self.tell(&Event::Pausing { stage, name, pause });
                    // Whoever shows the run has made room for the question.
                    self.stages.iter_mut().for_each(Stages::ask);
                }
                Some(Move::End) => self.end(Status::Paused),
            }
        }
        self.stages.as_ref().filter(|_| !self.has_ended())?.wake()
    }

    fn begin_stage(&mut self, stage: u16, is_new: bool) {
        if is_new {
            self.recorder.note_stage(stage, self.timeline.now());
        }
        let (plan, number) = (Arc::clone(&self.plan), usize::from(stage));
        let name = plan.stages.get(number).map_or("", |stage| &stage.name);
        let open = self.stages.as_ref().map_or(0, |stages| stages.open(number));
        self.tell(&Event::Stage { stage: number, name, open });
    }

    /// Queues a target that nothing was sent for yet.
    fn start(&mut self, id: TargetId) {
        let queued = match self.threshold.ended() {
            Some(status) => Err(status.skip_reason()),
            None => self.scheduler.release(id),
        };
        if let Err(reason) = queued {
            self.finish(id, TargetResult::skipped(reason), Circumstances::default());
        }
    }

    /// Tells whether every target has its result.
    pub(super) const fn is_done(&self) -> bool {
        self.recorder.open() == 0
    }

    /// Tells whether the run ends early.
    pub(super) const fn has_ended(&self) -> bool {
        self.threshold.ended().is_some()
    }

    /// Waits for what happens besides responses.
    pub(super) async fn news(&mut self) -> News {
        tokio::select! {
            biased;
            signal = self.threshold.signal() => News::Signal(signal),
            up_to = self.recorder.durable() => News::Durable(up_to),
            goes_on = answer(self.stages.as_mut()) => News::Answer(goes_on),
        }
    }

    /// Returns the signal that is there already.
    pub(super) fn signalled(&self) -> Option<Signal> {
        self.threshold.signalled()
    }

    /// Makes the journal durable now, where something waits for that.
    pub(super) fn flush(&self) {
        self.recorder.flush();
    }

    /// Records the intents of what is sent soon.
    pub(super) fn record_intents(&mut self, now: Instant) {
        if let Some(ahead) = self.recorder.ahead().filter(|_| self.threshold.ended().is_none()) {
            for (lane, targets) in self.scheduler.take_intents(now, ahead) {
                self.recorder.record_intents(lane, targets);
            }
        }
    }

    /// Takes the next request that may leave now. A window that has closed ends the run instead.
    pub(super) fn next(&mut self, now: Instant) -> Turn<(LaneId, Work)> {
        loop {
            let (threshold, stages) = (&self.threshold, self.stages.as_ref());
            let is_limited = threshold.left() < usize::MAX || stages.is_some();
            // Where failures are limited, each target of a request takes the place of a request.
            let shared = is_limited.then_some(self.sharing);
            // One request must not let more targets fail than may.
            let most = |id| threshold.left().min(stages.map_or(usize::MAX, |stages| stages.left(id)));
            match self.scheduler.next(now, shared, most) {
                Turn::Send((_, Work::Stop(states))) if self.threshold.forbids_stops(|| self.clock.now()) => {
                    self.abort(self.threshold.closed(self.clock.now()));
                    states.into_iter().for_each(|mut state| self.give_up(&mut state, SkipReason::Aborted));
                }
                turn @ (Turn::Send(_) | Turn::Wait(_) | Turn::Idle) => return turn,
            }
        }
    }

    /// Notes that a request leaves now; returns what it is sent with.
    pub(super) fn sending(&mut self, lane: LaneId, work: &mut Work, now: Instant) -> Permit {
        if let Work::Stop(states) = work {
            let batch = states.len();
            self.sharing += batch - 1;
            for state in states.iter_mut() {
                let (id, n) = (state.id(), state.next_attempt());
                state.sending(now);
                self.tell(&Event::Sending { target: id.index(), lane: lane.index(), n, batch });
                self.recorder.note_sending(id, n, self.timeline.now());
            }
        }
        self.scheduler.sending(lane, work.first().id(), now)
    }

    /// Notes that a request is over. Returns it, unless it could not leave for want of a file descriptor: then its
    /// targets wait.
    pub(super) fn completed(&mut self, completion: Completion, now: Instant) -> Option<Completion> {
        let lane = completion.lane;
        if let Work::Stop(states) = &completion.work {
            self.sharing = self.sharing.saturating_sub(states.len() - 1);
        }
        let is_short = completion.reply.is_short_of_descriptors();
        let target = completion.work.first().id();
        let Some(wait) = self.scheduler.completed(lane, target, is_short, now) else { return Some(completion) };
        let stage = completion.work.stage();
        let step = || stage.map_or(Step::Stop(wait), |stage| Step::Read(stage, wait));
        completion.work.into_states().into_iter().for_each(|state| self.proceed(state, step(), now));
        None
    }

    /// Notes what may be sent with the keys of each source now.
    pub(super) fn set_gates(&mut self, gates: &[Gate], now: Instant) {
        self.scheduler.set_gates(gates, now);
    }

    /// Takes in what happened to the keys of a source.
    pub(super) fn keys_changed(&mut self, source: SourceId, accounts: &[SignedAccount], change: &Change) {
        let name = accounts.first().map_or("", |account| &account.name);
        match change {
            Change::Refreshed => self.tell(&Event::CredentialsRefreshed { account: name }),
            Change::Waiting(reason, left) => {
                self.tell(&Event::CredentialsWaiting { account: name, reason, left: *left });
            }
            Change::Closed(reason) => {
                self.tell(&Event::CredentialsClosed { account: name, reason });
                let removed = self.scheduler.drain_of(source);
                self.skip(removed, SkipReason::Credentials);
            }
        }
        accounts.iter().for_each(|account| self.recorder.note_account(account.note()));
    }

    /// Returns the accounts whose key was refused for good since the last time.
    pub(super) fn take_closed(&mut self) -> Vec<(AccountId, String)> {
        std::mem::take(&mut self.closed)
    }

    /// Gives the targets of a request up whose account was closed while it waited for newer keys.
    pub(super) fn close(&mut self, work: Work) {
        work.into_states().into_iter().for_each(|mut state| self.give_up(&mut state, SkipReason::Credentials));
    }

    /// Takes in what a reply says about its lane.
    pub(super) fn learn(&mut self, lane: LaneId, error: Option<&ApiError>, reply: &Reply, moment: &mut Moment) {
        let reaction = match &reply.exchange {
            Exchange::Unsigned(_) => return,
            Exchange::Failed(error) => {
                self.scheduler.failed(lane, (error.class, &error.message), error.surely_not_sent, moment)
            }
            Exchange::Response(response) => {
                moment.retry_after = retry::retry_after(response, &*self.clock);
                self.scheduler.responded(lane, error, (response, || self.clock.now()), moment)
            }
        };
        let Reaction { failing, slowed, gone } = reaction;
        let at = lane.index();
        if let Some((class, message)) = failing {
            self.tell(&Event::Failing { lane: at, class, message: &message });
        }
        if let Some(Slowed { pause, from, rate, class }) = slowed {
            self.tell(&Event::Slowed { lane: at, pause, from, rate, class });
        }
        match gone {
            Some(Gone::Lane(error, removed)) => {
                self.tell(&Event::GivenUp { lane: at, class: error.class });
                let skipped =
                    || TargetResult { error: Some(error.clone().into()), ..TargetResult::skipped(SkipReason::Aborted) };
                self.remove(removed, SkipReason::Aborted, skipped);
            }
            Some(Gone::Key(lanes)) => {
                let account = self.plan[moment.target].account_id();
                let said = error.and_then(|error| error.message.as_deref().or(error.code.as_deref()));
                let reason = said
                    .map_or_else(|| "the key was refused".to_owned(), |said| format!("the key was refused: {said}"));
                let plan = Arc::clone(&self.plan);
                self.tell(&Event::CredentialsClosed { account: &plan[account].name, reason: &reason });
                self.closed.push((account, reason));
                self.skip(lanes, SkipReason::Credentials);
            }
            None => {}
        }
    }

    /// Takes in what a reply to a stop of so many targets says about further requests for several.
    pub(super) fn batch_less(&mut self, lane: LaneId, batching: Batching, error: Option<&ApiError>, than: usize) {
        let is_over = match batching {
            Batching::Goes => return,
            Batching::Smaller => false,
            Batching::Over => true,
        };
        if let Some(most) = self.scheduler.batch_less(lane, than, is_over) {
            let class = error.and_then(|error| error.class).unwrap_or(ErrorClass::Rejected);
            let said = error.and_then(|error| error.message.as_deref().or(error.code.as_deref()));
            let message = said.unwrap_or(class.name());
            self.tell(&Event::SmallerBatches { lane: lane.index(), most, class, message });
        }
    }

    /// Takes in what a reply says about a target.
    pub(super) fn advance(&mut self, lane: LaneId, mut state: StateBox, finding: Finding, moment: Moment) {
        let (target, at) = (state.id().index(), lane.index());
        let is_attempt = matches!(finding, Finding::Stop(..) | Finding::RefusedTogether(..) | Finding::NoResponse(_));
        let is_read = matches!(finding, Finding::State(_));
        let step = state.advance(finding, &self.plan, moment);
        let (attempt, word, is_done) = match &step {
            Step::Done(result) => (result.attempts.last(), result.state.as_deref(), true),
            Step::Stop(_) | Step::Read(..) => (state.last_attempt().map(|(attempt, _)| attempt), state.word(), false),
        };
        if let Some(attempt) = attempt.filter(|_| is_attempt) {
            tell(self.observers, &Event::Attempted { target, lane: at, attempt });
        }
        if is_read {
            tell(self.observers, &Event::Read { target, lane: at, state: word });
        }
        if is_attempt && !is_done {
            self.recorder.note_attempted(&state);
        }
        self.proceed(state, step, moment.now);
    }

    /// Brings a target to its next step, or to its result.
    fn proceed(&mut self, state: StateBox, step: Step, now: Instant) {
        let (stage, wait) = match step {
            Step::Done(result) => return self.record(&state, result),
            Step::Stop(wait) => (None, wait),
            Step::Read(stage, wait) => (Some(stage), wait),
        };
        let queued = match self.threshold.ended() {
            Some(status) => Err((state, status.skip_reason())),
            None => self.scheduler.enqueue(state, stage, now + wait),
        };
        if let Err((mut state, reason)) = queued {
            self.give_up(&mut state, reason);
        }
    }

    /// Records a target's fact; it counts when it is durable.
    fn record(&mut self, state: &TargetState, result: TargetResult) {
        let (id, circumstances) = (state.id(), state.circumstances());
        let result = self.advise(id, result, circumstances);
        let (lane, outcome) = (self.scheduler.home(id), result.outcome);
        if let Some(result) = self.recorder.record(id, lane, result) {
            self.arrive(id, lane, &result);
        }
        // A threshold is exact: it does not wait for the disk.
        self.count(id, outcome);
    }

    /// Takes in how far the journal is durable: facts count, and targets may be sent.
    pub(super) fn recorded(&mut self, up_to: Result<Ticket, JournalError>) {
        if let Some(error) = self.recorder.recorded(up_to) {
            self.abort(error.to_string());
        }
        let now = Instant::now();
        while let Some(recorded) = self.recorder.next() {
            match recorded {
                Recorded::Fact(id, lane, result) => self.arrive(id, lane, &result),
                Recorded::Resumed(states) => {
                    states.into_iter().for_each(|(state, step)| self.proceed(state, step, now));
                }
                Recorded::Intents(lane, targets) => {
                    let refused = match self.threshold.ended() {
                        Some(status) => vec![(targets, status.skip_reason())],
                        None => self.scheduler.intended(lane, targets),
                    };
                    for (targets, reason) in refused {
                        self.skip(vec![Removed::fresh(targets)], reason);
                    }
                }
            }
        }
    }

    /// Gives a target up before its end is known. That is not recorded as a fact: a later part of the run goes on.
    fn give_up(&mut self, state: &mut TargetState, reason: SkipReason) {
        let cut = match self.threshold.ended() {
            Some(_) => Cut::Run,
            None if reason == SkipReason::Credentials => Cut::Account,
            None => Cut::Lane,
        };
        if let Some(open) = state.in_progress(None) {
            self.open.insert(state.id().number(), open);
        }
        let result = state.cut_short(reason, cut, self.timeline.now());
        self.finish(state.id(), result, state.circumstances());
    }

    /// Gives the targets of lanes up.
    fn skip(&mut self, lanes: Vec<Removed>, reason: SkipReason) {
        lanes.into_iter().for_each(|removed| self.remove(removed, reason, || TargetResult::skipped(reason)));
    }

    fn remove(&mut self, removed: Removed, reason: SkipReason, skipped: impl Fn() -> TargetResult) {
        let Removed { fresh, in_progress } = removed;
        fresh.into_iter().for_each(|id| self.finish(id, skipped(), Circumstances::default()));
        in_progress.into_iter().for_each(|mut state| self.give_up(&mut state, reason));
    }

    /// Gives a target its result, which needs not be recorded.
    fn finish(&mut self, id: TargetId, result: TargetResult, circumstances: Circumstances) {
        let result = self.advise(id, result, circumstances);
        self.arrive(id, self.scheduler.home(id), &result);
        self.count(id, result.outcome);
    }

    /// Adds what to do about a target's error, unless that is there already.
    fn advise(&self, id: TargetId, mut result: TargetResult, circumstances: Circumstances) -> TargetResult {
        let Some(mut error) = result.error.take() else { return result };
        if error.hint.is_none() {
            let target = &self.plan[id];
            let account = target.account_id();
            let source = self.sources[account.index()].as_deref();
            let signer = Signer { account: &self.plan[account].name, source };
            error.hint = Some(hint::of_result((&result, &error), circumstances, target.kind, signer).into());
        }
        TargetResult { error: Some(error), ..result }
    }

    /// Takes in the result of a target that was to be stopped.
    fn arrive(&mut self, id: TargetId, lane: Option<LaneId>, result: &TargetResult) {
        self.settle(id, lane, result);
        let why = self.stages.as_mut().and_then(|stages| stages.settled(id, result));
        // What is skipped because the run has ended is no news.
        if let Some(why) = why.filter(|_| !self.has_ended()) {
            self.abort(why);
        }
    }

    fn settle(&mut self, id: TargetId, lane: Option<LaneId>, result: &TargetResult) {
        self.tell(&Event::Finished { target: id.index(), lane: lane.map(LaneId::index), result });
        self.recorder.finish(id, result);
    }

    /// Counts an outcome, and ends the run when there are too many failures.
    fn count(&mut self, id: TargetId, outcome: Outcome) {
        let of_stage = self.stages.as_mut().and_then(|stages| stages.count(id, outcome));
        if let Some(why) = self.threshold.after(outcome).or(of_stage) {
            self.abort(why);
        }
    }

    /// Ends the run because a guard says so.
    fn abort(&mut self, why: String) {
        if self.threshold.abort(why) {
            self.drain();
        }
    }

    /// Ends the run, or prepares for the hand-over.
    pub(super) fn obey(&mut self, signal: Signal) {
        match signal {
            Signal::End(status) => self.end(status),
            Signal::HandOver => {
                self.threshold.hand_over(Instant::now());
                self.end(Status::Interrupted);
            }
            Signal::Abandon => self.threshold.abandon(),
        }
    }

    /// Takes in whether the run goes on after a pause that asked.
    pub(super) fn answered(&mut self, goes_on: bool) {
        if self.stages.as_mut().is_some_and(|stages| !stages.answered(goes_on)) {
            self.end(Status::Paused);
        }
    }

    fn end(&mut self, status: Status) {
        if self.threshold.end(status) {
            self.drain();
        }
    }

    /// Sends nothing new; what is in flight completes.
    fn drain(&mut self) {
        let mut lanes = self.scheduler.drain();
        lanes.extend(self.stages.as_mut().map(Stages::drain));
        if let Some(status) = self.threshold.ended() {
            self.skip(lanes, status.skip_reason());
        }
    }

    /// Gives a request up whose response nobody waits for any more. A stop is in doubt from then on.
    pub(super) fn abandon(&mut self, request: InFlight) {
        let (work, sent_at) = request.abandon();
        let is_stop = work.stage().is_none();
        for mut state in work.into_states() {
            match state.in_progress(is_stop.then_some(sent_at)).filter(|_| is_stop) {
                None => self.give_up(&mut state, SkipReason::Interrupted),
                Some(open) => {
                    self.finish(state.id(), open.clone().into_doubt(), state.circumstances());
                    self.open.insert(state.id().number(), open);
                }
            }
        }
    }

    /// Tells observers that a second has passed, and of lanes that it made faster.
    pub(super) fn tick(&mut self) {
        for (lane, from, rate) in self.scheduler.tick(Instant::now()) {
            self.tell(&Event::Quickened { lane: lane.index(), from, rate });
        }
        self.observers.iter_mut().for_each(|observer| observer.on_tick());
    }

    /// Tells observers of the end, and returns what the run was, but for its id, reason and beginning.
    pub(super) fn finish_run(mut self) -> Record {
        let status = self.threshold.ended().unwrap_or_default();
        self.tell(&Event::Ended { status });
        let finished_at = self.timeline.now();
        let (results, unrecorded) = self.recorder.into_parts();
        let (memory, lanes) = self.scheduler.into_parts(Now { instant: Instant::now(), wall: finished_at });
        let stages = self.stages.as_ref().map(Stages::records).unwrap_or_default();
        let (ended_by, open) = (self.threshold.into_reason(), self.open);
        Record { finished_at, status, ended_by, unrecorded, lanes, stages, results, open, memory, ..Record::default() }
    }

    fn tell(&mut self, event: &Event<'_>) {
        tell(self.observers, event);
    }
}

/// Waits for the answer to a question; for ever, where none was asked.
async fn answer(stages: Option<&mut Stages>) -> bool {
    match stages {
        Some(stages) => stages.answer().await,
        None => pending().await,
    }
}

fn tell(observers: &mut [Box<dyn Observer>], event: &Event<'_>) {
    observers.iter_mut().for_each(|observer| observer.on_event(event));
}
