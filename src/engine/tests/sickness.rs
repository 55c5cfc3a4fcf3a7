//! A service that is down, or half down; and a run that only looks.

use std::time::Duration;

use super::world::{Answer, add, code, execution, ok, plan, refused, run, status};
use crate::base::rate::Rate;
use crate::engine::{Evidence, Outcome, SkipReason};
use crate::error::ErrorClass;

#[tokio::test(start_paused = true)]
async fn a_dead_endpoint_costs_few_connections_and_bounded_time() {
    let mut plan = plan("fnf_execution", 5000);
    add(&mut plan, "live_flow", 5);
    let (record, calls) = run(plan, |call| match call.api {
        "StopExecution" => refused(),
        _ => ok(r#"{"status":"STANDBY"}"#),
    })
    .await;
    assert!(calls.len() <= 500, "{} connections", calls.len());
    assert!(record.duration < Duration::from_secs(120), "{:?}", record.duration);
    let results: Vec<_> = record.results.iter().collect();
    let (dead, alive) = results.split_at(5000);
    for result in dead {
        assert!(matches!(result.outcome, Outcome::Failed | Outcome::Skipped), "{:?}", result.outcome);
        assert_eq!(result.error.as_ref().map(|error| error.class), Some(ErrorClass::Network));
        assert!(result.reason.is_none_or(|reason| reason == SkipReason::Aborted));
    }
    assert!(alive.iter().all(|result| result.outcome == Outcome::Stopped), "other lanes go on");
}

/// The answer to a request that fails in the moment in which it leaves, as without a route to the network.
fn unreachable() -> Answer {
    Answer(Duration::ZERO, refused().1)
}

#[tokio::test(start_paused = true)]
async fn failures_without_any_delay_pause_the_lane_and_do_not_kill_it() {
    let mut plan = plan("fnf_execution", 500);
    (plan.limits.rate, plan.limits.burst) = (Some(Rate::per_second(500)), Some(500));
    let (record, calls) =
        run(plan.clone(), |call| if call.at < Duration::from_secs(20) { unreachable() } else { execution("Stopped") })
            .await;
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    assert!(record.duration < Duration::from_secs(60), "{:?}", record.duration);
    assert!(calls.len() < 650, "{} requests", calls.len());
    let (record, calls) = run(plan, |_| unreachable()).await;
    assert!((90..120).contains(&record.duration.as_secs()), "{:?}", record.duration);
    assert!(calls.len() < 150, "{} requests", calls.len());
}

#[tokio::test(start_paused = true)]
async fn an_outage_that_ends_costs_nothing_but_time() {
    let (record, calls) = run(plan("fnf_execution", 300), |call| {
        if call.at < Duration::from_secs(30) { status(503, "<html>down</html>") } else { execution("Stopped") }
    })
    .await;
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    let wasted = calls.len() - 300;
    assert!(wasted < 100, "{wasted} requests into the outage");
}

#[tokio::test(start_paused = true)]
async fn a_service_that_fails_half_of_the_time_is_not_asked_much_more() {
    let (record, calls) = run(plan("fnf_execution", 2000), |call| {
        // Half of all requests fail, by target and try.
        let fails = (call.target * 7 + call.before * 13) % 10 < 5;
        if fails { code(500, "InternalServerError") } else { execution("Stopped") }
    })
    .await;
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    assert!(calls.len() < 4500, "{} requests for 2000 targets", calls.len());
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_reads_and_never_stops() {
    let mut dry = plan("fnf_execution", 5);
    add(&mut dry, "drs_job", 2);
    let calls = super::world::Calls::default();
    let script = |call: &super::world::Call| match (call.api, call.target) {
        ("DescribeExecution", 0) => execution("Running"),
        ("DescribeExecution", 1) => execution("Stopped"),
        ("DescribeExecution", 2) => code(404, "ExecutionNotExists"),
        ("DescribeExecution", 3) => code(403, "AccessDenied"),
        ("DescribeExecution", _) => execution("Perplexed"),
        ("BatchListJobStatus", _) => ok(r#"{"results":[{"id":"job-n5x","status":"INCRE_TRANSFER_STARTED"}]}"#),
        ("ShowJobDetail", _) => code(400, "DRS.10000010"),
        _ => panic!("{call:?} changes something"),
    };
    let record = super::world::prepare(dry, script, &calls).dry_run(true).execute().await.unwrap();
    let outcomes: Vec<_> = record.results.iter().map(|result| result.outcome).collect();
    use Outcome::{AlreadyStopped, NotFound, Unknown, WouldStop};
    assert_eq!(outcomes, [WouldStop, AlreadyStopped, NotFound, Unknown, Unknown, WouldStop, NotFound]);
    let denied = record.results.get(3).unwrap();
    assert_eq!(denied.error.as_ref().map(|error| error.class), Some(ErrorClass::Denied));
    assert_eq!(record.results.get(0).unwrap().evidence, Some(Evidence::ReadBack));
    assert!(record.results.iter().all(|result| result.attempts.is_empty()));
    let lists = calls.lock().unwrap().iter().filter(|call| call.api == "BatchListJobStatus").count();
    assert_eq!(lists, 1, "one list serves both jobs");
}

#[tokio::test(start_paused = true)]
async fn a_deadline_ends_the_run_in_time() {
    let mut plan = plan("fnf_execution", 100);
    (plan.limits.rate, plan.limits.burst) = (None, None);
    let calls = super::world::Calls::default();
    let run = super::world::prepare(plan, |_| execution("Stopped"), &calls).deadline(Some(Duration::from_secs(5)));
    let record = run.execute().await.unwrap();
    assert_eq!(record.status, crate::engine::Status::Deadline);
    assert!(record.duration < Duration::from_secs(6), "{:?}", record.duration);
    let left = record.results.iter().filter(|result| result.reason == Some(SkipReason::Deadline)).count();
    assert_eq!(left, 100 - calls.lock().unwrap().len());
}
