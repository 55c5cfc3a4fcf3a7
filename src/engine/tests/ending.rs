//! How runs end before their targets do.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::world::{Answer, Calls, Noon, add, code, execution, in_two_regions, lost, ok, plan, prepare, run};
use crate::base::clock::Clock;
use crate::base::rate::Rate;
use crate::engine::{Outcome, SkipReason, Status};
use crate::plan::{CredentialNames, CredentialSource, MaxFailures, Patterns};

#[tokio::test(start_paused = true)]
async fn a_refused_key_closes_its_account_and_no_other() {
    let mut plan = plan("fnf_execution", 5000);
    add(&mut plan, "live_flow", 20);
    plan.limits.concurrency = 16;
    let (record, calls) = run(plan, |call| match call.api {
        "StopExecution" => code(403, "InvalidAccessKeyID"),
        _ => ok(r#"{"status":"STANDBY"}"#),
    })
    .await;
    let refused = calls.iter().filter(|call| call.api == "StopExecution").count();
    assert!(refused <= 16, "{refused} requests with a wrong key");
    let results: Vec<_> = record.results.iter().collect();
    let (fnf, live) = results.split_at(5000);
    assert_eq!(fnf.iter().filter(|result| result.outcome == Outcome::Failed).count(), refused);
    let skipped = fnf.iter().filter(|result| result.reason == Some(SkipReason::Credentials)).count();
    assert_eq!(skipped, 5000 - refused);
    assert!(live.iter().all(|result| result.outcome == Outcome::Stopped));
    assert_eq!(record.status, Status::Completed);
}

fn forbidden() -> Answer {
    code(403, "InvalidAccessKeyID")
}

#[tokio::test(start_paused = true)]
async fn one_target_that_is_refused_closes_no_account() {
    // The first of all, one in the middle, and every tenth; one at a time and many.
    let refused: [fn(usize) -> bool; 3] = [|n| n == 0, |n| n == 20, |n| n % 10 == 0];
    for (is_refused, concurrency) in refused.into_iter().flat_map(|refused| [(refused, 1), (refused, 8)]) {
        let mut plan = plan("fnf_execution", 300);
        plan.limits.concurrency = concurrency;
        let script =
            move |call: &super::world::Call| if is_refused(call.target) { forbidden() } else { execution("Stopped") };
        let (record, calls) = run(plan, script).await;
        assert_eq!(calls.len(), 300);
        for (number, result) in record.results.iter().enumerate() {
            let outcome = if is_refused(number) { Outcome::Failed } else { Outcome::Stopped };
            assert_eq!(result.outcome, outcome, "{number} at {concurrency}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_target_that_is_refused_closes_the_account() {
    // From the start, and of a key that was good for a while; a gateway's own words in between prove nothing.
    for (good, concurrency) in [(0, 1), (20, 1), (0, 8), (20, 8)] {
        let mut plan = plan("fnf_execution", 300);
        add(&mut plan, "live_flow", 5);
        plan.limits.concurrency = concurrency;
        let (record, calls) = run(plan, move |call| match (call.api, call.target, call.before) {
            ("StopExecution", target, _) if target < good => execution("Stopped"),
            ("StopExecution", target, 0) if target == good + 1 => code(503, "ServiceUnavailable"),
            ("StopExecution", ..) => forbidden(),
            _ => ok(r#"{"status":"STANDBY"}"#),
        })
        .await;
        let sent = calls.iter().filter(|call| call.api == "StopExecution").count() - good;
        assert!(sent <= concurrency.max(3), "{sent} requests of a wrong key, {good} good ones, {concurrency} at once");
        let count = |reason| record.results.iter().filter(|result| result.reason == Some(reason)).count();
        assert!(count(SkipReason::Credentials) >= 300 - good - concurrency.max(3));
        assert_eq!(record.results.iter().skip(300).filter(|flow| flow.outcome == Outcome::Stopped).count(), 5);
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_one_region_refuses_closes_no_other_region() {
    for concurrency in [1, 8] {
        let mut plan = in_two_regions(plan("fnf_execution", 300));
        plan.limits.concurrency = concurrency;
        let (record, calls) =
            run(plan, |call| if call.target % 2 == 1 { forbidden() } else { execution("Stopped") }).await;
        let refused = calls.iter().filter(|call| call.target % 2 == 1).count();
        assert!((2..=concurrency.max(3)).contains(&refused), "{refused} requests with a refused key");
        for (number, result) in record.results.iter().enumerate() {
            let is_fine = match number % 2 {
                0 => result.outcome == Outcome::Stopped,
                _ => result.outcome == Outcome::Failed || result.reason == Some(SkipReason::Credentials),
            };
            assert!(is_fine, "{number} at {concurrency}: {result:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_fails_in_one_region_pauses_no_other_region() {
    let mut plan = in_two_regions(plan("fnf_execution", 40));
    plan.limits.concurrency = 4;
    let (record, _) = run(plan, |call| if call.target % 2 == 1 { lost() } else { execution("Stopped") }).await;
    let is_stopped = |number: usize| record.results.get(number).unwrap().outcome == Outcome::Stopped;
    assert!((0..40).all(|number| is_stopped(number) == (number % 2 == 0)));
    let lanes: Vec<_> = record.lanes.iter().filter(|(info, _)| info.stops).map(|(info, _)| &*info.account).collect();
    assert_eq!(lanes, ["ali@cn-hangzhou", "ali@cn-shanghai"]);
}

#[tokio::test(start_paused = true)]
async fn a_plan_of_one_target_that_is_refused_ends() {
    let (record, calls) = run(plan("fnf_execution", 1), |_| forbidden()).await;
    assert_eq!((calls.len(), record.results.get(0).unwrap().outcome), (1, Outcome::Failed));
}

#[tokio::test(start_paused = true)]
async fn max_failures_is_exact() {
    for (most, failing, status) in [
        (MaxFailures::Count(3), 2, Status::Completed),
        (MaxFailures::Count(3), 3, Status::Aborted),
        (MaxFailures::Count(3), 4, Status::Aborted),
        (MaxFailures::Percent(1000), 2, Status::Completed),
        (MaxFailures::Percent(1000), 3, Status::Aborted),
        (MaxFailures::Percent(1000), 4, Status::Aborted),
    ] {
        let mut plan = plan("fnf_execution", 30);
        plan.guards.max_failures = Some(most);
        plan.limits.concurrency = 1;
        let (record, calls) =
            run(plan, move |call| if call.target < failing { code(403, "AccessDenied") } else { execution("Stopped") })
                .await;
        assert_eq!(record.status, status, "{most:?}, {failing} failures");
        let sent = if status == Status::Aborted { 3 } else { 30 };
        assert_eq!(calls.len(), sent, "{most:?}, {failing} failures");
        let told = record.ended_by.unwrap_or_default();
        let rule = most.to_string();
        assert_eq!(told == format!("3 targets are failed or unknown, and max_failures is {rule}"), sent == 3, "{told}");
        let left = record.results.iter().filter(|result| result.reason == Some(SkipReason::Aborted)).count();
        assert_eq!(left, 30 - sent);
    }
}

#[tokio::test(start_paused = true)]
async fn one_failure_is_told_as_one() {
    for (most, words) in [(1, "1 target is failed or unknown, "), (2, "2 targets are failed or unknown, ")] {
        let mut plan = plan("fnf_execution", 5);
        plan.guards.max_failures = Some(MaxFailures::Count(most));
        plan.limits.concurrency = 1;
        let ended_by = run(plan, |_| forbidden()).await.0.ended_by.unwrap();
        assert!(ended_by.starts_with(words), "{ended_by}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_above_max_targets_is_refused() {
    let mut plan = plan("fnf_execution", 11);
    plan.guards.max_targets = 10;
    let (record, calls) = run(plan, |_| execution("Stopped")).await;
    assert_eq!((calls.len(), record.results.len(), record.status), (0, 11, Status::Aborted));
    assert!(record.ended_by.unwrap().contains("11 targets"));
}

#[tokio::test(start_paused = true)]
async fn draining_sends_nothing_new_and_lets_what_is_in_flight_land() {
    let mut plan = plan("fnf_execution", 100);
    plan.limits.concurrency = 4;
    let token = CancellationToken::new();
    let calls = Calls::default();
    let cancel = token.clone();
    let script = move |call: &super::world::Call| {
        if call.target == 5 {
            cancel.cancel();
        }
        Answer(Duration::from_secs(2), execution(if call.target == 4 { "Running" } else { "Stopped" }).1)
    };
    let record = prepare(plan, script, &calls).drain_on(token).execute().await.unwrap();
    assert_eq!(record.status, Status::Interrupted);
    let sent = calls.lock().unwrap().len();
    assert!(sent <= 8, "{sent}");
    assert_eq!(record.results.len(), 100);
    let count = |outcome| record.results.iter().filter(|result| result.outcome == outcome).count();
    assert_eq!(count(Outcome::Stopped) + count(Outcome::Accepted), sent);
    assert_eq!(count(Outcome::Accepted), 1, "its end was not seen");
    assert_eq!(count(Outcome::Skipped), 100 - sent);
    assert_eq!(record.duration, Duration::from_secs(4));
}

#[tokio::test(start_paused = true)]
async fn a_lost_stop_is_not_called_failed_because_one_read_saw_it_running() {
    let token = CancellationToken::new();
    let cancel = token.clone();
    let script = move |call: &super::world::Call| match call.api {
        "StopExecution" => lost(),
        _ => {
            cancel.cancel();
            execution("Running")
        }
    };
    let calls = Calls::default();
    let record = prepare(plan("fnf_execution", 1), script, &calls).drain_on(token).execute().await.unwrap();
    assert_eq!((calls.lock().unwrap().len(), record.status), (2, Status::Interrupted));
    assert_eq!(record.results.get(0).unwrap().outcome, Outcome::Unknown);
}

#[tokio::test(start_paused = true)]
async fn duplicates_are_stopped_once() {
    let mut plan = plan("fnf_execution", 3);
    plan.targets.get_mut(2).unwrap().duplicate_of = Some(0);
    let (record, calls) = run(plan, |_| execution("Stopped")).await;
    assert_eq!(calls.len(), 2);
    assert_eq!(record.results.iter().last().unwrap().reason, Some(SkipReason::Duplicate));
}

/// The plan does not say that both accounts have one key: only the provider knows.
#[tokio::test(start_paused = true)]
async fn a_resource_of_one_key_is_stopped_once_and_protected_under_both_names() {
    let mut plan = plan("fnf_execution", 4);
    let mut twin = plan.accounts.first().unwrap().clone();
    twin.credentials = CredentialSource::Env(CredentialNames { access_key_id: Some("T".into()), ..Default::default() });
    plan.accounts.push(twin);
    for (number, of) in [(2, 0), (3, 1)] {
        let params = plan.targets.get(of).unwrap().params.clone();
        let target = plan.targets.get_mut(number).unwrap();
        (target.account, target.params) = (2, params);
    }
    plan.targets.get_mut(2).unwrap().labels = Arc::new([("team".to_owned(), "billing".to_owned())].into());
    plan.guards.protect = Patterns::new(["team=billing"]).unwrap();
    plan.guards.max_targets = 1;
    let (record, calls) = run(plan, |_| execution("Stopped")).await;
    assert_eq!(calls.iter().map(|call| call.target).collect::<Vec<_>>(), [1]);
    let reasons: Vec<_> = record.results.iter().map(|result| result.reason).collect();
    assert_eq!(reasons, [Some(SkipReason::Protected), None, Some(SkipReason::Duplicate), Some(SkipReason::Duplicate)]);
}

#[tokio::test(start_paused = true)]
async fn what_is_left_out_has_its_row_and_its_duplicate_stands_in() {
    let mut plan = plan("fnf_execution", 5);
    for (number, target) in plan.targets.iter_mut().enumerate() {
        target.duplicate_of = matches!(number, 2 | 3).then_some(0);
    }
    plan.guards.max_targets = 2;
    let calls = Calls::default();
    let record = prepare(plan, |_| execution("Stopped"), &calls)
        .leave_out(vec![(0, SkipReason::Filtered), (4, SkipReason::Filtered), (9, SkipReason::Filtered)])
        .execute()
        .await
        .unwrap();
    let mut sent: Vec<_> = calls.lock().unwrap().iter().map(|call| call.target).collect();
    sent.sort_unstable();
    assert_eq!(sent, [1, 2]);
    let reasons: Vec<_> = record.results.iter().map(|result| result.reason).collect();
    let [filtered, duplicate] = [SkipReason::Filtered, SkipReason::Duplicate].map(Some);
    assert_eq!(reasons, [filtered, None, None, duplicate, filtered]);
    assert_eq!(record.lanes.iter().map(|(lane, _)| lane.targets).sum::<usize>(), 2);
}

/// A wall clock that is set a year ahead, or back, after the first half of a second.
struct Set {
    began: Instant,
    by: SignedDuration,
}

impl Clock for Set {
    fn now(&self) -> Timestamp {
        let noon = Noon.now() + self.began.elapsed();
        if self.began.elapsed() < Duration::from_millis(500) { noon } else { noon + self.by }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_that_is_set_in_mid_run_makes_nothing_last_a_year() {
    for days in [365, -365] {
        let by = SignedDuration::from_hours(24 * days);
        let mut plan = plan("fnf_execution", 10);
        (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(5)), Some(1));
        let script = |call: &super::world::Call| match (call.target, call.before) {
            (2, 0) => code(500, "InternalServerError"),
            (3, 0) => lost(),
            _ => execution("Stopped"),
        };
        let clock = Set { began: Instant::now(), by };
        let record = prepare(plan, script, &Calls::default()).clock(clock).execute().await.unwrap();
        let span = record.finished_at.duration_since(record.started_at);
        assert_eq!((record.started_at, span.unsigned_abs()), (Noon.now(), record.duration));
        assert!((1..=5).contains(&record.duration.as_secs()), "{days} days: {:?}", record.duration);
        for result in record.results.iter() {
            let (first, last) = (result.started_at.unwrap(), result.finished_at.unwrap());
            assert!(record.started_at <= first && first <= last && last <= record.finished_at, "{result:?}");
            assert!(result.attempts.iter().all(|attempt| attempt.at >= first && attempt.at <= last), "{result:?}");
        }
    }
}
