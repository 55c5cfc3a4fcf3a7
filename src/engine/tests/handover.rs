//! A run that is handed over: another one goes on with what it leaves, and nothing is sent twice without a look.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::world::{Answer, Call, Calls, Noon, code, execution, plan, prepare};
use crate::base::clock::Clock;
use crate::base::rate::Rate;
use crate::engine::{Effect, History, InProgress, LaneMemory, Outcome, Record, ResumeState, SkipReason, Status};
use crate::plan::Plan;

const GRACE: Duration = Duration::from_secs(1);

fn late(after: Duration, answer: Answer) -> Answer {
    Answer(after, answer.1)
}

fn requests(calls: &Calls, api: &str, target: usize) -> usize {
    calls.lock().unwrap().iter().filter(|call| call.api == api && call.target == target).count()
}

/// Runs a plan and hands it over when the request for `last` comes in.
async fn handed_over(plan: Plan, last: usize, script: fn(&Call) -> Answer) -> (Record, Calls) {
    let (calls, token) = (Calls::default(), CancellationToken::new());
    let cancel = token.clone();
    let script = move |call: &Call| {
        if call.target == last {
            cancel.cancel();
        }
        script(call)
    };
    let record = prepare(plan, script, &calls).id("run-1").hand_over_on(token, GRACE).execute().await.unwrap();
    (record, calls)
}

