//! What a run writes down so that nothing is lost when it is killed, and what it takes up from such a record.
//!
//! Only the words: where and how it is written is the caller's.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::completed::Completed;
use super::outcome::{Attempt, Evidence, Outcome, TargetError, TargetResult};
use crate::error::ErrorClass;

/// A durable record of a run, in the order things happen.
///
/// Notes return at once with a ticket; [`durable`](Self::durable) waits until everything up to a ticket would
/// survive a crash. Many tickets may share one write. After a failed write, every wait fails.
pub trait Journal: Send + Sync {
    /// Notes that a target will be sent soon for the first time: from here on it is in doubt.
    fn boarding(&self, target: u32) -> Ticket;

    /// Notes that attempt number `n` of a target leaves now.
    fn sending(&self, target: u32, n: u32, at: Timestamp) -> Ticket;

    /// Notes what came of an attempt that did not settle its target, and what it may have done.
    fn attempted(&self, target: u32, attempt: &Attempt, effect: Effect) -> Ticket;

    /// Notes the final fact about a target, all its attempts included.
    fn finished(&self, target: u32, result: &Arc<TargetResult>) -> Ticket;

    /// Hears that the run can do nothing until what was noted is durable; what else may come need not be waited for.
    fn hurry(&self) {}

    /// Waits until everything up to `ticket` is durable, and returns how far that is by then.
    fn durable(&self, ticket: Ticket) -> BoxFuture<'static, Result<Ticket, JournalError>>;
}

/// A place in a journal; later notes have greater tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// The journal cannot be written. Nothing may be sent any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the journal cannot be written: {0}")]
pub struct JournalError(pub String);

/// What a run's own requests may have done to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing: each was refused, throttled or never left.
    Nothing,
    /// One may have taken effect: its answer was lost or came from a gateway that gave up waiting.
    Lost,
    /// The service accepted one.
    Accepted,
    /// The answer to one proved that it took effect.
    Proven,
}

/// What an earlier, interrupted part of the same run left behind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ResumeState {
    /// The run's id, which client tokens depend on.
    pub id: String,
    /// The operator's reason.
    pub reason: Option<String>,
    /// When the run first began.
    pub started_at: Timestamp,
    /// The final facts.
    pub done: Completed,
    /// Targets that something was sent for, without a final fact, by number.
    pub open: HashMap<u32, InProgress>,
}

impl ResumeState {
    /// Returns the row of a target that the earlier part of the run knows of, when nobody looks any further: its fact,
    /// or the doubt that it is in.
    #[must_use]
    pub fn row(&self, target: u32) -> Option<TargetResult> {
        self.done.get(target).or_else(|| self.open.get(&target).cloned().map(InProgress::into_doubt))
    }
}

/// A target that an earlier part of the run had under way.
#[derive(Debug, Clone, PartialEq)]
pub struct InProgress {
    /// The attempts whose end was noted.
    pub attempts: Vec<Attempt>,
    /// What those may have done.
    pub effect: Effect,
    /// The number and time of a later attempt that left, whose end was not noted.
    pub sending: Option<(u32, Timestamp)>,
}

/// What is said of an attempt whose answer was not noted.
pub(super) const UNNOTED: &str = "the run was ended before the answer was noted";

impl InProgress {
    /// Returns all attempts, the one whose answer was never noted as one that was lost.
    #[must_use]
    pub fn into_attempts(self) -> Vec<Attempt> {
        let mut attempts = self.attempts;
        attempts.extend(self.sending.map(|(n, at)| Attempt {
            n,
            at,
            duration: Duration::ZERO,
            http_status: None,
            code: None,
            message: Some(UNNOTED.into()),
            request_id: None,
            class: Some(ErrorClass::Network),
            retry_in: None,
        }));
        attempts
    }

    /// Returns the row of the target where nobody looks what came of it.
    fn into_doubt(self) -> TargetResult {
        let (outcome, evidence) = match self.effect {
            Effect::Accepted | Effect::Proven => (Outcome::Accepted, Some(Evidence::Answer)),
            Effect::Nothing | Effect::Lost => (Outcome::Unknown, None),
        };
        let attempts = self.into_attempts();
        let met = attempts.last().and_then(|attempt| {
            let (class, message) = (attempt.class?, attempt.message.clone()?);
            let (code, request_id) = (attempt.code.clone(), attempt.request_id.clone());
            Some(Box::new(TargetError { class, code, message, request_id, hint: None }))
        });
        TargetResult {
            evidence,
            started_at: attempts.first().map(|attempt| attempt.at),
            error: met.filter(|_| outcome == Outcome::Unknown),
            attempts,
            ..TargetResult::bare(outcome, None)
        }
    }
}
