//! The step of a session that lists what its plan selects. From then on the plan has only targets.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::engine::{
    Evidence, JournalError, ListingEnd, Listings, Outcome, SelectionRecord, Status, TargetResult, foresee_window,
    new_id,
};
use crate::journal::{self, FrozenFacts, Writer};
use crate::plan::{Choice, CompletePlan, FoundTargets, Plan};
use crate::report::Report;

use super::begun::{Opened, Session};
use super::context::Context;
use super::error::SessionError;
use super::finish::Ran;
use super::plan::SelectedPlan;
use super::ready::Ready;
use super::ui::unasked;

/// How old a listing may be when it is confirmed.
const MOST_AGE: SignedDuration = SignedDuration::from_mins(10);

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
    writer: Option<Arc<Writer>>,
    path: PathBuf,
}

/// What a session is after its plan's selections were listed.
pub enum AfterListing {
    /// Its targets are known, and it is to be confirmed.
    Ready(Box<Ready>),
    /// It has ended: something could not be listed, or a guard refused it.
    Ended(Box<Ran>),
}

impl Ready {
    /// Tells whether the plan selects, so that it must be [listed](Self::list) first.
    #[must_use]
    pub fn must_list(&self) -> bool {
        !self.plan().selects.is_empty() || self.must_list_again()
    }

    /// Lists what the plan selects; `adapt` has the last word on the listings, such as what ends them early.
    ///
    /// Needs a tokio runtime with time and I/O.
    ///
    /// # Errors
    ///
    /// Fails, before anything is sent, when credentials are missing, when the journal cannot be opened, or when the HTTP
    /// client cannot be created.
    pub async fn list(mut self, adapt: impl FnOnce(Listings) -> Listings) -> Result<AfterListing, SessionError> {
        if let Some(review) = self.session.review().cloned() {
            return self.list_again(review, adapt).await;
        }
        let now = self.session.context.now();
        let is_bound = self.rehearsal.is_none() && !self.session.begin.dry_run;
        if let Some(refusal) = is_bound.then(|| foresee_window(self.plan(), now)).flatten() {
            return Ok(self.end(Status::Aborted, Some(refusal), Vec::new(), now));
        }
        if is_bound && !self.session.options.yes && !self.session.context.ui.can_confirm() {
            // What nobody can confirm is not listed.
            return Err(unasked(false));
        }
        let id = new_id(now);
        let journal = self.session.begin_journal(&id)?;
        let unlisted = Arc::clone(self.plan());
        let mut listings = self.session.listings(&unlisted)?;
        if let Some(rehearsal) = &self.rehearsal {
            listings = rehearsal.lead_listings(listings);
        }
        let record = adapt(listings).execute().await?;
        let (end, started_at) = (record.end, record.started_at);
        let is_whole = record.selections.iter().all(|selection| selection.missing.is_empty());
        match end {
            ListingEnd::Ended(status) => return Ok(self.end(status, None, record.selections, started_at)),
            ListingEnd::TooMany => {
                let refusal = self.too_many(unlisted.guards.max_targets);
                return Ok(self.end(Status::Aborted, Some(refusal), record.selections, started_at));
            }
            ListingEnd::Whole if !is_whole && !self.session.begin.partial => {
                return Ok(self.end(Status::Unlisted, None, record.selections, started_at));
            }
            ListingEnd::Whole => {}
        }
        let frozen = record.freeze(&unlisted);
        let CompletePlan { plan, ranges } = unlisted.with_found(frozen.found);
        self.complete(plan)?;
        if !frozen.unexpected.is_empty() {
            let refusal = frozen.unexpected.join("; ");
            return Ok(self.end(Status::Aborted, Some(refusal), frozen.selections, started_at));
        }
        let (selections, listed_at) = (frozen.selections, frozen.listed_at);
        self.session.listed =
            Some(Box::new(Listed { id, ranges, unlisted, selections, started_at, listed_at, journal }));
        Ok(AfterListing::Ready(Box::new(self)))
    }

    /// Says that more match than may be stopped.
    fn too_many(&self, most: usize) -> String {
        let before = self.session.round.earlier.found;
        match (most as u64).saturating_sub(before) {
            left if before > 0 => format!(
                "more than {left} match, and guards.max_targets allows {most} over all rounds, of which earlier ones had \
                 {before}"
            ),
            _ => format!("more than {most} match, and guards.max_targets allows {most}"),
        }
    }

