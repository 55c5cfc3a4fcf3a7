//! The dispatcher's side of the journal: what is noted when, and what waits for it.

use futures::future::{BoxFuture, pending};

use super::dispatcher::Dispatcher;
use super::flight::Flight;
use super::journal::{JournalError, Ticket};
use super::outcome::TargetResult;

/// The wait for a ticket, if there is one.
pub(super) type Durable = Option<BoxFuture<'static, Result<Ticket, JournalError>>>;

/// A fact that is being written down.
pub(super) struct Recording {
    ticket: Ticket,
    target: u32,
    lane: Option<usize>,
    result: TargetResult,
}

impl Dispatcher<'_> {
    /// Writes down that an attempt is about to leave; returns what must be durable first.
    ///
    /// That is the note of a target's first attempt: from then on it is known to be in doubt.
    pub(super) fn note(&self, target: u32, n: u32) -> Option<Ticket> {
        let journal = self.sender.journal.as_ref()?;
        let ticket = journal.sending(target, n, self.sender.clock.now());
        (n == 1).then_some(ticket)
    }

    /// Writes down what came of a target's last attempt, which has not settled it.
    pub(super) fn note_end(&self, flight: &Flight) {
        if let (Some(journal), Some(attempt)) = (&self.sender.journal, flight.attempts.last()) {
            journal.attempted(flight.target, attempt, flight.trace);
        }
    }

    /// Writes a target's fact down; it counts when it is durable.
    pub(super) fn record(&mut self, flight: &Flight, result: TargetResult) {
        let (target, result) = (flight.target, self.hinted(flight.target, result));
        let Some(journal) = self.sender.journal.as_ref().filter(|_| self.unrecorded.is_none()) else {
            return self.finish_target(target, result);
        };
        let ticket = journal.finished(target, &result);
        if self.durable.is_none() {
            self.durable = Some(journal.durable(ticket));
        }
        let (lane, outcome) = (self.lane_of(target), result.outcome);
        self.recording.push_back(Recording { ticket, target, lane, result });
        // A threshold is exact: it does not wait for the disk.
        self.mind_failure(outcome);
    }

    /// Counts the facts that are durable now.
    pub(super) fn recorded(&mut self, up_to: Result<Ticket, JournalError>) {
        self.durable = None;
        let up_to = match up_to {
            Ok(ticket) => ticket,
            Err(error) => {
                self.unrecorded(error);
                // They are known all the same, and the report can say them.
                Ticket(u64::MAX)
            }
        };
        while let Some(first) = self.recording.front() {
            if first.ticket > up_to {
                self.durable = self.sender.journal.as_ref().map(|journal| journal.durable(first.ticket));
                return;
            }
            if let Some(Recording { target, lane, result, .. }) = self.recording.pop_front() {
                self.finish(target, lane, result);
            }
        }
    }
}

/// Waits for the ticket; for ever, where there is none.
pub(super) async fn wait(durable: &mut Durable) -> Result<Ticket, JournalError> {
    match durable {
        Some(durable) => durable.await,
        None => pending().await,
    }
}