#[tokio::test(start_paused = true)]
async fn what_is_in_flight_completes_and_another_run_goes_on() {
    let mut plan = plan("fnf_execution", 6);
    plan.limits.concurrency = 2;
    let (first, calls) = handed_over(plan.clone(), 2, |_| execution("Stopped")).await;
    assert_eq!((first.status, first.open.len()), (Status::Interrupted, 0));
    let outcomes: Vec<_> = first.results.iter().map(|result| result.outcome).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Outcome::Stopped).count(), calls.lock().unwrap().len());
    assert_eq!(first.results.get(5).unwrap().reason, Some(SkipReason::Interrupted));
    let past = first.resume_state();
    let (done, later) = (past.done.len(), Calls::default());
    let second = prepare(plan, |_| execution("Stopped"), &later).resume(past).execute().await.unwrap();
    assert!(second.results.iter().all(|result| result.outcome == Outcome::Stopped));
    assert_eq!((second.id.as_str(), later.lock().unwrap().len()), ("run-1", 6 - done));
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_outlasts_the_grace_is_in_doubt_and_read_first() {
    let script = |call: &Call| match call.target {
        1 => late(Duration::from_secs(9), execution("Stopped")),
        _ => execution("Stopped"),
    };
    let (first, calls) = handed_over(plan("fnf_execution", 2), 1, script).await;
    assert!(calls.lock().unwrap().iter().all(|call| call.at < GRACE * 2));
    assert_eq!(first.results.get(1).unwrap().outcome, Outcome::Unknown);
    let open = first.open.get(&1).unwrap();
    assert!(open.is_in_doubt() && open.sending.is_some_and(|(n, _)| n == 1), "{open:?}");
    let later = Calls::default();
    let run = prepare(plan("fnf_execution", 2), |_| execution("Stopped"), &later).resume(first.resume_state());
    let second = run.execute().await.unwrap();
    assert_eq!(second.results.get(1).unwrap().outcome, Outcome::Stopped);
    assert_eq!((requests(&later, "StopExecution", 1), requests(&later, "DescribeExecution", 1)), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_that_resumes_sends_no_stop() {
    let script = |call: &Call| match call.target {
        0 => code(409, "ConcurrentUpdateError"),
        _ => late(Duration::from_secs(9), execution("Stopped")),
    };
    let (first, _) = handed_over(plan("fnf_execution", 2), 1, script).await;
    assert_eq!(first.open.len(), 2);
    let later = Calls::default();
    let run = prepare(plan("fnf_execution", 2), |_| execution("Running"), &later).resume(first.resume_state());
    let second = run.dry_run(true).execute().await.unwrap();
    assert!(second.results.iter().all(|result| result.outcome == Outcome::WouldStop));
    assert!(later.lock().unwrap().iter().all(|call| call.api == "DescribeExecution"));
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_is_sent_again_without_a_read() {
    let script = |call: &Call| match call.target {
        0 => code(409, "ConcurrentUpdateError"),
        _ => late(Duration::from_millis(50), execution("Stopped")),
    };
    let (first, _) = handed_over(plan("fnf_execution", 2), 1, script).await;
    let open = first.open.get(&0).unwrap();
    assert_eq!((open.is_in_doubt(), open.effect, open.attempts.len()), (false, Effect::Nothing, 1));
    let later = Calls::default();
    let run = prepare(plan("fnf_execution", 2), |_| execution("Stopped"), &later).resume(first.resume_state());
    let result = run.execute().await.unwrap().results.get(0).unwrap();
    assert_eq!((result.outcome, result.attempts.len()), (Outcome::Stopped, 2));
    assert_eq!((requests(&later, "StopExecution", 0), requests(&later, "DescribeExecution", 0)), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn doubt_survives_a_hand_over() {
    // The run that was killed had sent it; the one that is handed over has not looked yet.
    let open = InProgress { effect: Effect::Lost, ..InProgress::default() };
    let past = ResumeState { id: "run-1".into(), open: [(0, open)].into(), ..ResumeState::default() };
    let (token, calls) = (CancellationToken::new(), Calls::default());
    token.cancel();
    let run = prepare(plan("fnf_execution", 2), |_| execution("Running"), &calls).resume(past);
    let record = run.hand_over_on(token, GRACE).execute().await.unwrap();
    assert_eq!(calls.lock().unwrap().len(), 0, "a token that is cancelled already lets nothing leave");
    let open = record.open.get(&0).unwrap();
    assert!(open.is_in_doubt() && open.effect == Effect::Lost, "{open:?}");
}

#[tokio::test(start_paused = true)]
async fn a_drain_token_that_is_cancelled_already_lets_nothing_leave() {
    let (token, calls) = (CancellationToken::new(), Calls::default());
    token.cancel();
    let run = prepare(plan("fnf_execution", 50), |_| execution("Stopped"), &calls).drain_on(token);
    let record = run.execute().await.unwrap();
    assert_eq!((calls.lock().unwrap().len(), record.status), (0, Status::Interrupted));
    assert!(record.results.iter().all(|result| result.reason == Some(SkipReason::Interrupted)));
}

#[tokio::test(start_paused = true)]
async fn after_a_loss_a_lane_begins_with_no_burst_whatever_is_known_of_it() {
    let mut plan = plan("fnf_execution", 40);
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(10)), Some(20));
    let sent_at_once = async |past: ResumeState, is_lost| {
        let calls = Calls::default();
        let run = prepare(plan.clone(), |_| execution("Stopped"), &calls).id("run-1").resume(past);
        if is_lost { run.without_burst() } else { run }.execute().await.unwrap();
        let calls = calls.lock().unwrap();
        calls.iter().filter(|call| call.at < Duration::from_millis(50)).count()
    };
    let known = |ago| LaneMemory {
        account: "ali".to_owned(),
        region: "cn-hangzhou".to_owned(),
        api: "fnf:StopExecution".to_owned(),
        last_sent: Some(Noon.now() - Duration::from_secs(ago)),
        ..LaneMemory::default()
    };
    let of = |lanes| ResumeState { id: "run-1".to_owned(), started_at: Noon.now(), lanes, ..ResumeState::default() };
    assert_eq!(sent_at_once(of(vec![]), false).await, 20);
    assert_eq!(sent_at_once(of(vec![known(1)]), false).await, 10, "the lane is known");
    for lanes in [vec![], vec![known(1)], vec![known(3600)]] {
        assert!(sent_at_once(of(lanes), true).await <= 1);
    }
}

#[tokio::test(start_paused = true)]
async fn lanes_go_on_at_the_rate_they_had_learnt_and_without_a_new_burst() {
    let mut plan = plan("fnf_execution", 400);
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(100)), Some(20));
    let script = |call: &Call| {
        // A quota of twenty a second, as far as the run can see.
        if call.at.as_millis() % 1000 > 200 { code(429, "ResourceThrottled") } else { execution("Stopped") }
    };
    let (first, _) = handed_over(plan.clone(), 60, script).await;
    let memory = first.memory.iter().find(|memory| memory.api == "fnf:StopExecution").unwrap();
    let rate = memory.learnt.unwrap().rate;
    assert!(rate < 70.0, "{memory:?}");
    let (later, token) = (Calls::default(), CancellationToken::new());
    let end = token.clone();
    let script = move |call: &Call| {
        if call.at > Duration::from_millis(300) {
            end.cancel();
        }
        execution("Stopped")
    };
    let run = prepare(plan, script, &later).resume(first.resume_state()).hand_over_on(token, GRACE);
    run.execute().await.unwrap();
    let sent = later.lock().unwrap().iter().filter(|call| call.at < Duration::from_millis(200)).count();
    assert!(sent < 19, "{sent} requests at once are a new burst");
}

#[test]
fn a_hand_over_takes_the_place_of_what_was_noted_as_open() {
    let mut history = History::new(ResumeState::default());
    history.intent(3).unwrap();
    history.intent(4).unwrap();
    history.handed_over([(4, InProgress { is_handed_over: true, ..InProgress::default() })], Vec::new());
    assert!(!history.state().open.contains_key(&3), "only who noted the intent knows that nothing was sent");
    assert!(!history.state().open[&4].is_in_doubt());
    // Whoever goes on notes an intent first: a crash after that leaves doubt.
    history.intent(4).unwrap();
    assert!(history.state().open[&4].is_in_doubt());
}

#[tokio::test(start_paused = true)]
async fn the_intent_to_go_on_is_durable_before_the_request() {
    use crate::journal::tests::memory::{Life, Memory};
    let life = Life::of(u64::MAX);
    let journal = Arc::new(Memory::begin(1, life));
    let seen = Arc::new(Mutex::new(false));
    let (known, noted) = (Arc::clone(&journal), Arc::clone(&seen));
    let script = move |_: &Call| {
        *noted.lock().unwrap() = Memory::read(&known.left(0.0)).past.open.contains_key(&0);
        execution("Stopped")
    };
    let open = InProgress { is_handed_over: true, ..InProgress::default() };
    let past = ResumeState { id: Memory::RUN.into(), open: [(0, open)].into(), ..ResumeState::default() };
    let calls = Calls::default();
    let run = prepare(plan("fnf_execution", 1), script, &calls).resume(past).journal(journal);
    assert_eq!(run.execute().await.unwrap().results.get(0).unwrap().outcome, Outcome::Stopped);
    assert!(*seen.lock().unwrap());
}
