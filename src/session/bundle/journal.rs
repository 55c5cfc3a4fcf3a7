//! A run that was carried out elsewhere, as a journal.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::gathered::Gathered;
use super::open::OpenBundle;
use crate::engine::{InProgress, Journal, JournalError, SignedAccount, Ticket};
use crate::journal::{self, FrozenFacts, Writer};
use crate::plan::FoundTargets;
use crate::session::error::SessionError;
use crate::session::{header, place};

impl OpenBundle {
    /// Writes what is known of the run to a journal at `path`, and waits until it is durable. It has no end, so that
    /// `allstop resume` goes on from it and writes its report beside it. `deadline` is when the run ends, where it has a deadline.
    ///
    /// # Errors
    ///
    /// Fails when the journal cannot be written.
    pub async fn write_journal(
        &self,
        path: &Path,
        gathered: &Gathered,
        deadline: Option<Timestamp>,
    ) -> Result<(), SessionError> {
        let mut header = self.header.clone();
        header::set_deadline(&mut header, deadline);
        // The bundle has the place of the machine that made it, or none.
        let report = place::report_of_journal(path);
        header.report = Some(std::path::absolute(&report).unwrap_or(report));
        let created = journal::create(path, &header)?;
        if let Some(kept) = created.kept {
            self.session.context.ui.note(&format!("kept the journal of an unfinished run: {}", kept.display()));
        }
        let writer = created.writer;
        let failed = |error: JournalError| SessionError::input(error, "name another file");
        if let Some(listed) = &self.session.listed {
            let found = FoundTargets { plan: self.plan(), ranges: &listed.ranges };
            let left_out = self.session.selected.left_out.ranges();
            let facts =
                FrozenFacts { selections: &listed.selections, left_out: &left_out, listed_at: listed.listed_at };
            writer.freeze(found, &facts).await.map_err(failed)?;
        }
        let accounts = gathered.accounts.iter().filter_map(SignedAccount::note).map(|note| writer.account(&note));
        let facts = gathered.past.done.iter().map(|(target, fact)| writer.finished(target, &Arc::new(fact)));
        let open = gathered.past.open.iter().map(|(target, open)| note_open(&writer, *target, open));
        let Some(last) = accounts.chain(facts).chain(open).last() else { return Ok(()) };
        writer.flush();
        writer.durable(last).await.map(drop).map_err(failed)
    }
}

/// Notes what is known of a target that is open. What the journal cannot say, such as that nothing else can have left, costs
/// a read of its state.
fn note_open(writer: &Writer, target: u32, open: &InProgress) -> Ticket {
    let mut last = writer.intent(target);
    for attempt in &open.attempts {
        last = writer.attempted(target, attempt, open.effect);
    }
    if let Some((n, at)) = open.sending {
        last = writer.sending(target, n, at);
    }
    last
}
