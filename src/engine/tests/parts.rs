//! A part of a plan, a limiter of another's, and what can leave the process.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;

use super::world::{Call, Calls, code, execution, plan, prepare};
use crate::engine::{
    Completed, Event, LaneStats, Limiter, Observer, Outcome, Record, Results, ResumeState, Run, RunError, TargetResult,
    Throttled,
};

#[test]
fn a_run_can_move_to_another_thread() {
    fn is_send<T: Send>(_: &T) {}
    is_send(&Run::new(plan("fnf_execution", 1)).execute().boxed());
}

/// Counts the events of targets, and writes each down as it would leave the process.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Observer for Lines {
    fn on_event(&mut self, event: &Event<'_>) {
        self.0.lock().unwrap().push(serde_json::to_string(event).unwrap());
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_has_rows_and_events_of_its_own_targets_only() {
    let (calls, lines) = (Calls::default(), Lines::default());
    let run = prepare(plan("fnf_execution", 6), |_| execution("Stopped"), &calls).only([1, 4]);
    let record = run.observer(lines.clone()).execute().await.unwrap();
    assert_eq!((0..6).filter(|target| record.results.has(*target)).collect::<Vec<_>>(), [1, 4]);
    let targets: Vec<_> = calls.lock().unwrap().iter().map(|call| call.target).collect();
    assert_eq!(targets, [1, 4]);
    let lines = lines.0.lock().unwrap();
    assert_eq!(lines.iter().filter(|line| line.starts_with(r#"{"finished":{"target":"#)).count(), 2);
    assert!(lines[0].starts_with(r#"{"started":{"run":""#) && lines[0].contains(r#""targets":2,"#), "{}", lines[0]);
    assert_eq!(lines.last().unwrap(), r#"{"ended":{"status":"completed"}}"#);
}

#[tokio::test(start_paused = true)]
async fn parts_merge_in_plan_order() {
    let of = |targets: [u32; 3]| async move {
        let calls = Calls::default();
        let script = |call: &Call| if call.target == 4 { code(403, "AccessDenied") } else { execution("Stopped") };
        let record = prepare(plan("fnf_execution", 6), script, &calls).only(targets).execute().await.unwrap();
        let bytes = record.results.to_bytes();
        (record.lanes, Results::from_bytes(&bytes).unwrap())
    };
    let parts = [of([0, 2, 4]).await, of([1, 3, 5]).await];
    let (mut all, mut stats) = (Results::of(6), LaneStats::default());
    for (lanes, results) in &parts {
        stats += lanes[0].1;
        (0..6).filter(|target| results.has(*target)).for_each(|target| {
            assert!(all.set(target, &results.get(target).unwrap()));
        });
    }
    let stopped = all.iter().map(|result| result.outcome == Outcome::Stopped);
    assert!(stopped.eq([true, true, true, true, false, true]));
    assert_eq!((stats.requests, stats.throttled), (6, 0));
    assert!(Results::from_bytes(b"\x05\x01\x00").is_err());
    let one = all.get(4).unwrap();
    assert_eq!(TargetResult::from_bytes(&one.to_bytes()).unwrap(), one);
}

#[tokio::test(start_paused = true)]
async fn a_target_that_the_plan_does_not_have_is_an_error() {
    let run = || prepare(plan("fnf_execution", 2), |_| execution("Stopped"), &Calls::default());
    let refused = |outcome: Result<Record, RunError>| outcome.unwrap_err().to_string();
    let message = "no target has the number 2: the plan has 2 targets";
    assert_eq!(refused(run().only([1, 2]).execute().await), message);
    let done = Completed::from_iter([(2, TargetResult::skipped(crate::engine::SkipReason::Protected))]);
    assert_eq!(refused(run().resume(ResumeState { done, ..ResumeState::default() }).execute().await), message);
    let open = [(2, crate::engine::InProgress::default())].into();
    assert_eq!(refused(run().resume(ResumeState { open, ..ResumeState::default() }).execute().await), message);
}

#[tokio::test(start_paused = true)]
async fn what_a_run_leaves_survives_a_queue() {
    let script = |call: &Call| if call.target == 0 { code(409, "ConcurrentUpdateError") } else { execution("Stopped") };
    let (token, calls) = (tokio_util::sync::CancellationToken::new(), Calls::default());
    let cancel = token.clone();
    let script = move |call: &Call| {
        if call.target == 2 {
            cancel.cancel();
        }
        script(call)
    };
    let run = prepare(plan("fnf_execution", 3), script, &calls).hand_over_on(token, Duration::from_secs(1));
    let state = run.execute().await.unwrap().resume_state();
    assert_eq!((state.done.len(), state.open.len()), (2, 1));
    let json = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<ResumeState>(&json).unwrap(), state);
    let packed = postcard::to_stdvec(&state).unwrap();
    assert_eq!(postcard::from_bytes::<ResumeState>(&packed).unwrap(), state);
}

/// Grants one request in ten seconds.
#[derive(Default)]
struct Tenth(Option<tokio::time::Instant>, Arc<Mutex<Vec<Throttled>>>);

impl Limiter for Tenth {
    fn take(&mut self) -> Result<(), Duration> {
        let now = tokio::time::Instant::now();
        let free_at = self.0.map_or(now, |last| last + Duration::from_secs(10));
        if free_at > now {
            return Err(free_at - now);
        }
        self.0 = Some(now);
        Ok(())
    }

    fn throttled(&mut self, response: &Throttled) {
        self.1.lock().unwrap().push(*response);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lane_can_be_limited_by_somebody_else() {
    let (calls, throttled) = (Calls::default(), Arc::new(Mutex::new(Vec::new())));
    let heard = Arc::clone(&throttled);
    let script = |call: &Call| match (call.target, call.before) {
        (2, 0) => code(429, "ResourceThrottled"),
        _ => execution("Stopped"),
    };
    let run = prepare(plan("fnf_execution", 4), script, &calls)
        .limiter(move |lane| lane.stops.then(|| Box::new(Tenth(None, Arc::clone(&heard))) as Box<dyn Limiter>));
    let record = run.execute().await.unwrap();
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    let times: Vec<_> = calls.lock().unwrap().iter().map(|call| call.at.as_secs()).collect();
    assert_eq!(times, [0, 10, 20, 30, 40]);
    assert_eq!(throttled.lock().unwrap().len(), 1);
}