    /// Takes the plan with its found targets in the place of the one that selects.
    fn complete(&mut self, plan: Plan) -> Result<(), SessionError> {
        self.session.selected.complete(plan, &self.session.context)?;
        self.overview = self.session.selected.overview();
        Ok(())
    }

    /// Ends the session before anything is stopped.
    pub(super) fn end(
        self,
        status: Status,
        ended_by: Option<String>,
        selections: Vec<SelectionRecord>,
        started_at: Timestamp,
    ) -> AfterListing {
        let mut record = self.unsent(status.skip_reason());
        (record.status, record.ended_by, record.selections) = (status, ended_by, selections);
        record.started_at = started_at;
        record.duration = Duration::try_from(record.finished_at.duration_since(started_at)).unwrap_or_default();
        let Self { session, outputs, rehearsal, .. } = self;
        let opened = Opened::default();
        AfterListing::Ended(Box::new(Ran { session, outputs, rehearsal, record, opened, is_resumed: false }))
    }

    /// Writes what was found to the journal, durable.
    pub(super) async fn freeze(&mut self) -> Result<Result<(), JournalError>, SessionError> {
        let Some(listed) = self.session.listed.as_ref().filter(|_| self.session.past().is_none()) else {
            return Ok(Ok(()));
        };
        if listed.journal.is_none() {
            // A retry has found its targets in a report.
            let journal = self.session.begin_journal(&listed.id)?;
            if let Some(listed) = &mut self.session.listed {
                listed.journal = journal;
            }
        }
        let Some(listed) = &self.session.listed else { return Ok(Ok(())) };
        let Some(writer) = listed.journal.as_ref().and_then(|journal| journal.writer.as_ref()) else {
            return Ok(Ok(()));
        };
        let found = FoundTargets { plan: self.plan(), ranges: &listed.ranges };
        let left_out = self.session.selected.left_out.ranges();
        let facts = FrozenFacts { selections: &listed.selections, left_out: &left_out, listed_at: listed.listed_at };
        Ok(writer.freeze(found, &facts).await)
    }

    /// Refuses a confirmation that came too late: what was listed may be gone, and other things may run.
    pub(super) fn refuse_late(&self) -> Result<(), SessionError> {
        let Session { listed, listed_again, .. } = &self.session;
        let again = listed_again.as_ref().map(|again| again.listed_at);
        // A reviewed plan that is run as it is was listed when it was written.
        let reviewed = self.session.review().map(|review| review.listed_at);
        let listed_at = listed.as_ref().map(|listed| listed.listed_at).or(again).or(reviewed);
        let Some(listed_at) = listed_at else { return Ok(()) };
        if self.session.context.now().duration_since(listed_at) <= MOST_AGE {
            return Ok(());
        }
        let message = "the listing is more than 10 minutes old: what runs may have changed";
        Err(SessionError::input(message, "run it again; nothing was sent"))
    }
}

impl Session {
    /// Creates the journal of a run that lists, and locks it.
    fn begin_journal(&self, id: &str) -> Result<Option<BegunJournal>, SessionError> {
        let Some(path) = self.journal.clone() else { return Ok(None) };
        let created = journal::create(&path, &self.header(id))?;
        if let Some(kept) = created.kept {
            self.context.ui.note(&format!("kept the journal of an unfinished run: {}", kept.display()));
        }
        Ok(Some(BegunJournal { writer: Some(Arc::new(created.writer)), path }))
    }

    /// Prepares the listings of what the plan selects and the options take.
    fn listings(&self, plan: &Arc<Plan>) -> Result<Listings, SessionError> {
        self.selected.listings(plan, (self.options.deadline, self.round.earlier), &self.context)
    }
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
        let CompletePlan { plan, ranges } = earlier.with_found(selected.plan())?;
        let unlisted = std::mem::replace(&mut selected.plan, Arc::new(plan));
        let selections = earlier.selections.iter().map(SelectionRecord::from).collect();
        let now = context.now();
        let (id, started_at, listed_at, journal) = (new_id(now), now, now, None);
        Ok(Some(Box::new(Self { id, ranges, unlisted, selections, started_at, listed_at, journal })))
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
