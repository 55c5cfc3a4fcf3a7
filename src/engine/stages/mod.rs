//! The barriers of a plan with stages: which targets may be sent, and what the run waits for before others may.
//!
//! [`Stages`] is told of every outcome, and says what comes next. What that does to the run is the tracker's.

mod canary;
mod progress;
mod question;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, pending};
use jiff::Timestamp;
use tokio::time::Instant;

use self::progress::{Next, Progress};
pub(super) use self::question::Asker;
pub use self::question::AtPause;
use super::outcome::{Outcome, TargetResult};
use super::scheduler::Removed;
use super::stage::StageRecord;
use super::target::{StateBox, Step};
use crate::plan::{Pause, Plan, Stage, TargetId};

/// The stages of a run.
pub(super) struct Stages {
    plan: Arc<Plan>,
    stages: Vec<Progress>,
    /// The number of the stage that runs, or begins next; the number of stages at the end.
    current: usize,
    phase: Phase,
    /// Whether somebody has said yes already to the first pause.
    is_confirmed: bool,
    /// How many times as fast as in the world pauses pass.
    speed: f64,
    asker: Option<Box<Asker>>,
    answer: Option<BoxFuture<'static, bool>>,
    /// Whether the run ended while the current stage was in progress.
    is_cut: bool,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// The current stage has not begun.
    Ready,
    /// Targets of the current stage are sent.
    Running,
    /// Nothing is sent before this moment.
    Pausing(Instant),
    /// Nothing is sent before somebody says yes.
    Asking,
}

/// What comes next.
pub(super) enum Move {
    /// A stage begins; it is not new where an earlier part of the run has begun it.
    Begin { stage: u16, is_new: bool },
    /// These targets may be sent now.
    Release(Vec<TargetId>),
    /// The run goes on with these targets of its earlier part.
    GoOn(Vec<(StateBox, Step)>),
    /// The run pauses: so long, or until somebody says yes.
    Pause { stage: u16, pause: Option<Duration> },
    /// The run ends: it would have to ask, and there is nobody to ask.
    End,
}

impl Stages {
    /// Begins with the targets to stop: those that nothing was sent for, and those that an earlier part of the run knows.
    pub(super) fn new(
        plan: &Arc<Plan>,
        fresh: Vec<TargetId>,
        known: impl Iterator<Item = TargetId>,
        (speed, asker): (f64, Option<Box<Asker>>),
    ) -> Self {
        let mut stages: Vec<_> = plan.stages.iter().map(|_| Progress::default()).collect();
        plan.target_ids().for_each(|id| stages[number(plan, id)].targets += 1);
        fresh.into_iter().for_each(|id| stages[number(plan, id)].add(id));
        known.for_each(|id| stages[number(plan, id)].add_known());
        stages.iter_mut().zip(&plan.stages).for_each(|(progress, stage)| progress.set_rules(stage));
        Self {
            plan: Arc::clone(plan),
            stages,
            current: 0,
            phase: Phase::Ready,
            is_confirmed: false,
            speed: speed.max(f64::MIN_POSITIVE),
            asker,
            answer: None,
            is_cut: false,
        }
    }

    /// Takes up what an earlier part of the run left, once its facts were counted: when stages began, and whether
    /// somebody has said yes since to the pause that it ended in.
    ///
    /// A pause that was cut is waited again from its beginning.
    pub(super) fn take_up(&mut self, began: &BTreeMap<u16, Timestamp>, is_confirmed: bool) {
        for (stage, at) in began {
            if let Some(stage) = self.stages.get_mut(usize::from(*stage)) {
                stage.started_at = Some(*at);
            }
        }
        self.is_confirmed = is_confirmed;
        self.current = self.next_open(0);
        if self.stages.get(self.current).is_some_and(|stage| !stage.was_begun()) {
            let before = self.stages.iter().take(self.current).rposition(|stage| stage.known > 0);
            self.current = before.unwrap_or(self.current);
        }
    }

    /// Returns the number of the first stage from `from` on that has a target without an outcome.
    fn next_open(&self, from: usize) -> usize {
        let next = self.stages.iter().skip(from).position(|stage| stage.open > 0);
        next.map_or(self.stages.len(), |next| from + next)
    }

    /// Keeps a target in progress whose stage is not the current one; returns it where the run goes on with it at once.
    pub(super) fn keep(&mut self, state: StateBox, step: Step) -> Option<(StateBox, Step)> {
        let stage = number(&self.plan, state.id());
        if stage <= self.current {
            return Some((state, step));
        }
        self.stages[stage].keep(state, step);
        None
    }

    /// Returns what comes next, if anything does now.
    pub(super) fn next(&mut self, now: Instant, wall: impl FnOnce() -> Timestamp) -> Option<Move> {
        loop {
            let stage = self.stages.get_mut(self.current)?;
            match self.phase {
                Phase::Ready => {
                    self.phase = Phase::Running;
                    let is_new = stage.started_at.is_none();
                    stage.started_at.get_or_insert_with(wall);
                    return Some(Move::Begin { stage: self.current_number(), is_new });
                }
                Phase::Running => match stage.next() {
                    Next::Release(targets) => {
                        self.is_confirmed = false;
                        return Some(Move::Release(targets));
                    }
                    Next::GoOn(states) => return Some(Move::GoOn(states)),
                    Next::Wait => return None,
                    Next::Over if self.next_open(self.current) == self.stages.len() => {
                        self.current = self.stages.len();
                        return None;
                    }
                    Next::Passed | Next::Over => match self.pause(now) {
                        Some(pause) => return Some(pause),
                        None => self.go_on(),
                    },
                },
                Phase::Pausing(until) if until <= now => self.go_on(),
                Phase::Pausing(_) | Phase::Asking => return None,
            }
        }
    }

