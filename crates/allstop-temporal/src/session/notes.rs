//! The journal of a session: what it notes counts when the engine has acknowledged a heartbeat with it.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use allstop::engine::{
    AccountNote, AlreadyFinished, Attempt, Effect, History, Journal, JournalError, KnownAccount, ResumeState,
    TargetResult, Ticket,
};
use allstop::{BoxFuture, CancellationToken, Timestamp};
use futures::FutureExt;
use tokio::sync::{Notify, watch};

use super::room::{Detail, MOST_ROWS, left, weight};

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
    /// How many bytes the rows have.
    rows: usize,
    /// How many bytes what is open counts.
    open: usize,
}

impl Inner {
    fn weight(&self, target: u32) -> usize {
        self.history.state().open.get(&target).map_or(0, weight)
    }

    const fn bytes(&self) -> usize {
        self.rows + self.open
    }
}

impl Notes {
    /// Begins with what is known. Notes count after about a `checkpoint`; `full` is cancelled when the session has as many
    /// rows as it may bring.
    pub(super) fn new(known: ResumeState, checkpoint: Duration, full: CancellationToken) -> Self {
        // What a lost session brought has its place in each heartbeat, too.
        let rows = known.done.iter().map(|(_, row)| of_row(&row)).sum();
        let open = known.open.values().map(weight).sum();
        if rows >= MOST_ROWS {
            full.cancel();
        }
        Self {
            inner: Mutex::new(Inner { history: History::new(known), noted: 0, rows, open }),
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

    fn note(&self, target: u32, take: impl FnOnce(&mut History) -> Result<(), AlreadyFinished>) -> Ticket {
        let mut inner = self.lock();
        let before = inner.weight(target);
        // A target that has its row is noted no more; the executor sees to that.
        let _ = take(&mut inner.history);
        inner.open = inner.open - before + inner.weight(target);
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
        let ticket = self.note(target, |history| history.intent(target));
        // The first stops wait for it. Those of a lost session, which are read back meanwhile, do not.
        if !self.has_intents.swap(true, Relaxed) {
            self.hurried.notify_one();
        }
        ticket
    }

    fn sending(&self, target: u32, n: u32, at: Timestamp) -> Ticket {
        self.note(target, |history| history.sending(target, n, at))
    }

    fn attempted(&self, target: u32, attempt: &Attempt, effect: Effect) -> Ticket {
        let detail = Detail::at(self.lock().bytes());
        self.note(target, |history| match detail.of(attempt, effect) {
            Some(attempt) => history.attempted(target, attempt, effect),
            None => Ok(()),
        })
    }

    fn finished(&self, target: u32, result: &Arc<TargetResult>) -> Ticket {
        let told = Detail::at(self.lock().bytes()).row(result);
        let ticket = self.note(target, |history| history.finished(target, &told));
        let mut inner = self.lock();
        if result.is_final() {
            inner.rows += of_row(&told);
        }
        if inner.rows >= MOST_ROWS {
            self.full.cancel();
        }
        ticket
    }

    fn account(&self, account: &AccountNote) -> Ticket {
        let known = KnownAccount { account_id: account.account_id.clone(), project_id: account.project_id.clone() };
        let mut inner = self.lock();
        inner.history.account(account.name.clone(), known);
        inner.noted += 1;
        Ticket(inner.noted)
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

    fn room(&self) -> usize {
        left(self.lock().bytes())
    }
}

/// Returns how many bytes a row has in a heartbeat.
fn of_row(row: &TargetResult) -> usize {
    row.to_bytes().len() + size_of::<u32>()
}

#[cfg(test)]
mod tests {
    use super::super::room::{LONGEST, tests::throttled};
    use super::*;
    use crate::session::outcome;
    use crate::wire::{Packed, Why};
    use allstop::engine::{Evidence, Outcome, SkipReason, TargetError};
    use allstop::error::ErrorClass;

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
        let many = u32::try_from(MOST_ROWS / row.to_bytes().len() + 1).unwrap();
        (0..many).for_each(|target| {
            notes.finished(target, &row);
        });
        assert!(notes.full.is_cancelled());
    }

    #[test]
    fn the_rows_of_a_lost_session_count() {
        let row = TargetResult::skipped(SkipReason::Protected);
        let many = u32::try_from(MOST_ROWS / row.to_bytes().len() + 1).unwrap();
        let done = (0..many).map(|target| (target, row.clone())).collect();
        let known = ResumeState { done, ..ResumeState::default() };
        assert!(Notes::new(known, Duration::from_secs(1), CancellationToken::new()).full.is_cancelled());
    }

    /// Takes up all targets that there is room for, and returns how many.
    fn fill(notes: &Notes, from: u32) -> u32 {
        let room = u32::try_from(notes.room()).unwrap();
        (from..from + room).for_each(|target| {
            notes.intent(target);
        });
        room
    }

    #[test]
    fn targets_wait_while_there_is_no_room() {
        let notes = notes();
        let taken = fill(&notes, 0);
        assert_eq!((notes.room(), taken), (0, 8192));
        let row = Arc::new(TargetResult::skipped(SkipReason::Protected));
        (0..100).for_each(|target| {
            notes.finished(target, &row);
        });
        assert!((80..100).contains(&notes.room()), "{}", notes.room());
    }

    fn beat(notes: &Notes) -> usize {
        notes.snapshot(|state| Packed::of(state).unwrap().len()).1
    }

    fn result(state: &ResumeState, last: u32) -> usize {
        let targets: Vec<u32> = (0..=last).collect();
        serde_json::to_vec(&outcome::unsent(state, &targets, Why::Slice, "w").unwrap()).unwrap().len()
    }

    /// The row of a target after these attempts.
    fn last_row(outcome: Outcome, attempts: Vec<Attempt>) -> TargetResult {
        let (first, last) = (attempts.first().unwrap(), attempts.last().unwrap());
        let (started_at, finished_at) = (Some(first.at), Some(last.at));
        let error = last.message.clone().map(|message| {
            let (code, request_id) = (last.code.clone(), last.request_id.clone());
            Box::new(TargetError { class: ErrorClass::Throttled, code, message, request_id, hint: None })
        });
        TargetResult { started_at, finished_at, error, attempts, ..bare(outcome) }
    }

    fn bare(outcome: Outcome) -> TargetResult {
        let (evidence, state) = (Some(Evidence::Answer), Some("Stopped".into()));
        TargetResult { outcome, evidence, reason: None, state, ..TargetResult::skipped(SkipReason::Protected) }
    }

    /// Gives all that is open its row, and checks what is told and brought. The executor brings all of each row.
    fn finish_all(notes: &Notes, last: u32, row: impl Fn(u32) -> TargetResult) {
        let (open, done) =
            notes.snapshot(|state| (state.open.keys().copied().collect::<Vec<u32>>(), state.done.clone())).1;
        let mut known = ResumeState { done, ..ResumeState::default() };
        for target in open {
            let row = Arc::new(row(target));
            notes.finished(target, &row);
            known.done.insert(target, &row);
        }
        assert!(notes.snapshot(|state| state.open.is_empty() && state.done.len() == known.done.len()).1);
        let (told, brought) = (beat(notes), result(&known, last));
        assert!(told < LONGEST && brought < LONGEST, "{told} {brought}");
    }

    /// The longest ones: full of rows, everything open throttled again and again, the service's words and ids in each
    /// attempt, and then a row for everything at once.
    #[test]
    fn a_heartbeat_and_a_result_are_never_too_large_for_the_engine() {
        const THROTTLED: u64 = 30;
        let notes = notes();
        let number = |target: u32, n: u64| u64::from(target) * 100 + n;
        let mut taken = 0;
        while !notes.full.is_cancelled() {
            let row = |target: u32| {
                let attempts = vec![throttled(number(target, 0))];
                Arc::new(TargetResult { attempts, ..TargetResult::unknown("it is not known") })
            };
            taken += fill(&notes, taken);
            (taken - 500..taken).for_each(|target| {
                notes.finished(target, &row(target));
            });
        }
        let last = taken + fill(&notes, taken) - 1;
        let open: Vec<u32> = notes.snapshot(|state| state.open.keys().copied().collect()).1;
        for (n, attempt_n) in (1..=THROTTLED).zip(1..) {
            for target in &open {
                let attempt = Attempt { n: attempt_n, ..throttled(number(*target, n)) };
                notes.sending(*target, attempt_n, attempt.at);
                notes.attempted(*target, &attempt, Effect::Nothing);
            }
        }
        let (told, brought) = (beat(&notes), notes.snapshot(|state| result(state, last)).1);
        assert!(told < LONGEST && brought < LONGEST, "{told} {brought}");
        finish_all(&notes, last, |target| {
            let mut attempts: Vec<Attempt> = (1..=THROTTLED + 1).map(|n| throttled(number(target, n))).collect();
            let stop = attempts.last_mut().unwrap();
            *stop = Attempt { code: None, message: None, class: None, retry_in: None, ..stop.clone() };
            last_row(Outcome::Stopped, attempts)
        });
    }

    #[test]
    fn as_many_failures_as_there_is_room_for_are_not_too_large_either() {
        let notes = notes();
        let last = fill(&notes, 0) - 1;
        finish_all(&notes, last, |target| last_row(Outcome::Failed, vec![throttled(target.into())]));
    }
}
