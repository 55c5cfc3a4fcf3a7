//! What replies and renewed keys say about lanes, accounts and targets.

use std::sync::Arc;

use super::{Tracker, tell};
use crate::engine::attempt::{Batching, Exchange, Finding, Reply};
use crate::engine::event::Event;
use crate::engine::keyring::{Change, SignedAccount, SourceId};
use crate::engine::outcome::{SkipReason, TargetResult};
use crate::engine::retry;
use crate::engine::scheduler::{Gone, LaneId, Reaction, Slowed, Work};
use crate::engine::target::{Moment, StateBox, Step};
use crate::error::{ApiError, ErrorClass};
use crate::plan::AccountId;

impl Tracker<'_> {
    /// Takes in what happened to the keys of a source.
    pub(in crate::engine) fn keys_changed(&mut self, source: SourceId, accounts: &[SignedAccount], change: &Change) {
        let name = accounts.first().map_or("", |account| &account.name);
        match change {
            Change::Refreshed => self.tell(&Event::CredentialsRefreshed { account: name }),
            Change::Waiting(reason, left) => {
                self.tell(&Event::CredentialsWaiting { account: name, reason, left: *left });
            }
            Change::Closed(reason) => {
                self.tell(&Event::CredentialsClosed { account: name, reason });
                let removed = self.scheduler.drain_of(source);
                self.skip(removed, SkipReason::Credentials);
            }
        }
        accounts.iter().for_each(|account| self.recorder.note_account(account.note()));
    }

    /// Returns the accounts whose key was refused for good since the last time.
    pub(in crate::engine) fn take_closed(&mut self) -> Vec<(AccountId, String)> {
        std::mem::take(&mut self.closed)
    }

    /// Gives the targets of a request up whose account was closed while it waited for newer keys.
    pub(in crate::engine) fn close(&mut self, work: Work) {
        work.into_states().into_iter().for_each(|mut state| self.give_up(&mut state, SkipReason::Credentials));
    }

    /// Takes in what a reply says about its lane.
    pub(in crate::engine) fn learn(
        &mut self,
        lane: LaneId,
        error: Option<&ApiError>,
        reply: &Reply,
        moment: &mut Moment,
    ) {
        let reaction = match &reply.exchange {
            Exchange::Unsigned(_) => return,
            Exchange::Failed(error) => {
                self.scheduler.failed(lane, (error.class, &error.message), error.surely_not_sent, moment)
            }
            Exchange::Response(response) => {
                moment.retry_after = retry::retry_after(response, &*self.clock);
                self.scheduler.responded(lane, error, (response, || self.clock.now()), moment)
            }
        };
        let Reaction { failing, slowed, gone } = reaction;
        let at = lane.index();
        if let Some((class, message)) = failing {
            self.tell(&Event::Failing { lane: at, class, message: &message });
        }
        if let Some(Slowed { pause, from, rate, class }) = slowed {
            self.tell(&Event::Slowed { lane: at, pause, from, rate, class });
        }
        match gone {
            Some(Gone::Lane(error, removed)) => {
                self.tell(&Event::GivenUp { lane: at, class: error.class });
                let skipped =
                    || TargetResult { error: Some(error.clone().into()), ..TargetResult::skipped(SkipReason::Aborted) };
                self.remove(removed, SkipReason::Aborted, skipped);
            }
            Some(Gone::Key(lanes)) => {
                let account = self.plan[moment.target].account_id();
                let said = error.and_then(|error| error.message.as_deref().or(error.code.as_deref()));
                let reason = said
                    .map_or_else(|| "the key was refused".to_owned(), |said| format!("the key was refused: {said}"));
                let plan = Arc::clone(&self.plan);
                self.tell(&Event::CredentialsClosed { account: &plan[account].name, reason: &reason });
                self.closed.push((account, reason));
                self.skip(lanes, SkipReason::Credentials);
            }
            None => {}
        }
    }

    /// Takes in what a reply to a stop of so many targets says about further requests for several.
    pub(in crate::engine) fn batch_less(
        &mut self,
        lane: LaneId,
        batching: Batching,
        error: Option<&ApiError>,
        than: usize,
    ) {
        let is_over = match batching {
            Batching::Goes => return,
            Batching::Smaller => false,
            Batching::Over => true,
        };
        if let Some(most) = self.scheduler.batch_less(lane, than, is_over) {
            let class = error.and_then(|error| error.class).unwrap_or(ErrorClass::Rejected);
            let said = error.and_then(|error| error.message.as_deref().or(error.code.as_deref()));
            let message = said.unwrap_or(class.name());
            self.tell(&Event::SmallerBatches { lane: lane.index(), most, class, message });
        }
    }

    /// Takes in what a reply says about a target.
    pub(in crate::engine) fn advance(&mut self, lane: LaneId, mut state: StateBox, finding: Finding, moment: Moment) {
        let (target, at) = (state.id().index(), lane.index());
        let is_attempt = matches!(finding, Finding::Stop(..) | Finding::RefusedTogether(..) | Finding::NoResponse(_));
        let is_read = matches!(finding, Finding::State(_));
        let step = state.advance(finding, &self.plan, moment);
        let (attempt, word, is_done) = match &step {
            Step::Done(result) => (result.attempts.last(), result.state.as_deref(), true),
            Step::Stop(_) | Step::Read(..) => (state.last_attempt().map(|(attempt, _)| attempt), state.word(), false),
        };
        if let Some(attempt) = attempt.filter(|_| is_attempt) {
            tell(self.observers, &Event::Attempted { target, lane: at, attempt });
        }
        if is_read {
            tell(self.observers, &Event::Read { target, lane: at, state: word });
        }
        if is_attempt && !is_done {
            self.recorder.note_attempted(&state);
        }
        self.proceed(state, step, moment.now);
    }
}
