//! What is durable: the notes in the journal, what waits for them, and the results that count.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, pending};
use jiff::Timestamp;

use super::journal::{AccountNote, Journal, JournalError, Ticket};
use super::outcome::TargetResult;
use super::results::Results;
use super::scheduler::LaneId;
use super::target::{StateBox, Step, TargetState};
use crate::plan::TargetId;

/// Keeps the results, and the journal where there is one.
pub(super) struct Recorder {
    journal: Option<Arc<dyn Journal>>,
    /// Why the journal can no longer be written.
    failed: Option<JournalError>,
    /// What is being written, in the order of its tickets; it counts once it is durable.
    pending: VecDeque<(Ticket, Recorded)>,
    /// How far the journal is durable.
    durable: Option<Ticket>,
    /// The wait for the first that is pending.
    wait: Option<BoxFuture<'static, Result<Ticket, JournalError>>>,
    results: Results,
    /// Targets without a result.
    open: usize,
}

/// Something that is durable now.
pub(super) enum Recorded {
    /// The intent to send targets of a lane for the first time.
    Intents(LaneId, Vec<TargetId>),
    /// The intent to go on with targets of an earlier part of the run.
    Resumed(Vec<(StateBox, Step)>),
    /// The fact about a target.
    Fact(TargetId, Option<LaneId>, Arc<TargetResult>),
}

impl Recorder {
    /// Begins without a result for any of `targets` targets, of which `open` are to get one.
    pub(super) fn new(journal: Option<Arc<dyn Journal>>, targets: usize, open: usize) -> Self {
        let results = Results::of(targets);
        Self { journal, failed: None, pending: VecDeque::new(), durable: None, wait: None, results, open }
    }

    /// Returns how many targets have no result yet.
    pub(super) const fn open(&self) -> usize {
        self.open
    }

    /// Returns how far ahead of their turn intents are recorded; `None` where they are not.
    pub(super) fn ahead(&self) -> Option<Duration> {
        self.journal.as_ref().map(|journal| journal.ahead())
    }

    /// Returns how many more intents can be recorded now.
    pub(super) fn room(&self) -> usize {
        self.journal.as_ref().map_or(usize::MAX, |journal| journal.room())
    }

    /// Records the intent to send targets of a lane for the first time: from then on they are known to be in doubt.
    pub(super) fn record_intents(&mut self, lane: LaneId, targets: Vec<TargetId>) {
        if let Some(last) = self.intents(targets.iter().copied()) {
            self.pend(last, Recorded::Intents(lane, targets));
        }
    }

    /// Records the intent to go on with targets of an earlier part of the run, of which nothing is in doubt; returns
    /// them where nothing needs to be recorded.
    pub(super) fn record_resumed(&mut self, states: Vec<(StateBox, Step)>) -> Option<Vec<(StateBox, Step)>> {
        match self.intents(states.iter().map(|(state, _)| state.id())) {
            Some(last) => self.pend(last, Recorded::Resumed(states)),
            None => return Some(states),
        }
        None
    }

    /// Notes an intent for each target; returns the last ticket, if there is a journal and any target.
    fn intents(&self, targets: impl Iterator<Item = TargetId>) -> Option<Ticket> {
        let journal = self.journal.as_ref()?;
        targets.map(|target| journal.intent(target.number())).last()
    }

    /// Notes that an attempt leaves. Losing that note loses no fact, so nobody waits for it.
    pub(super) fn note_sending(&self, target: TargetId, n: u32, at: Timestamp) {
        if let Some(journal) = &self.journal {
            journal.sending(target.number(), n, at);
        }
    }

    /// Notes whose an account is. Losing that note loses no fact, so nobody waits for it.
    pub(super) fn note_account(&self, account: Option<AccountNote>) {
        if let (Some(journal), Some(account)) = (&self.journal, account) {
            journal.account(&account);
        }
    }

    /// Notes that a stage begins. Its targets' intents come after that note, so nobody waits for it.
    pub(super) fn note_stage(&self, stage: u16, at: Timestamp) {
        if let Some(journal) = &self.journal {
            journal.stage(stage, at);
        }
    }

    /// Notes what came of a target's last attempt, which has not settled it.
    pub(super) fn note_attempted(&self, state: &TargetState) {
        if let (Some(journal), Some((attempt, effect))) = (&self.journal, state.last_attempt()) {
            journal.attempted(state.id().number(), attempt, effect);
        }
    }

    /// Records a target's fact, which counts when it is durable; returns it where it counts at once.
    pub(super) fn record(&mut self, id: TargetId, lane: Option<LaneId>, result: TargetResult) -> Option<TargetResult> {
        let Some(journal) = self.journal.as_ref().filter(|_| self.failed.is_none()) else { return Some(result) };
        let result = Arc::new(result);
        let ticket = journal.finished(id.number(), &result);
        self.pend(ticket, Recorded::Fact(id, lane, result));
        None
    }

    fn pend(&mut self, ticket: Ticket, what: Recorded) {
        self.pending.push_back((ticket, what));
        self.wait_for(ticket);
    }

    /// Waits for a ticket, unless one before it is waited for.
    fn wait_for(&mut self, ticket: Ticket) {
        if self.wait.is_none() {
            self.wait = self.journal.as_ref().map(|journal| journal.durable(ticket));
        }
    }

    /// Makes the journal durable now, where something waits for that.
    pub(super) fn flush(&self) {
        if let Some(journal) = self.journal.as_ref().filter(|_| self.wait.is_some()) {
            journal.flush();
        }
    }

    /// Waits until the first that is pending is durable; for ever, where nothing is.
    pub(super) async fn durable(&mut self) -> Result<Ticket, JournalError> {
        match &mut self.wait {
            Some(wait) => wait.await,
            None => pending().await,
        }
    }

    /// Takes in how far the journal is durable; returns why it can no longer be written, when that is new.
    pub(super) fn recorded(&mut self, up_to: Result<Ticket, JournalError>) -> Option<JournalError> {
        self.wait = None;
        match up_to {
            Ok(ticket) => {
                self.durable = Some(ticket);
                None
            }
            Err(error) => {
                // What was pending is known all the same, and the report can say it.
                self.durable = Some(Ticket(u64::MAX));
                let is_new = self.failed.is_none();
                let error = self.failed.get_or_insert(error);
                is_new.then(|| error.clone())
            }
        }
    }

    /// Takes the next that is durable now.
    pub(super) fn next(&mut self) -> Option<Recorded> {
        let ticket = self.pending.front()?.0;
        if Some(ticket) > self.durable {
            self.wait_for(ticket);
            return None;
        }
        self.pending.pop_front().map(|(_, what)| what)
    }

    /// Sets the result of a target.
    pub(super) fn finish(&mut self, id: TargetId, result: &TargetResult) {
        if !self.results.has(id.index()) {
            self.open -= 1;
        }
        self.results.put(id.index(), result);
    }

    /// Returns all results, and why the journal can no longer be written, if it cannot.
    pub(super) fn into_parts(self) -> (Results, Option<JournalError>) {
        (self.results, self.failed)
    }
}
