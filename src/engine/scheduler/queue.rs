//! The targets that wait in a lane, and their order.
//!
//! First come, first served in plan order. A target that waits for its next attempt waits here and holds no slot.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::retry_budget::RetryBudget;
use super::turns::Turns;
use crate::engine::batch::Batch;
use crate::engine::target::{StateBox, TargetState};
use crate::plan::TargetId;

/// How many targets that do not fit a shared read are passed over in the search for those that do.
const GLANCE: usize = 1000;

/// The targets of one lane whose requests are signed with one key.
pub(super) struct Queue {
    /// Targets that nothing was sent for, in plan order.
    fresh: VecDeque<TargetId>,
    /// Whether the intent to send a target for the first time must be recorded before.
    needs_intents: bool,
    /// How many intents are being recorded.
    recording: usize,
    /// The targets whose intent is recorded.
    intended: VecDeque<TargetId>,
    /// Targets to serve now, in plan order.
    due: BTreeMap<TargetId, StateBox>,
    /// Targets to serve later, by when.
    waiting: BTreeMap<(Instant, TargetId), StateBox>,
    /// Targets to serve now that were throttled again and again, the longest waiting first.
    stuck: VecDeque<StateBox>,
    pub(super) turns: Turns,
}

/// Where in the queue the next target comes from.
#[derive(Clone, Copy)]
pub(super) enum Source {
    Fresh,
    Due,
    Stuck,
}

/// What is taken out of a lane that sends nothing any more.
#[derive(Default)]
pub(in crate::engine) struct Removed {
    /// Targets that nothing was sent for.
    pub(in crate::engine) fresh: VecDeque<TargetId>,
    pub(in crate::engine) in_progress: Vec<StateBox>,
}

impl Removed {
    /// Adds others.
    pub(super) fn extend(&mut self, others: Self) {
        self.fresh.extend(others.fresh);
        self.in_progress.extend(others.in_progress);
    }

    /// Has only targets that nothing was sent for.
    pub(in crate::engine) fn fresh(targets: Vec<TargetId>) -> Self {
        Self { fresh: targets.into(), in_progress: Vec::new() }
    }
}

impl Queue {
    pub(super) fn new(needs_intents: bool) -> Self {
        Self {
            fresh: VecDeque::new(),
            needs_intents,
            recording: 0,
            intended: VecDeque::new(),
            due: BTreeMap::new(),
            waiting: BTreeMap::new(),
            stuck: VecDeque::new(),
            turns: Turns::default(),
        }
    }

    /// Adds a target that nothing was sent for yet.
    pub(super) fn push(&mut self, target: TargetId) {
        self.fresh.push_back(target);
    }

    /// Adds a target in progress, to be served from `at` on.
    pub(super) fn wait(&mut self, state: StateBox, at: Instant) {
        self.waiting.insert((at, state.id()), state);
    }

    /// Takes the targets whose intent is to be recorded now, so that `ahead` of them are ready to be sent; at most
    /// `most`.
    pub(super) fn take_intents(&mut self, ahead: usize, most: usize) -> Vec<TargetId> {
        let ready = self.ahead();
        if !self.needs_intents || ready > ahead * 3 / 4 {
            // They are recorded many at a time.
            return Vec::new();
        }
        let free = (ahead - ready).min(most).min(self.fresh.len());
        self.recording += free;
        self.fresh.drain(..free).collect()
    }

    /// Returns how many intents are recorded, or being recorded, ahead of their turn.
    pub(super) fn ahead(&self) -> usize {
        self.recording + self.intended.len()
    }

    /// Takes targets back whose intent is recorded.
    pub(super) fn intended(&mut self, targets: Vec<TargetId>) {
        self.recording -= targets.len();
        self.intended.extend(targets);
    }

    /// Moves the targets whose wait is over to those that are due. With `sets_stuck_apart`, those that are throttled
    /// again and again are not among them: they let others go first.
    pub(super) fn wake(&mut self, now: Instant, sets_stuck_apart: bool) {
        while let Some(first) = self.waiting.first_entry().filter(|first| first.key().0 <= now) {
            let state = first.remove();
            if sets_stuck_apart && state.is_throttled_again() {
                self.stuck.push_back(state);
            } else {
                self.due.insert(state.id(), state);
            }
        }
    }

    /// Tells whether no target can be served now.
    pub(super) fn is_idle(&self) -> bool {
        self.due.is_empty() && self.stuck.is_empty() && self.ready().is_empty()
    }

