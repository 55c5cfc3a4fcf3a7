//! The dispatcher's side of the journal: what is noted when, and what waits for it.

use std::sync::Arc;

use futures::future::{BoxFuture, pending};
use tokio::time::Instant;

use super::dispatcher::Dispatcher;
use super::flight::Flight;
use super::hint::Circumstances;
use super::journal::{JournalError, Ticket};
use super::outcome::{SkipReason, TargetResult};

/// The wait for a ticket, if there is one.
pub(super) type Durable = Option<BoxFuture<'static, Result<Ticket, JournalError>>>;

/// Something that is being written down.
pub(super) struct Recording {
    ticket: Ticket,
    what: What,
}

enum What {
    /// Targets of a lane that are about to be sent for the first time.
    Boarding { lane: usize, targets: Vec<u32> },
    /// The fact about a target.
    Fact { target: u32, lane: Option<usize>, result: Arc<TargetResult> },
}

impl Dispatcher<'_> {
    /// Writes down what lanes will send soon for the first time: from then on it is known to be in doubt.
    pub(super) fn board(&mut self, now: Instant) {
        let Some(journal) = self.sender.journal.clone() else { return };
        if self.drained.is_some() {
            return;
        }
        for lane in 0..self.roster.lanes.len() {
            let targets = self.roster.lanes.get_mut(lane).map(|lane| lane.board(now)).unwrap_or_default();
            let tickets = targets.iter().map(|target| journal.boarding(*target));
            if let Some(ticket) = tickets.fold(None, |_, ticket| Some(ticket)) {
                self.await_durable(ticket, What::Boarding { lane, targets });
            }
        }
    }

    /// Notes that an attempt leaves. Losing that note loses no fact, so nobody waits for it.
    pub(super) fn note(&self, target: u32, n: u32) {
        if let Some(journal) = &self.sender.journal {
            journal.sending(target, n, self.sender.timeline.now());
        }
    }

    /// Tells the journal that everything waits for it, where something does.
    pub(super) fn hurry(&self) {
        if let Some(journal) = self.sender.journal.as_ref().filter(|_| self.durable.is_some()) {
            journal.hurry();
        }
    }

    fn await_durable(&mut self, ticket: Ticket, what: What) {
        if self.durable.is_none() {
            self.durable = self.sender.journal.as_ref().map(|journal| journal.durable(ticket));
        }
        self.recording.push_back(Recording { ticket, what });
    }

    /// Writes down what came of a target's last attempt, which has not settled it.
    pub(super) fn note_end(&self, flight: &Flight) {
        if let (Some(journal), Some(attempt)) = (&self.sender.journal, flight.attempts.last()) {
            journal.attempted(flight.target, attempt, flight.effect);
        }
    }

    /// Writes a target's fact down; it counts when it is durable.
    pub(super) fn record(&mut self, flight: &Flight, result: TargetResult) {
        let (target, result) = (flight.target, self.hinted(flight.target, result, flight.circumstances));
        let Some(journal) = self.sender.journal.as_ref().filter(|_| self.unrecorded.is_none()) else {
            return self.finish_target(target, result, flight.circumstances);
        };
        let result = Arc::new(result);
        let ticket = journal.finished(target, &result);
        let (lane, outcome) = (self.lane_of(target), result.outcome);
        self.await_durable(ticket, What::Fact { target, lane, result });
        // A threshold is exact: it does not wait for the disk.
        self.mind_failure(outcome);
    }

    /// Takes in what is durable now: facts count, and targets may be sent.
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
            match self.recording.pop_front().map(|recording| recording.what) {
                Some(What::Fact { target, lane, result }) => self.finish(target, lane, &result),
                Some(What::Boarding { lane, targets }) => self.boarded(lane, targets),
                None => {}
            }
        }
    }

    /// Gives a lane its targets back, unless nothing is sent through it any more.
    fn boarded(&mut self, at: usize, targets: Vec<u32>) {
        let Some(lane) = self.roster.lanes.get_mut(at) else { return };
        let is_closed = self.roster.closed.contains(&lane.principal);
        let reason = match self.drained {
            Some(status) => Some(SkipReason::of(status)),
            None if is_closed => Some(SkipReason::Credentials),
            None => lane.is_dead().then_some(SkipReason::Aborted),
        };
        match reason {
            None => lane.boarded(targets),
            Some(reason) => {
                let skipped = || TargetResult::skipped(reason);
                targets.into_iter().for_each(|target| self.finish_target(target, skipped(), Circumstances::default()));
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
