//! The journal of a session: what it notes counts when the engine has acknowledged a heartbeat with it.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use allstop::engine::{
    AccountNote, Attempt, Effect, History, Journal, JournalError, KnownAccount, ResumeState, TargetResult, Ticket,
};
use allstop::{BoxFuture, CancellationToken, Timestamp};
use futures::FutureExt;
use tokio::sync::{Notify, watch};

/// How many bytes of rows a session brings. All of them are in each of its heartbeats.
const MOST_BYTES: usize = 256 * 1024;

/// What a session notes.
pub(super) struct Notes {
    inner: Mutex<Inner>,
    /// How far the engine has acknowledged the notes, or why it never will.
    acknowledged: watch::Sender<Result<u64, JournalError>>,
    /// Somebody waits for the next heartbeat.
    hurried: Notify,
    /// Whether an intent was noted.
    has_intents: AtomicBool,
    /// Cancelled when there is no room for more rows.
    full: CancellationToken,
    ahead: Duration,
}

struct Inner {
    history: History,
    noted: u64,
    bytes: usize,
}

impl Notes {
    /// Begins with what is known. Notes count after about a `checkpoint`; `full` is cancelled when the session has as many
    /// rows as it may bring.
    pub(super) fn new(known: ResumeState, checkpoint: Duration, full: CancellationToken) -> Self {
        Self {
            inner: Mutex::new(Inner { history: History::new(known), noted: 0, bytes: 0 }),
            acknowledged: watch::Sender::new(Ok(0)),
            hurried: Notify::new(),
            has_intents: AtomicBool::new(false),
            full,
            // A heartbeat and its acknowledgement take their time as well.
            ahead: checkpoint + checkpoint / 2 + Duration::from_millis(50),
        }
    }

    /// Returns what is known, and the number of the last note in it; `with` reads it.
    pub(super) fn snapshot<T>(&self, with: impl FnOnce(&ResumeState) -> T) -> (u64, T) {
        let inner = self.lock();
        (inner.noted, with(inner.history.state()))
    }

    /// Takes in that the engine has acknowledged everything up to a note.
    pub(super) fn acknowledge(&self, note: u64) {
        self.acknowledged.send_if_modified(|known| match known {
            Ok(before) if *before < note => {
                *before = note;
                true
            }
            Ok(_) | Err(_) => false,
        });
    }

    /// Takes in that the engine will acknowledge nothing more.
    pub(super) fn fail(&self, why: &str) {
        drop(self.acknowledged.send_replace(Err(JournalError(why.to_owned()))));
    }

    /// Waits until somebody waits for the next heartbeat.
    pub(super) async fn hurried(&self) {
        self.hurried.notified().await;
    }

    fn note<E>(&self, take: impl FnOnce(&mut History) -> Result<(), E>) -> Ticket {
        let mut inner = self.lock();
        // A target that has its row is noted no more; the executor sees to that.
        let _ = take(&mut inner.history);
        inner.noted += 1;
        Ticket(inner.noted)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // No code panics while it holds the lock.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for Notes {
    fn intent(&self, target: u32) -> Ticket {
        let ticket = self.note(|history| history.intent(target));
        // The first stops wait for it. Those of a lost session, which are read back meanwhile, do not.
        if !self.has_intents.swap(true, Relaxed) {
            self.hurried.notify_one();
        }
        ticket
    }

    fn sending(&self, target: u32, n: u32, at: Timestamp) -> Ticket {
        self.note(|history| history.sending(target, n, at))
    }

    fn attempted(&self, target: u32, attempt: &Attempt, effect: Effect) -> Ticket {
        self.note(|history| history.attempted(target, attempt.clone(), effect))
    }

    fn finished(&self, target: u32, result: &Arc<TargetResult>) -> Ticket {
        let bytes = result.to_bytes().len() + size_of::<u32>();
        let ticket = self.note(|history| history.finished(target, result));
        let mut inner = self.lock();
        inner.bytes += bytes;
        if inner.bytes >= MOST_BYTES {
            self.full.cancel();
        }
        ticket
    }

    fn account(&self, account: &AccountNote) -> Ticket {
        let known = KnownAccount { account_id: account.account_id.clone(), project_id: account.project_id.clone() };
        self.note(|history| {
            history.account(account.name.clone(), known);
            Ok::<_, ()>(())
        })
    }

    fn flush(&self) {
        self.hurried.notify_one();
    }

    fn durable(&self, ticket: Ticket) -> BoxFuture<'static, Result<Ticket, JournalError>> {
        let mut acknowledged = self.acknowledged.subscribe();
        async move {
            let over = |known: &Result<u64, JournalError>| known.as_ref().map_or(true, |note| *note >= ticket.0);
            let gone = || JournalError("its session is gone".to_owned());
            let known = acknowledged.wait_for(over).await.map_err(|_| gone())?;
            known.clone().map(Ticket)
        }
        .boxed()
    }

    fn ahead(&self) -> Duration {
        self.ahead
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use allstop::engine::SkipReason;

    fn notes() -> Notes {
        Notes::new(ResumeState::default(), Duration::from_secs(1), CancellationToken::new())
    }

    #[tokio::test]
    async fn a_note_counts_when_it_is_acknowledged() {
        let notes = notes();
        let (first, second) = (notes.intent(1), notes.intent(2));
        let mut wait = notes.durable(second);
        assert!((&mut wait).now_or_never().is_none());
        notes.acknowledge(first.0);
        assert!((&mut wait).now_or_never().is_none());
        let (last, open) = notes.snapshot(|state| state.open.len());
        assert_eq!((last, open), (second.0, 2));
        notes.acknowledge(last);
        assert_eq!(wait.await, Ok(second));
        notes.fail("lost");
        assert!(notes.durable(first).await.is_err());
    }

    #[tokio::test]
    async fn the_first_intent_hurries_the_heartbeat_and_later_ones_do_not() {
        let notes = notes();
        assert!(notes.hurried().now_or_never().is_none());
        notes.intent(1);
        notes.intent(2);
        assert!(notes.hurried().now_or_never().is_some());
        notes.intent(3);
        assert!(notes.hurried().now_or_never().is_none());
        notes.flush();
        assert!(notes.hurried().now_or_never().is_some());
    }

    #[test]
    fn it_is_full_after_so_many_bytes() {
        let notes = notes();
        let row = Arc::new(TargetResult::skipped(SkipReason::Protected));
        let many = u32::try_from(MOST_BYTES / row.to_bytes().len() + 1).unwrap();
        (0..many).for_each(|target| {
            notes.finished(target, &row);
        });
        assert!(notes.full.is_cancelled());
    }
}
