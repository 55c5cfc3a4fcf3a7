//! Freezing what was listed: it goes to the journal, durable, and only while it is fresh.

use std::sync::Arc;

use crate::engine::JournalError;
use crate::journal::{self, FrozenFacts};
use crate::plan::FoundTargets;

use super::begun::Session;
use super::error::SessionError;
use super::listed::BegunJournal;

/// How old a listing may be when it is confirmed.
const MOST_AGE: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

impl Session {
    /// Creates the journal of a run that lists, and locks it.
    pub(super) fn begin_journal(&self, id: &str) -> Result<Option<BegunJournal>, SessionError> {
        let Some(path) = self.journal.clone() else { return Ok(None) };
        let created = journal::create(&path, &self.header(id))?;
        if let Some(kept) = created.kept {
            self.context.ui.note(&format!("kept the journal of an unfinished run: {}", kept.display()));
        }
        Ok(Some(BegunJournal { writer: Some(Arc::new(created.writer)), path }))
    }

    /// Writes what was found to the journal, durable.
    pub(super) async fn freeze(&mut self) -> Result<Result<(), JournalError>, SessionError> {
        let Some(listed) = self.listed.as_ref().filter(|_| self.past().is_none()) else {
            return Ok(Ok(()));
        };
        if listed.journal.is_none() {
            // A retry has found its targets in a report.
            let journal = self.begin_journal(&listed.id)?;
            if let Some(listed) = &mut self.listed {
                listed.journal = journal;
            }
        }
        let Some(listed) = &self.listed else { return Ok(Ok(())) };
        let Some(writer) = listed.journal.as_ref().and_then(|journal| journal.writer.as_ref()) else {
            return Ok(Ok(()));
        };
        let found = FoundTargets { plan: &self.selected.plan, ranges: &listed.ranges };
        let left_out = self.selected.left_out.ranges();
        let facts = FrozenFacts { selections: &listed.selections, left_out: &left_out, listed_at: listed.listed_at };
        Ok(writer.freeze(found, &facts).await)
    }

    /// Refuses a confirmation that came too late: what was listed may be gone, and other things may run.
    pub(super) fn refuse_late(&self) -> Result<(), SessionError> {
        // A reviewed plan that is run as it is was listed when it was written.
        let reviewed = self.review().map(|review| review.listed_at);
        let Some(listed_at) = self.listed.as_ref().map(|listed| listed.listed_at).or(reviewed) else { return Ok(()) };
        if self.context.now().duration_since(listed_at) <= MOST_AGE {
            return Ok(());
        }
        let message = "the listing is more than 10 minutes old: what runs may have changed";
        Err(SessionError::input(message, "run it again; nothing was sent"))
    }
}
