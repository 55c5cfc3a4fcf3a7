//! One stage: which of its targets wait, which are sent, and what came of them.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::canary::Trial;
use crate::engine::outcome::{Outcome, TargetResult};
use crate::engine::stage::{StageRecord, StageStatus};
use crate::engine::target::{StateBox, Step};
use crate::engine::threshold::Failures;
use crate::plan::{Plan, Stage, TargetId};

/// How far a stage is.
#[derive(Default)]
pub(super) struct Progress {
    /// How many targets of the plan are in it.
    pub(super) targets: u64,
    /// How many of them are to be stopped.
    selected: u64,
    /// How many of those an earlier part of the run knows.
    pub(super) known: u64,
    /// How many of those have no outcome yet.
    pub(super) open: u64,
    /// Targets that nothing was sent for and that may not be sent yet, in plan order.
    fresh: VecDeque<TargetId>,
    /// Targets that an earlier part of the run had in progress, and that wait for the stage.
    resumed: Vec<(StateBox, Step)>,
    canary: Option<Trial>,
    /// Whether targets after the canary may be sent.
    is_released: bool,
    failures: Failures,
    pub(super) started_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
    outcomes: [u64; Outcome::ALL.len()],
}

/// What a stage that runs does next.
pub(super) enum Next {
    /// It sends these targets.
    Release(Vec<TargetId>),
    /// It goes on with these targets of an earlier part of the run.
    GoOn(Vec<(StateBox, Step)>),
    /// Its canary has passed, and other targets wait.
    Passed,
    /// All its targets have their outcome.
    Over,
    /// Nothing before the next outcome.
    Wait,
}

impl Progress {
    /// Adds a target that nothing was sent for.
    pub(super) fn add(&mut self, id: TargetId) {
        self.fresh.push_back(id);
        self.selected += 1;
        self.open += 1;
    }

    /// Adds a target that an earlier part of the run knows.
    pub(super) const fn add_known(&mut self) {
        self.selected += 1;
        self.known += 1;
        self.open += 1;
    }

    /// Sets what the plan says of the stage, once all its targets are added.
    pub(super) fn set_rules(&mut self, stage: &Stage) {
        self.canary = stage.canary.map(|canary| Trial::of(canary.size(self.selected)));
        self.failures = Failures::new(stage.max_failures, self.selected);
    }

    /// Keeps a target in progress until the stage goes on.
    pub(super) fn keep(&mut self, state: StateBox, step: Step) {
        self.resumed.push((state, step));
    }

    /// Tells whether an earlier part of the run has begun it.
    pub(super) const fn was_begun(&self) -> bool {
        self.known > 0 || self.started_at.is_some()
    }

    pub(super) fn next(&mut self) -> Next {
        if !self.resumed.is_empty() {
            return Next::GoOn(std::mem::take(&mut self.resumed));
        }
        if self.open == 0 {
            return Next::Over;
        }
        let Some(canary) = self.canary.filter(|_| !self.is_released) else { return self.release(usize::MAX) };
        if !canary.is_passed() {
            let running = self.open - self.fresh.len() as u64;
            return self.release(usize::try_from(canary.lacks(running)).unwrap_or(usize::MAX));
        }
        if self.known > canary.taken {
            // An earlier part of the run went on after the canary.
            self.is_released = true;
        }
        match (self.is_released, self.fresh.is_empty()) {
            (false, false) => Next::Passed,
            (true, _) | (_, true) => self.release(usize::MAX),
        }
    }

    fn release(&mut self, most: usize) -> Next {
        let ids: Vec<_> = self.fresh.drain(..most.min(self.fresh.len())).collect();
        if ids.is_empty() { Next::Wait } else { Next::Release(ids) }
    }

    /// Lets the targets after the canary go.
    pub(super) const fn release_rest(&mut self) {
        self.is_released = true;
    }

    /// Takes a target's outcome; tells whether it fails the canary.
    pub(super) fn settled(&mut self, result: &TargetResult, plan: &Plan) -> bool {
        self.open = self.open.saturating_sub(1);
        self.finished_at = self.finished_at.max(result.finished_at);
        if let Some(count) = Outcome::ALL.iter().position(|outcome| *outcome == result.outcome) {
            self.outcomes[count] += 1;
        }
        self.canary.as_mut().is_some_and(|canary| canary.fails(result.outcome, plan))
    }

    /// Counts an outcome, which need not be durable; returns why it ends the run, if it does.
    pub(super) fn count(&mut self, outcome: Outcome) -> Option<String> {
        self.failures.after(outcome)
    }

    /// Returns how many of its targets may fail until the run ends; at least one.
    pub(super) fn left(&self) -> usize {
        self.failures.left()
    }

    /// Returns how many targets have this outcome.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = (Outcome, u64)> {
        Outcome::ALL.into_iter().zip(self.outcomes)
    }

    /// Takes the targets that wait: nothing is sent for them any more.
    pub(super) fn drain(&mut self) -> (VecDeque<TargetId>, Vec<StateBox>) {
        let resumed = std::mem::take(&mut self.resumed).into_iter().map(|(state, _)| state);
        (std::mem::take(&mut self.fresh), resumed.collect())
    }

    /// Returns what the stage was; `is_over` tells whether the run went past it.
    pub(super) const fn record(&self, is_over: bool) -> StageRecord {
        let status = match (is_over, self.started_at.is_some()) {
            (true, _) if self.selected > 0 || self.targets == 0 => StageStatus::Done,
            (false, true) => StageStatus::Failed,
            (true, _) | (false, false) => StageStatus::NotBegun,
        };
        let has_begun = !matches!(status, StageStatus::NotBegun);
        StageRecord {
            started_at: if has_begun { self.started_at } else { None },
            finished_at: if has_begun { self.finished_at } else { None },
            status,
        }
    }
}
