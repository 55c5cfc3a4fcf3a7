//! What is written down before what, and what a run makes of what an earlier part left.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;

use super::world::{Answer, Calls, Noon, code, execution, lost, plan, prepare};
use crate::base::clock::Clock;
use crate::engine::{
    Attempt, Effect, Event, Evidence, InProgress, Journal, JournalError, Observer, Outcome, ResumeState, SkipReason,
    Status, TargetResult, Ticket,
};
use crate::error::ErrorClass;

/// One thing that was noted or done, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Intent(u32),
    Sending(u32, u32),
    Attempted(u32),
    Finished(u32),
    Durable,
    Request,
    Counted(usize),
}

type Steps = Arc<Mutex<Vec<Step>>>;

/// A journal whose writes take 5 ms, and that fails from one ticket on.
struct Slow {
    steps: Steps,
    fails_from: u64,
}

impl Slow {
    fn push(&self, step: Step) -> Ticket {
        let mut steps = self.steps.lock().unwrap();
        steps.push(step);
        Ticket(steps.iter().filter(|s| !matches!(s, Step::Durable | Step::Request | Step::Counted(_))).count() as u64)
    }
}

impl Journal for Slow {
    fn intent(&self, target: u32) -> Ticket {
        self.push(Step::Intent(target))
    }

    fn sending(&self, target: u32, n: u32, _at: Timestamp) -> Ticket {
        self.push(Step::Sending(target, n))
    }

    fn attempted(&self, target: u32, _attempt: &Attempt, _effect: Effect) -> Ticket {
        self.push(Step::Attempted(target))
    }

    fn finished(&self, target: u32, _result: &Arc<TargetResult>) -> Ticket {
        self.push(Step::Finished(target))
    }

    fn durable(&self, ticket: Ticket) -> BoxFuture<'static, Result<Ticket, JournalError>> {
        let (steps, fails) = (Arc::clone(&self.steps), ticket.0 >= self.fails_from);
        async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            if fails {
                return Err(JournalError("no space left on device".into()));
            }
            steps.lock().unwrap().push(Step::Durable);
            Ok(ticket)
        }
        .boxed()
    }
}

struct Counter(Steps);

impl Observer for Counter {
    fn on_event(&mut self, event: &Event<'_>) {
        if let Event::Finished { target, .. } = event {
            self.0.lock().unwrap().push(Step::Counted(*target));
        }
    }
}

fn journal(fails_from: u64) -> (Arc<Slow>, Steps) {
    let steps = Steps::default();
    (Arc::new(Slow { steps: Arc::clone(&steps), fails_from }), steps)
}