    /// Begins the pause of the current stage, if it has one.
    fn pause(&mut self, now: Instant) -> Option<Move> {
        let stage = self.current_number();
        let pause = match self.stage()?.pause? {
            Pause::For(pause) => {
                let pause = pause.div_f64(self.speed);
                self.phase = Phase::Pausing(now + pause);
                Some(pause)
            }
            Pause::Ask if self.is_confirmed => return None,
            Pause::Ask => {
                self.phase = Phase::Asking;
                if self.asker.is_none() {
                    return Some(Move::End);
                }
                None
            }
        };
        Some(Move::Pause { stage, pause })
    }

    /// Asks whether the run goes on, where that is what it waits for.
    pub(super) fn ask(&mut self) {
        if matches!(self.phase, Phase::Asking)
            && let Some(asker) = &self.asker
        {
            self.answer = Some(asker(self.figures()));
        }
    }

    fn figures(&self) -> AtPause {
        let name = self.stage().map(|stage| stage.name.clone());
        let sum = |outcome: Outcome| {
            let counts = self.stages.iter().flat_map(Progress::outcomes);
            (outcome, counts.filter(|(other, _)| *other == outcome).map(|(_, count)| count).sum())
        };
        AtPause {
            stage: name.unwrap_or_default(),
            after_canary: self.stages.get(self.current).is_some_and(|stage| stage.open > 0),
            outcomes: Outcome::ALL.into_iter().map(sum).filter(|(_, count)| *count > 0).collect(),
            open: self.stages.iter().map(|stage| stage.open).sum(),
        }
    }

    /// Goes on after a pause, or where there is none: with the rest of the stage, or the next one.
    fn go_on(&mut self) {
        self.is_confirmed = false;
        match self.stages.get_mut(self.current) {
            Some(stage) if stage.open > 0 => {
                stage.release_rest();
                self.phase = Phase::Running;
            }
            Some(_) | None => {
                self.current = self.next_open(self.current);
                self.phase = Phase::Ready;
            }
        }
    }

    /// Returns how many targets of a stage have no outcome yet.
    pub(super) fn open(&self, stage: usize) -> usize {
        self.stages.get(stage).map_or(0, |stage| usize::try_from(stage.open).unwrap_or(usize::MAX))
    }

    /// Waits for the answer to the question that was asked; for ever, where none was.
    pub(super) async fn answer(&mut self) -> bool {
        match &mut self.answer {
            Some(answer) => answer.await,
            None => pending().await,
        }
    }

    /// Takes in the answer; tells whether the run goes on.
    pub(super) fn answered(&mut self, goes_on: bool) -> bool {
        self.answer = None;
        if goes_on {
            self.go_on();
        }
        goes_on
    }

    /// Returns when the pause is over, where the run waits for that.
    pub(super) const fn wake(&self) -> Option<Instant> {
        match self.phase {
            Phase::Pausing(until) => Some(until),
            Phase::Ready | Phase::Running | Phase::Asking => None,
        }
    }

    /// Takes the outcome of a target that was to be stopped; returns why that ends the run, if it does.
    pub(super) fn settled(&mut self, id: TargetId, result: &TargetResult) -> Option<String> {
        let number = number(&self.plan, id);
        if !self.stages[number].settled(result, &self.plan) {
            return None;
        }
        let (stage, target) = (&self.plan.stages[number].name, self.plan[id].id());
        Some(format!("the canary of the stage `{stage}` failed: {target} is {}", result.outcome.name()))
    }

    /// Returns how many targets of a target's stage may fail until the run ends; at least one.
    pub(super) fn left(&self, id: TargetId) -> usize {
        self.stages.get(number(&self.plan, id)).map_or(usize::MAX, Progress::left)
    }

    /// Counts an outcome, which need not be durable; returns why it ends the run, if it does.
    pub(super) fn count(&mut self, id: TargetId, outcome: Outcome) -> Option<String> {
        let number = number(&self.plan, id);
        let why = self.stages[number].count(outcome)?;
        Some(format!("in the stage `{}`, {why}", self.plan.stages[number].name))
    }

    /// Takes all targets that wait: the run ends, and nothing is sent for them any more.
    pub(super) fn drain(&mut self) -> Removed {
        self.answer = None;
        self.is_cut = match (self.phase, self.stages.get(self.current)) {
            (Phase::Running, Some(_)) => true,
            (Phase::Pausing(_) | Phase::Asking, Some(stage)) => stage.open > 0,
            (Phase::Ready, _) | (_, None) => false,
        };
        let mut removed = Removed::fresh(Vec::new());
        for (fresh, in_progress) in self.stages.iter_mut().map(Progress::drain) {
            removed.fresh.extend(fresh);
            removed.in_progress.extend(in_progress);
        }
        removed
    }

    /// Returns what each stage was, at the end of the run.
    pub(super) fn records(&self) -> Vec<StageRecord> {
        let has_ended_in_pause = !self.is_cut && matches!(self.phase, Phase::Pausing(_) | Phase::Asking);
        let over = self.current + usize::from(has_ended_in_pause);
        self.stages.iter().enumerate().map(|(number, stage)| stage.record(number < over)).collect()
    }

    fn stage(&self) -> Option<&Stage> {
        self.plan.stages.get(self.current)
    }

    fn current_number(&self) -> u16 {
        u16::try_from(self.current).unwrap_or(u16::MAX)
    }
}

/// Returns the number of a target's stage. One without a stage, which no plan that was read has, is in the first.
fn number(plan: &Plan, id: TargetId) -> usize {
    usize::from(plan[id].stage.unwrap_or(0)).min(plan.stages.len().saturating_sub(1))
}
