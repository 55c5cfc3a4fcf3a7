//! What is known of targets before anything is sent.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::journal::{InProgress, ResumeState};
use super::outcome::{SkipReason, TargetResult};
use super::results::Completed;
use super::scheduler::Pick;
use crate::plan::{Plan, TargetId};

/// What is known of the targets of a run at its start.
pub(super) struct Opening {
    /// Targets that get their row at once, and why nothing is sent for them.
    pub(super) skipped: Vec<(TargetId, SkipReason)>,
    /// Targets that an earlier part of the run had in progress, in plan order; and why they are left out now, if so.
    pub(super) open: Vec<(TargetId, InProgress, Option<SkipReason>)>,
    /// Targets in progress that are not a part of this run, by number.
    pub(super) others: HashMap<u32, InProgress>,
    /// When stages began, by number.
    pub(super) stages: BTreeMap<u16, Timestamp>,
    /// Whether going on is the yes to a pause that asks.
    pub(super) is_confirmed: bool,
    done: Completed,
    ids: Vec<TargetId>,
}

impl Opening {
    /// Joins what is left out now with what an earlier part of the run left: that stays so.
    pub(super) fn new(plan: &Plan, left_out: Vec<(TargetId, SkipReason)>, picks: &[Pick], past: ResumeState) -> Self {
        let ResumeState { done, open: mut others, stages, is_confirmed, .. } = past;
        let is_past = |id: &TargetId| done.contains(id.number()) || others.contains_key(&id.number());
        let (known, skipped): (Vec<_>, Vec<_>) = left_out.into_iter().partition(|(id, _)| is_past(id));
        let now_out: HashMap<_, _> = known.into_iter().collect();
        let mine = |id: &TargetId| picks[id.index()] != Pick::Ignore;
        let ids: Vec<_> = plan.target_ids().filter(mine).filter(|id| done.contains(id.number())).collect();
        let mut open = Vec::new();
        if !others.is_empty() {
            for id in plan.target_ids().filter(mine) {
                if let Some(in_progress) = others.remove(&id.number()) {
                    open.push((id, in_progress, now_out.get(&id).copied()));
                }
            }
        }
        Self { skipped, open, others, stages, is_confirmed, done, ids }
    }

    /// Returns the targets that an earlier part of the run knows of: with their facts, or in progress.
    pub(super) fn known(&self) -> impl Iterator<Item = TargetId> {
        self.ids.iter().copied().chain(self.open.iter().map(|(id, ..)| *id))
    }

    /// Returns the facts that are known, in plan order.
    #[expect(clippy::expect_used, reason = "`new` keeps only the ids of targets whose fact is known")]
    pub(super) fn facts(&self) -> impl Iterator<Item = (TargetId, TargetResult)> {
        self.ids.iter().map(|id| (*id, self.done.get(id.number()).expect("the fact is known")))
    }
}