#[tokio::test(start_paused = true)]
async fn intent_is_durable_before_the_request_and_the_fact_before_it_counts() {
    let (journal, steps) = journal(u64::MAX);
    let requests = Arc::clone(&steps);
    let script = move |call: &super::world::Call| {
        requests.lock().unwrap().push(Step::Request);
        if call.before == 0 { code(409, "ConcurrentUpdateError") } else { execution("Stopped") }
    };
    let run = prepare(plan("fnf_execution", 1), script, &Calls::default());
    run.journal(journal).observer(Counter(Arc::clone(&steps))).execute().await.unwrap();
    let steps = steps.lock().unwrap().clone();
    let expected = [
        Step::Intent(0),
        Step::Durable,
        Step::Sending(0, 1),
        Step::Request,
        Step::Attempted(0),
        Step::Sending(0, 2),
        Step::Request,
        Step::Finished(0),
        Step::Durable,
        Step::Counted(0),
    ];
    assert_eq!(steps, expected);
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_fails_ends_the_sending_at_once() {
    let (journal, _) = journal(1);
    let calls = Calls::default();
    let run = prepare(plan("fnf_execution", 500), |_| execution("Stopped"), &calls);
    let record = run.journal(journal).execute().await.unwrap();
    assert_eq!(calls.lock().unwrap().len(), 0, "not one request left");
    assert_eq!(record.status, Status::Aborted);
    assert!(record.unrecorded.is_some());
    assert!(record.results.iter().all(|result| result.reason == Some(SkipReason::Aborted)));
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_fails_in_mid_run_keeps_what_is_known() {
    let (journal, _) = journal(120);
    let calls = Calls::default();
    let mut plan = plan("fnf_execution", 500);
    plan.limits.concurrency = 8;
    let record = prepare(plan, |_| execution("Stopped"), &calls).journal(journal).execute().await.unwrap();
    let sent = calls.lock().unwrap().len();
    let count = |outcome| record.results.iter().filter(|result| result.outcome == outcome).count();
    assert!((1..120).contains(&sent), "{sent} requests");
    assert_eq!(count(Outcome::Stopped), sent);
    assert_eq!(count(Outcome::Skipped), 500 - sent);
}

fn open(effect: Effect, sending: Option<u32>) -> InProgress {
    let at = Noon.now();
    InProgress { effect, sending: sending.map(|n| (n, at)), ..InProgress::default() }
}

fn past(
    done: impl IntoIterator<Item = (u32, TargetResult)>,
    open: impl IntoIterator<Item = (u32, InProgress)>,
) -> ResumeState {
    ResumeState {
        id: "run-1".into(),
        reason: Some("incident".into()),
        started_at: Noon.now(),
        done: done.into_iter().collect(),
        open: open.into_iter().collect(),
        ..ResumeState::default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_resumed_run_sends_nothing_for_what_is_done_and_reads_what_is_in_doubt() {
    let done = TargetResult {
        outcome: Outcome::Stopped,
        evidence: Some(Evidence::Answer),
        ..TargetResult::skipped(SkipReason::Aborted)
    };
    let past = past([(0, done.clone())], [(1, open(Effect::Lost, Some(1))), (2, open(Effect::Lost, Some(1)))]);
    let calls = Calls::default();
    let script = |call: &super::world::Call| match (call.api, call.target) {
        ("DescribeExecution", 1) => execution("Stopped"),
        ("DescribeExecution", _) => execution("Running"),
        _ => execution("Stopped"),
    };
    let record = prepare(plan("fnf_execution", 4), script, &calls).resume(past).execute().await.unwrap();
    assert_eq!((record.id.as_str(), record.reason.as_deref()), ("run-1", Some("incident")));
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    assert_eq!(record.results.get(0), Some(done));
    let calls = calls.lock().unwrap();
    let sent = |api, target| calls.iter().filter(|call| call.api == api && call.target == target).count();
    assert_eq!([0, 1, 2, 3].map(|target| sent("StopExecution", target)), [0, 0, 1, 1]);
    assert_eq!([0, 1, 2, 3].map(|target| sent("DescribeExecution", target)), [0, 1, 1, 0]);
    let attempts = &record.results.get(2).unwrap().attempts;
    assert_eq!(attempts.iter().map(|attempt| attempt.n).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(attempts.first().unwrap().class, Some(ErrorClass::Network));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_whose_answer_a_crash_took_is_noted_for_the_next_crash() {
    let (journal, steps) = journal(u64::MAX);
    let past = past([], [(0, open(Effect::Lost, Some(1))), (1, open(Effect::Lost, None))]);
    let script = |call: &super::world::Call| execution(if call.api == "StopExecution" { "Stopped" } else { "Running" });
    let run = prepare(plan("fnf_execution", 2), script, &Calls::default()).resume(past).journal(journal);
    run.execute().await.unwrap();
    let steps = steps.lock().unwrap();
    assert_eq!(steps.first(), Some(&Step::Attempted(0)));
    assert_eq!(steps.iter().filter(|step| **step == Step::Attempted(1)).count(), 0, "nothing of it was lost");
}

#[tokio::test(start_paused = true)]
async fn a_resumed_run_waits_for_the_end_of_a_stop_that_was_accepted() {
    let past = past([], [(0, open(Effect::Accepted, None))]);
    let calls = Calls::default();
    let script = |call: &super::world::Call| match (call.api, call.before) {
        ("StopExecution", _) => lost(),
        (_, 0..3) => execution("Running"),
        _ => execution("Stopped"),
    };
    let record = prepare(plan("fnf_execution", 1), script, &calls).resume(past).execute().await.unwrap();
    let result = record.results.get(0).unwrap();
    assert_eq!((result.outcome, result.evidence), (Outcome::Stopped, Some(Evidence::ReadBack)));
    assert!(calls.lock().unwrap().iter().all(|call| call.api == "DescribeExecution"));
}

#[tokio::test(start_paused = true)]
async fn what_a_drain_cuts_short_is_not_written_down_as_a_fact() {
    let (journal, steps) = journal(u64::MAX);
    let token = tokio_util::sync::CancellationToken::new();
    let cancel = token.clone();
    let script = move |call: &super::world::Call| {
        if call.target == 1 {
            cancel.cancel();
        }
        Answer(Duration::from_millis(10), execution("Running").1)
    };
    let mut plan = plan("fnf_execution", 3);
    plan.limits.concurrency = 1;
    let run = prepare(plan, script, &Calls::default()).journal(journal).drain_on(token);
    let record = run.execute().await.unwrap();
    let outcomes: Vec<_> = record.results.iter().map(|result| result.outcome).collect();
    assert_eq!(outcomes, [Outcome::Accepted, Outcome::Accepted, Outcome::Skipped]);
    assert!(!steps.lock().unwrap().iter().any(|step| matches!(step, Step::Finished(_))));
}

#[tokio::test(start_paused = true)]
async fn max_failures_does_not_wait_for_the_disk() {
    let (journal, _) = journal(u64::MAX);
    let mut plan = plan("fnf_execution", 30);
    plan.guards.max_failures = Some(crate::plan::MaxFailures::Count(3));
    plan.limits.concurrency = 1;
    let calls = Calls::default();
    let run = prepare(plan, |_| code(403, "AccessDenied"), &calls).journal(journal);
    let record = run.execute().await.unwrap();
    assert_eq!((calls.lock().unwrap().len(), record.status), (3, Status::Aborted));
}

/// A journal that is durable 5 ms after it was flushed, or after a second, and says how far ahead it wants notes, and how many.
struct Lazy {
    ahead: Duration,
    /// How many targets may be open at a time.
    room: usize,
    /// How many are, and the most that were.
    open: Mutex<(usize, usize)>,
    intents: Mutex<u64>,
    flushes: Mutex<u64>,
    flushed: Arc<tokio::sync::Notify>,
}

impl Lazy {
    fn new(ahead: Duration) -> Arc<Self> {
        Self::of_room(ahead, usize::MAX)
    }

    fn of_room(ahead: Duration, room: usize) -> Arc<Self> {
        let (open, intents, flushes) = (Mutex::default(), Mutex::new(0), Mutex::new(0));
        Arc::new(Self { ahead, room, open, intents, flushes, flushed: Arc::default() })
    }
}

impl Journal for Lazy {
    fn intent(&self, _target: u32) -> Ticket {
        *self.intents.lock().unwrap() += 1;
        let mut open = self.open.lock().unwrap();
        *open = (open.0 + 1, open.1.max(open.0 + 1));
        Ticket(1)
    }

    fn sending(&self, _target: u32, _n: u32, _at: Timestamp) -> Ticket {
        Ticket(1)
    }

    fn attempted(&self, _target: u32, _attempt: &Attempt, _effect: Effect) -> Ticket {
        Ticket(1)
    }

    fn finished(&self, _target: u32, _result: &Arc<TargetResult>) -> Ticket {
        self.open.lock().unwrap().0 -= 1;
        Ticket(1)
    }

    fn flush(&self) {
        *self.flushes.lock().unwrap() += 1;
        self.flushed.notify_one();
    }

    fn durable(&self, ticket: Ticket) -> BoxFuture<'static, Result<Ticket, JournalError>> {
        let flushed = Arc::clone(&self.flushed);
        async move {
            let _ = tokio::time::timeout(Duration::from_secs(1), flushed.notified()).await;
            tokio::time::sleep(Duration::from_millis(5)).await;
            Ok(ticket)
        }
        .boxed()
    }

    fn ahead(&self) -> Duration {
        self.ahead
    }

    fn room(&self) -> usize {
        self.room - self.open.lock().unwrap().0
    }
}

#[tokio::test(start_paused = true)]
async fn a_journal_is_flushed_only_when_nothing_can_be_sent() {
    let mut plan = plan("fnf_execution", 200);
    (plan.limits.rate, plan.limits.burst) = (Some(crate::base::rate::Rate::per_second(40)), Some(1));
    let (journal, began) = (Lazy::new(Duration::from_secs(3)), tokio::time::Instant::now());
    let run = prepare(plan, |_| execution("Stopped"), &Calls::default()).journal(Arc::clone(&journal) as _);
    run.execute().await.unwrap();
    let (seconds, flushes) = (began.elapsed().as_secs_f64(), *journal.flushes.lock().unwrap());
    assert!(seconds < 5.2, "{seconds} s: the journal is slow, and the intents are far enough ahead");
    assert!(flushes <= 5, "{flushes} flushes");
}

#[tokio::test(start_paused = true)]
async fn a_journal_says_how_far_ahead_intents_are_noted() {
    let mut plan = plan("fnf_execution", 400);
    (plan.limits.rate, plan.limits.burst) = (Some(crate::base::rate::Rate::per_second(40)), Some(1));
    let journal = Lazy::new(Duration::from_secs(2));
    let (token, noted) = (tokio_util::sync::CancellationToken::new(), Arc::clone(&journal));
    let (cancel, first) = (token.clone(), Arc::new(Mutex::new(0)));
    let seen = Arc::clone(&first);
    let script = move |_: &super::world::Call| {
        *seen.lock().unwrap() = *noted.intents.lock().unwrap();
        cancel.cancel();
        execution("Stopped")
    };
    prepare(plan, script, &Calls::default()).journal(journal).drain_on(token).execute().await.unwrap();
    assert_eq!(*first.lock().unwrap(), 80, "two seconds at forty a second");
}

#[tokio::test(start_paused = true)]
async fn targets_wait_for_room_in_the_journal() {
    let journal = Lazy::of_room(Duration::from_millis(50), 3);
    let run = prepare(plan("fnf_execution", 200), |_| execution("Stopped"), &Calls::default());
    let record = run.journal(Arc::clone(&journal) as _).execute().await.unwrap();
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    assert_eq!(*journal.open.lock().unwrap(), (0, 3));
}
