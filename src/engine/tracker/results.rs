//! From a step to a result, which counts when it is durable; and the early end of the run, which too many failures cause
//! and which gives results to all that waits.

use tokio::time::Instant;

use super::Tracker;
use crate::engine::event::{Event, Status};
use crate::engine::hint::{self, Circumstances, Cut, Signer};
use crate::engine::in_flight::InFlight;
use crate::engine::journal::{JournalError, Ticket};
use crate::engine::outcome::{Outcome, SkipReason, TargetResult};
use crate::engine::recorder::Recorded;
use crate::engine::scheduler::{LaneId, Removed};
use crate::engine::stages::Stages;
use crate::engine::target::{StateBox, Step, TargetState};
use crate::engine::threshold::Signal;
use crate::plan::TargetId;

impl Tracker<'_> {
    /// Brings a target to its next step, or to its result.
    pub(super) fn proceed(&mut self, state: StateBox, step: Step, now: Instant) {
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
    pub(in crate::engine) fn recorded(&mut self, up_to: Result<Ticket, JournalError>) {
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
    pub(super) fn give_up(&mut self, state: &mut TargetState, reason: SkipReason) {
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
    pub(super) fn skip(&mut self, lanes: Vec<Removed>, reason: SkipReason) {
        lanes.into_iter().for_each(|removed| self.remove(removed, reason, || TargetResult::skipped(reason)));
    }

    pub(super) fn remove(&mut self, removed: Removed, reason: SkipReason, skipped: impl Fn() -> TargetResult) {
        let Removed { fresh, in_progress } = removed;
        fresh.into_iter().for_each(|id| self.finish(id, skipped(), Circumstances::default()));
        in_progress.into_iter().for_each(|mut state| self.give_up(&mut state, reason));
    }

    /// Gives a target its result, which needs not be recorded.
    pub(super) fn finish(&mut self, id: TargetId, result: TargetResult, circumstances: Circumstances) {
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

    pub(super) fn settle(&mut self, id: TargetId, lane: Option<LaneId>, result: &TargetResult) {
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

    /// Ends the run, or prepares for the hand-over.
    pub(in crate::engine) fn obey(&mut self, signal: Signal) {
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
    pub(in crate::engine) fn answered(&mut self, goes_on: bool) {
        if self.stages.as_mut().is_some_and(|stages| !stages.answered(goes_on)) {
            self.end(Status::Paused);
        }
    }

    /// Ends the run because a guard says so.
    pub(super) fn abort(&mut self, why: String) {
        if self.threshold.abort(why) {
            self.drain();
        }
    }

    pub(super) fn end(&mut self, status: Status) {
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
    pub(in crate::engine) fn abandon(&mut self, request: InFlight) {
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
}
