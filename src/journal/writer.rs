//! The writing end of a journal.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::commit::{Progress, Shared, Sink};
use super::frozen::{Closing, FrozenFacts, Group, take};
use super::note::{End, Note};
use super::seal::Seal;
use crate::engine::{AccountNote, Attempt, Effect, Journal, JournalError, TargetResult, Ticket};
use crate::plan::FoundTargets;

/// How many lines of found targets are written before the next are made.
const AT_ONCE: usize = 64;

/// Writes a journal from a thread of its own. Dropping it writes what is left and waits for that.
pub struct Writer {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Goes on after the lines that `seal` has seen, which are in `sink` and durable; `path` is for messages.
    ///
    /// A sync begins no sooner than `pause` after the last began, unless it is [flushed](Journal::flush).
    pub(super) fn start(sink: impl Sink, seal: Seal, pause: Duration, path: &Path) -> io::Result<Self> {
        let shared = Arc::new(Shared::new(seal.lines(), pause, path));
        let committing = Arc::clone(&shared);
        let thread = thread::Builder::new().name("journal".to_owned()).spawn(move || committing.commit(sink, seal))?;
        Ok(Self { shared, thread: Mutex::new(Some(thread)) })
    }

    /// Writes what the selections of a plan found, and waits until it is durable. Nothing may be sent before.
    ///
    /// # Errors
    ///
    /// Fails when it cannot be written.
    pub(crate) async fn freeze(&self, found: FoundTargets<'_>, facts: &FrozenFacts<'_>) -> Result<(), JournalError> {
        let (mut hash, mut count, mut written) = (Sha256::new(), 0, None);
        let mut lines = 0;
        for (at, targets) in found.lists() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            count += targets.len() as u64;
            for group in Group::split(found.plan, at, targets) {
                group.targets().iter().for_each(|target| take(&mut hash, target, &found.plan.account_of(target).name));
                let last = self.shared.note(Note::Found { g: Arc::new(group) });
                lines += 1;
                if lines % AT_ONCE == 0 {
                    self.shared.flush();
                    // These are written while the next are made.
                    if let Some(before) = written.replace(last) {
                        self.durable(Ticket(before)).await?;
                    }
                }
            }
        }
        let closing = Closing::of((count, hash), facts);
        let last = self.shared.note(Note::Frozen { frozen: Box::new(closing) });
        self.reach(last).await
    }

    async fn reach(&self, line: u64) -> Result<(), JournalError> {
        self.shared.flush();
        self.durable(Ticket(line)).await.map(drop)
    }

    /// Notes how the run ended, as the last thing, and waits until everything is durable.
    ///
    /// It blocks the calling thread for the time of one sync.
    ///
    /// # Errors
    ///
    /// Fails when anything could not be written, or when it was called before.
    pub fn end(&self, end: End) -> Result<(), JournalError> {
        self.shared.note(Note::Ended { end });
        self.close();
        self.shared.progress().borrow().clone().map(drop)
    }

    fn close(&self) {
        self.shared.close();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // It never panics, and if it did, the waits of the run would fail.
            let _ = thread.join();
        }
    }
}

impl Journal for Writer {
    fn intent(&self, target: u32) -> Ticket {
        Ticket(self.shared.note(Note::Intent { b: target }))
    }

    fn sending(&self, target: u32, n: u32, at: Timestamp) -> Ticket {
        Ticket(self.shared.note(Note::Sending { t: target, s: n, at }))
    }

    fn attempted(&self, target: u32, attempt: &Attempt, effect: Effect) -> Ticket {
        Ticket(self.shared.note(Note::Attempted { t: target, a: Box::new(attempt.clone()), effect }))
    }

    fn finished(&self, target: u32, result: &Arc<TargetResult>) -> Ticket {
        Ticket(self.shared.note(Note::Finished { t: target, f: Arc::clone(result) }))
    }

    fn stage(&self, stage: u16, at: Timestamp) -> Ticket {
        Ticket(self.shared.note(Note::Stage { stage, at }))
    }

    fn account(&self, account: &AccountNote) -> Ticket {
        Ticket(self.shared.note(Note::Account { account: account.clone() }))
    }

    fn flush(&self) {
        self.shared.flush();
    }

    fn durable(&self, ticket: Ticket) -> BoxFuture<'static, Result<Ticket, JournalError>> {
        let mut progress = self.shared.progress();
        async move {
            let over = |progress: &Progress| progress.as_ref().map_or(true, |last| *last >= ticket.0);
            let reached = progress.wait_for(over).await.map_err(|_| JournalError("its writer is gone".to_owned()))?;
            reached.clone().map(Ticket)
        }
        .boxed()
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("path", &self.shared.path).finish_non_exhaustive()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}