    /// Returns when the first of the waiting targets is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.waiting.first_key_value().map(|((at, _), _)| *at)
    }

    /// Returns where the next target comes from: retries that are due before new targets, in plan order, unless the
    /// retry budget is spent; those that are throttled again and again let others go first.
    pub(super) fn next(&self, budget: &RetryBudget, in_flight: usize) -> Option<Source> {
        let due = self.due.first_key_value().map(|(_, state)| state);
        let fresh = self.ready().front();
        let usual = match (due, fresh) {
            (Some(due), Some(fresh)) if *fresh < due.id() => Some(Source::Fresh),
            (Some(due), _) if budget.covers(due.last_class()) => Some(Source::Due),
            (Some(_), None) if in_flight == 0 => Some(Source::Due),
            (Some(_), None) | (None, None) => None,
            (_, Some(_)) => Some(Source::Fresh),
        };
        let is_stuck_ones = usual.is_none() || self.turns.is_stuck_ones();
        if is_stuck_ones && !self.stuck.is_empty() { Some(Source::Stuck) } else { usual }
    }

    /// Takes the next target from where [`next`](Self::next) said.
    #[expect(clippy::expect_used, reason = "`next` says only where a target is")]
    pub(super) fn pop(&mut self, from: Source, budget: &mut RetryBudget) -> StateBox {
        if !self.stuck.is_empty() && !matches!(from, Source::Stuck) {
            self.turns.other_goes();
        }
        let state = match from {
            Source::Stuck => {
                self.turns.stuck_one_goes();
                self.stuck.pop_front()
            }
            Source::Fresh => self.ready_mut().pop_front().map(|target| Box::new(TargetState::new(target))),
            Source::Due => self.due.pop_first().map(|(_, state)| state),
        };
        let state = state.expect("the queue that is next has a target");
        if matches!(from, Source::Due) {
            budget.spend(state.last_class());
        }
        state
    }

    /// Takes further targets that the same request can serve, at most `most`, in order.
    pub(super) fn companions(
        &mut self,
        most: usize,
        fits: impl Fn(TargetId, Option<&TargetState>) -> bool,
        taken: &mut Batch<StateBox>,
    ) {
        let most = taken.len() + most;
        let (mut wanted, mut passed_over) = (Vec::new(), 0);
        for (id, state) in &self.due {
            if taken.len() + wanted.len() >= most || passed_over >= GLANCE {
                break;
            }
            if fits(*id, Some(state)) {
                wanted.push(*id);
            } else {
                passed_over += 1;
            }
        }
        wanted.into_iter().filter_map(|id| self.due.remove(&id)).for_each(|state| taken.push(state));
        let (fit, others) =
            std::mem::take(&mut self.stuck).into_iter().partition::<Vec<_>, _>(|state| fits(state.id(), Some(state)));
        let mut fit = fit.into_iter();
        fit.by_ref().take(most - taken.len()).for_each(|state| taken.push(state));
        self.stuck = fit.chain(others).collect();
        let mut skipped = Vec::new();
        while taken.len() < most
            && skipped.len() < GLANCE
            && let Some(target) = self.ready_mut().pop_front()
        {
            if fits(target, None) {
                taken.push(Box::new(TargetState::new(target)));
            } else {
                skipped.push(target);
            }
        }
        skipped.into_iter().rev().for_each(|target| self.ready_mut().push_front(target));
    }

    /// Makes the time that was waited for keys count for no target in progress.
    pub(super) fn excuse(&mut self, waited: Duration) {
        let waiting = self.waiting.values_mut().chain(self.due.values_mut());
        waiting.chain(&mut self.stuck).for_each(|state| state.excuse(waited));
    }

    /// Empties the queue. Targets whose intent is being recorded are not in it.
    pub(super) fn drain(&mut self) -> Removed {
        let due = std::mem::take(&mut self.due).into_values();
        let waiting = std::mem::take(&mut self.waiting).into_values();
        let mut fresh = std::mem::take(&mut self.intended);
        fresh.append(&mut self.fresh);
        let stuck = std::mem::take(&mut self.stuck);
        Removed { fresh, in_progress: due.chain(stuck).chain(waiting).collect() }
    }

    /// Returns the new targets that may be sent.
    const fn ready(&self) -> &VecDeque<TargetId> {
        if self.needs_intents { &self.intended } else { &self.fresh }
    }

    const fn ready_mut(&mut self) -> &mut VecDeque<TargetId> {
        if self.needs_intents { &mut self.intended } else { &mut self.fresh }
    }
}
