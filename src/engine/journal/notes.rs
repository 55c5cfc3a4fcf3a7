//! The notes of a run.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::resume::Effect;
use crate::engine::outcome::{Attempt, TargetResult};

/// A durable record of a run, in the order things happen.
///
/// Notes return at once with a ticket; [`durable`](Self::durable) waits until everything up to a ticket would
/// survive a crash. Many tickets may share one write. After a failed write, every wait fails. [`History`] turns the
/// notes into what another process goes on from.
///
/// [`History`]: super::History
pub trait Journal: Send + Sync {
    /// Notes the intent to send a target's first request soon: from here on the target is in doubt.
    fn intent(&self, target: u32) -> Ticket;

    /// Notes that attempt number `n` of a target leaves now.
    fn sending(&self, target: u32, n: u32, at: Timestamp) -> Ticket;

    /// Notes what came of an attempt that did not settle its target, and what it may have done.
    fn attempted(&self, target: u32, attempt: &Attempt, effect: Effect) -> Ticket;

    /// Notes the final fact about a target, all its attempts included.
    fn finished(&self, target: u32, result: &Arc<TargetResult>) -> Ticket;

    /// Notes that a stage of the plan, by number, begins. It must be durable before what is noted after it is.
    ///
    /// A journal that does not note it costs a run that goes on after a crash no more than a pause that it has waited
    /// already.
    fn stage(&self, stage: u16, at: Timestamp) -> Ticket {
        let _ = (stage, at);
        Ticket(0)
    }

    /// Notes whose an account is, at the start and when its keys change, so that no other account goes on with the run.
    fn account(&self, account: &AccountNote) -> Ticket {
        let _ = account;
        Ticket(0)
    }

    /// Makes what was noted durable now, without waiting for more notes to share the write. Called when the run can
    /// send nothing until then.
    fn flush(&self) {}

    /// Waits until everything up to `ticket` is durable, and returns how far that is by then.
    fn durable(&self, ticket: Ticket) -> BoxFuture<'static, Result<Ticket, JournalError>>;

    /// Returns how far ahead of their turn intents are noted. It must be longer than a note takes to become durable,
    /// or else the run waits for the journal; each target ahead is in doubt after a crash.
    fn ahead(&self) -> Duration {
        Duration::from_millis(50)
    }

    /// Returns how many more intents it has room for now. The other targets wait until facts have made room.
    fn room(&self) -> usize {
        usize::MAX
    }
}

/// Which account of the cloud an account of the plan is. It tells nothing of its keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountNote {
    /// The account's name in the plan.
    pub name: String,
    /// The account's id; null where that was not learnt.
    pub account_id: Option<String>,
    /// Who it is in that account, in words.
    pub identity: Option<String>,
    /// The project that was looked up.
    pub project_id: Option<String>,
    /// How often newer keys have come.
    pub refreshes: u32,
}

/// A place in a journal; later notes have greater tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// The journal cannot be written. Nothing may be sent any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot write the journal: {0}")]
pub struct JournalError(pub String);
