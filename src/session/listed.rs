//! What the selections of a plan found, and the journal that it goes to.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::engine::{Evidence, Outcome, SelectionRecord, TargetResult, new_id};
use crate::journal::{FrozenTargets, Header, PlanChanged, Writer};
use crate::plan::{Choice, CompletePlan, Plan};
use crate::report::Report;

use super::context::Context;
use super::error::SessionError;
use super::header;
use super::plan::SelectedPlan;

/// What the selections of a plan found.
pub(super) struct Listed {
    /// The id of the run.
    pub(super) id: String,
    /// The numbers of the found targets in the plan.
    pub(super) ranges: Vec<Range<usize>>,
    /// The plan as it selects.
    pub(super) unlisted: Arc<Plan>,
    pub(super) selections: Vec<SelectionRecord>,
    pub(super) started_at: Timestamp,
    pub(super) listed_at: Timestamp,
    pub(super) journal: Option<BegunJournal>,
}

/// The journal of a run that lists. Nothing was sent before its targets are written: until then it is removed again.
pub(super) struct BegunJournal {
    pub(super) writer: Option<Arc<Writer>>,
    pub(super) path: PathBuf,
}

impl Listed {
    /// Takes over what an earlier run found, and puts it in its place; `None` where it selected nothing. A run that retries
    /// lists nothing: what could not be listed is still missing.
    pub(super) fn of_report(
        selected: &mut SelectedPlan,
        earlier: &Report,
        context: &Context,
    ) -> Result<Option<Box<Self>>, SessionError> {
        if earlier.selections.is_empty() {
            return Ok(None);
        }
        // The file of a reviewed plan has its targets already.
        let CompletePlan { plan, ranges } = match selected.plan().reviewed {
            Some(_) => CompletePlan { plan: Plan::clone(selected.plan()), ranges: Vec::new() },
            None => earlier.with_found(selected.plan())?,
        };
        let unlisted = std::mem::replace(&mut selected.plan, Arc::new(plan));
        let selections = earlier.selections.iter().map(SelectionRecord::from).collect();
        let now = context.now();
        let (id, started_at, listed_at, journal) = (new_id(now), now, now, None);
        Ok(Some(Box::new(Self { id, ranges, unlisted, selections, started_at, listed_at, journal })))
    }

    /// Takes over what the run of a journal found, and puts it in its place; `None` where the plan does not select. A run
    /// that goes on lists nothing.
    pub(super) fn of_journal(
        selected: &mut SelectedPlan,
        header: &Header,
        frozen: Option<FrozenTargets>,
    ) -> Result<Option<Box<Self>>, SessionError> {
        let frozen = match frozen {
            Some(frozen) => frozen,
            None if !header.selects => return Ok(None),
            None => {
                let message = "the run was killed while it listed; nothing was stopped";
                return Err(SessionError::input(message, "run the plan again: `allstop run PLAN`"));
            }
        };
        let (selections, listed_at) = (frozen.selections.clone(), frozen.listed_at);
        let left_out = frozen.left_out.clone();
        let changed = || SessionError::input("the plan's accounts or selections have changed", PlanChanged::HINT);
        let CompletePlan { plan, ranges } = frozen.complete(&selected.plan).ok_or_else(changed)?;
        selected.left_out = header::left_out(&left_out, plan.targets.len())?;
        let unlisted = std::mem::replace(&mut selected.plan, Arc::new(plan));
        let (id, started_at) = (header.run.clone(), header.started_at);
        Ok(Some(Box::new(Self { id, ranges, unlisted, selections, started_at, listed_at, journal: None })))
    }

    /// Returns the results of a dry run for what was found: the listing has just shown it.
    pub(super) fn looked_at(&self, selected: &SelectedPlan) -> Vec<(u32, TargetResult)> {
        let choices: Vec<Choice> = selected.choices().collect();
        let found = self.ranges.iter().flat_map(Clone::clone);
        let result = |number: usize| {
            choices.get(number).filter(|choice| **choice == Choice::Stop)?;
            let seen = selected.plan.targets.get(number)?.seen.as_ref()?;
            let result = TargetResult {
                evidence: Some(Evidence::ReadBack),
                state: seen.state.clone(),
                started_at: seen.at,
                finished_at: seen.at,
                ..TargetResult::bare(Outcome::WouldStop, None)
            };
            Some((u32::try_from(number).ok()?, result))
        };
        found.filter_map(result).collect()
    }
}

impl BegunJournal {
    /// Keeps the journal, whose run goes on.
    pub(super) fn keep(mut self) -> Option<Arc<Writer>> {
        self.writer.take()
    }
}

impl Drop for BegunJournal {
    fn drop(&mut self) {
        if let Some(writer) = self.writer.take()
            && self.path.is_file()
        {
            drop(writer);
            // A journal that nothing can be taken up from is in nobody's way.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
