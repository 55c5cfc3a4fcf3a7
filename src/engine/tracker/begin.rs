//! The start of a run and of its stages: what is known is taken up, and targets are let go.

use std::sync::Arc;

use tokio::time::Instant;

use super::Tracker;
use crate::engine::event::{Event, Status};
use crate::engine::hint::Circumstances;
use crate::engine::opening::Opening;
use crate::engine::outcome::TargetResult;
use crate::engine::stages::{Move, Stages};
use crate::engine::target::{StateBox, Step, TargetState};
use crate::plan::TargetId;

impl Tracker<'_> {
    /// Tells observers of the start, and takes up what is known already.
    pub(in crate::engine) fn begin(&mut self, run: &str, opening: Opening) {
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
    pub(in crate::engine) fn release(&mut self, now: Instant) -> Option<Instant> {
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
}
