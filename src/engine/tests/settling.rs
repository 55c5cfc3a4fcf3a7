//! What each course of answers makes of a target.

use std::time::Duration;

use super::world::{Answer, Call, Calls, code, execution, lost, ok, plan, prepare, refused, run, status, with};
use crate::engine::{Evidence, Outcome, TargetResult};
use crate::error::ErrorClass;
use crate::plan::{Plan, VerifyMode};

async fn one(plan: Plan, script: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> TargetResult {
    let (record, _) = run(plan, script).await;
    record.results.get(0).unwrap()
}

fn classes(result: &TargetResult) -> Vec<Option<ErrorClass>> {
    result.attempts.iter().map(|attempt| attempt.class).collect()
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_proves_it_is_enough() {
    let result = one(plan("fnf_execution", 1), |_| execution("Stopped")).await;
    assert_eq!((result.outcome, result.evidence), (Outcome::Stopped, Some(Evidence::Answer)));
    assert_eq!((result.attempts.len(), result.reads, result.error), (1, 0, None));
}

#[tokio::test(start_paused = true)]
async fn transient_errors_are_tried_again_with_growing_waits() {
    let result = one(plan("fnf_execution", 1), |call| match call.before {
        0 => code(409, "ConcurrentUpdateError"),
        1 => code(500, "InternalServerError"),
        2 => refused(),
        _ => execution("Stopped"),
    })
    .await;
    assert_eq!(result.outcome, Outcome::Stopped);
    let seen = [Some(ErrorClass::Conflict), Some(ErrorClass::Server), Some(ErrorClass::Network), None];
    assert_eq!(classes(&result), seen);
    let waits: Vec<_> = result.attempts.iter().map(|attempt| attempt.retry_in.unwrap_or_default()).collect();
    for (wait, most) in waits.iter().zip([200, 400, 800, 0]) {
        assert!(*wait <= Duration::from_millis(most), "{waits:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn tries_run_out() {
    let (record, calls) = run(plan("fnf_execution", 1), |call| match call.api {
        "StopExecution" => code(500, "InternalServerError"),
        _ => execution("Running"),
    })
    .await;
    let result = record.results.get(0).unwrap();
    assert_eq!((result.outcome, result.evidence), (Outcome::Failed, Some(Evidence::ReadBack)));
    assert_eq!((result.attempts.len(), calls.len()), (8, 8 + result.reads as usize));
    assert_eq!(result.error.as_ref().unwrap().class, ErrorClass::Server);
    let last_stop = calls.iter().rfind(|call| call.api == "StopExecution").unwrap();
    let last_read = calls.last().unwrap();
    assert!((10..11).contains(&(last_read.at - last_stop.at).as_secs()), "it is watched for ten seconds: {calls:?}");
}

#[tokio::test(start_paused = true)]
async fn a_server_error_may_hide_a_stop() {
    let result = one(plan("fnf_execution", 1), |call| match (call.api, call.before) {
        ("StopExecution", 0) => code(500, "InternalServerError"),
        ("StopExecution", _) => code(400, "ExecutionAlreadyCompleted"),
        _ => execution("Stopped"),
    })
    .await;
    assert_eq!(result.outcome, Outcome::Stopped);
}

#[tokio::test(start_paused = true)]
async fn throttling_costs_time_and_no_tries() {
    let (record, calls) = run(plan("fnf_execution", 1), |_| code(429, "ResourceThrottled")).await;
    let result = record.results.get(0).unwrap();
    assert_eq!(result.outcome, Outcome::Failed);
    assert!(calls.len() > 8, "more than max_attempts: {}", calls.len());
    assert!(record.duration <= Duration::from_secs(603), "{:?}", record.duration);
    assert!(record.duration > Duration::from_secs(500), "{:?}", record.duration);
}

#[tokio::test(start_paused = true)]
async fn the_service_is_given_the_time_it_asks_for() {
    let result = one(plan("fnf_execution", 1), |call| match call.before {
        0 => with(code(429, "ResourceThrottled"), "x-acs-retry-after", "45000"),
        1 => with(code(503, "ServiceUnavailable"), "retry-after", "70"),
        _ => execution("Stopped"),
    })
    .await;
    let waits: Vec<_> = result.attempts.iter().filter_map(|attempt| attempt.retry_in).collect();
    assert_eq!(waits, [Duration::from_secs(45), Duration::from_secs(70)]);
}

#[tokio::test(start_paused = true)]
async fn a_permanent_refusal_is_not_tried_again() {
    for (http, name, class) in
        [(400, "InvalidArgument", ErrorClass::Invalid), (403, "AccessDenied", ErrorClass::Denied)]
    {
        let result = one(plan("fnf_execution", 1), move |_| code(http, name)).await;
        assert_eq!((result.outcome, classes(&result)), (Outcome::Failed, vec![Some(class)]), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_settled_by_reading() {
    for (state, outcome) in
        [("Stopped", Outcome::Stopped), ("Succeeded", Outcome::AlreadyStopped), ("TimedOut", Outcome::AlreadyStopped)]
    {
        let script = move |call: &Call| if call.api == "StopExecution" { lost() } else { execution(state) };
        let result = one(plan("fnf_execution", 1), script).await;
        assert_eq!((result.outcome, result.evidence), (outcome, Some(Evidence::ReadBack)), "{state}");
        assert_eq!((result.attempts.len(), result.reads), (1, 1), "{state}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_of_what_still_runs_is_sent_again() {
    let result = one(plan("fnf_execution", 1), |call| match (call.api, call.before) {
        ("StopExecution", 0) => lost(),
        ("StopExecution", _) => execution("Stopped"),
        _ => execution("Running"),
    })
    .await;
    assert_eq!((result.outcome, result.attempts.len(), result.reads), (Outcome::Stopped, 2, 1));
    assert!(result.attempts.first().unwrap().retry_in.is_some());
}

/// A plan of one execution whose stop may be sent once.
fn one_try() -> Plan {
    let mut plan = plan("fnf_execution", 1);
    plan.retry.max_attempts = 1;
    plan
}

#[tokio::test(start_paused = true)]
async fn a_read_that_lags_behind_the_last_try_is_not_believed() {
    let answers: [fn() -> Answer; 4] = [lost, || code(500, "InternalServerError"), || status(504, ""), || ok("{")];
    for answer in answers {
        let late = Duration::from_secs(9);
        let script = move |call: &Call| match call.api {
            "StopExecution" => answer(),
            _ => execution(if call.at < late { "Running" } else { "Stopped" }),
        };
        let result = one(one_try(), script).await;
        assert_eq!((result.outcome, result.evidence), (Outcome::Stopped, Some(Evidence::ReadBack)));
        assert_eq!((result.attempts.len(), result.state.as_deref()), (1, Some("Stopped")));
    }
}

#[tokio::test(start_paused = true)]
async fn what_runs_until_reads_cannot_lag_is_failed_and_before_that_unknown() {
    let script = |call: &Call| if call.api == "StopExecution" { lost() } else { execution("Running") };
    let result = one(one_try(), script).await;
    assert_eq!((result.outcome, result.evidence), (Outcome::Failed, Some(Evidence::ReadBack)));
    let mut hasty = one_try();
    hasty.verify.timeout = Duration::from_secs(3);
    let (record, _) = run(hasty, script).await;
    let result = record.results.get(0).unwrap();
    assert_eq!((result.outcome, result.state.as_deref()), (Outcome::Unknown, Some("Running")));
    assert!((3..4).contains(&record.duration.as_secs()), "{:?}", record.duration);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_ends_while_a_lost_stop_is_watched_does_not_know() {
    let script = |call: &Call| if call.api == "StopExecution" { lost() } else { execution("Running") };
    let run = prepare(one_try(), script, &Calls::default()).deadline(Some(Duration::from_secs(4)));
    let record = run.execute().await.unwrap();
    assert_eq!(record.results.get(0).unwrap().outcome, Outcome::Unknown);
}

#[tokio::test(start_paused = true)]
async fn the_time_that_runs_out_long_after_a_lost_answer_needs_one_look() {
    let (record, calls) = run(plan("fnf_execution", 1), |call| match (call.api, call.before) {
        ("StopExecution", 0) => lost(),
        ("StopExecution", _) => code(429, "ResourceThrottled"),
        _ => execution("Running"),
    })
    .await;
    let result = record.results.get(0).unwrap();
    assert_eq!((result.outcome, result.evidence), (Outcome::Failed, Some(Evidence::ReadBack)));
    assert_eq!((result.reads, calls.last().unwrap().api), (2, "DescribeExecution"));
}

#[tokio::test(start_paused = true)]
async fn a_proof_takes_no_state_from_a_read_before_it() {
    let result = one(plan("fnf_execution", 1), |call| match (call.api, call.before) {
        ("StopExecution", 0) => lost(),
        ("StopExecution", _) => code(400, "ExecutionAlreadyCompleted"),
        _ => execution("Running"),
    })
    .await;
    assert_eq!((result.outcome, result.state), (Outcome::Stopped, None));
}

#[tokio::test(start_paused = true)]
async fn a_proof_that_a_state_contradicts_is_no_proof_even_if_nobody_can_look_again() {
    let mut plan = plan("live_flow", 1);
    plan.verify.mode = VerifyMode::Always;
    let result = one(plan, |call| match (call.api, call.before) {
        ("UpdateFlowStatusStop", _) => ok(r#"{"flow_id":"job-n0x","status":"STANDBY"}"#),
        (_, 0) => ok(r#"{"flow_id":"job-n0x","status":"ACTIVE"}"#),
        _ => code(403, "APIGW.0302"),
    })
    .await;
    assert_eq!((result.outcome, result.state.as_deref()), (Outcome::Accepted, Some("ACTIVE")));
}

#[tokio::test(start_paused = true)]
async fn already_stopped_after_a_lost_answer_is_this_runs_stop() {
    let result = one(plan("fnf_execution", 1), |call| match (call.api, call.before) {
        ("StopExecution", 0) => lost(),
        ("StopExecution", _) => code(400, "ExecutionAlreadyCompleted"),
        _ => execution("Running"),
    })
    .await;
    assert_eq!((result.outcome, result.attempts.len()), (Outcome::Stopped, 2));
    let result = one(plan("fnf_execution", 1), |_| code(400, "ExecutionAlreadyCompleted")).await;
    assert_eq!(result.outcome, Outcome::AlreadyStopped);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_that_nothing_settles_is_unknown() {
    let result = one(plan("fnf_execution", 1), |call| match call.api {
        "StopExecution" => lost(),
        _ => code(403, "AccessDenied"),
    })
    .await;
    assert_eq!((result.outcome, result.evidence, result.attempts.len()), (Outcome::Unknown, None, 8));
}

#[tokio::test(start_paused = true)]
async fn nonsense_is_never_a_stop() {
    for body in ["", "<html>502</html>", "\u{0}garbage", r#"{"Status":"#, "{}", "[]", "null", "true"] {
        let script = move |call: &Call| if call.api == "StopExecution" { ok(body) } else { execution("Running") };
        let result = one(plan("fnf_execution", 1), script).await;
        assert_eq!(result.outcome, Outcome::Failed, "{body:?}");
        assert!(classes(&result).iter().all(|class| *class == Some(ErrorClass::Protocol)), "{body:?}");
    }
    let result = one(plan("fnf_execution", 1), |call| match call.api {
        "StopExecution" => status(302, ""),
        _ => execution("Running"),
    })
    .await;
    assert_eq!(result.outcome, Outcome::Failed);
}

#[tokio::test(start_paused = true)]
async fn an_accepted_stop_is_watched_to_its_end() {
    let script = |call: &Call| match (call.api, call.before) {
        ("StopExecution", _) => execution("Running"),
        (_, 0..4) => execution("Running"),
        _ => execution("Stopped"),
    };
    let result = one(plan("fnf_execution", 1), script).await;
    assert_eq!((result.outcome, result.evidence), (Outcome::Stopped, Some(Evidence::ReadBack)));
    assert_eq!((result.attempts.len(), result.reads), (1, 5));
    let mut off = plan("fnf_execution", 1);
    off.verify.mode = VerifyMode::Off;
    let result = one(off, script).await;
    assert_eq!((result.outcome, result.reads), (Outcome::Accepted, 0));
}

#[tokio::test(start_paused = true)]
async fn an_accepted_stop_that_does_not_end_is_only_accepted() {
    let mut plan = plan("fnf_execution", 1);
    plan.verify.timeout = Duration::from_secs(60);
    let (record, _) = run(plan, |_| execution("Running")).await;
    assert_eq!(record.results.get(0).unwrap().outcome, Outcome::Accepted);
    assert!((60..62).contains(&record.duration.as_secs()), "{:?}", record.duration);
}

#[tokio::test(start_paused = true)]
async fn always_reads_back_what_the_answer_proved() {
    let always = || {
        let mut plan = plan("live_flow", 1);
        plan.verify.mode = VerifyMode::Always;
        plan.verify.timeout = Duration::from_secs(30);
        plan
    };
    let stop = r#"{"flow_id":"job-n0x","status":"STANDBY"}"#;
    let result = one(always(), move |_| ok(stop)).await;
    assert_eq!((result.outcome, result.evidence), (Outcome::Stopped, Some(Evidence::ReadBack)));
    let script = move |call: &Call| match call.api {
        "UpdateFlowStatusStop" => ok(stop),
        _ => ok(r#"{"flow_id":"job-n0x","status":"ACTIVE"}"#),
    };
    assert_eq!(one(always(), script).await.outcome, Outcome::Accepted, "the state contradicts the answer");
    let script = move |call: &Call| match call.api {
        "UpdateFlowStatusStop" => ok(stop),
        _ => code(403, "APIGW.0302"),
    };
    let result = one(always(), script).await;
    assert_eq!((result.outcome, result.evidence), (Outcome::Stopped, Some(Evidence::Answer)), "nobody may look");
}

#[tokio::test(start_paused = true)]
async fn the_state_decides_where_the_answer_can_mean_either() {
    let run = |state: &'static str| async move {
        one(plan("drs_job", 1), move |call| match call.api {
            "StopJob" => code(400, "DRS.10000015"),
            "BatchListJobStatus" => ok(&format!(r#"{{"results":[{{"id":"job-n0x","status":"{state}"}}]}}"#)),
            _ => code(500, "unexpected"),
        })
        .await
    };
    let result = run("RELEASE_RESOURCE_COMPLETE").await;
    assert_eq!((result.outcome, result.evidence), (Outcome::AlreadyStopped, Some(Evidence::ReadBack)));
    let result = run("INCRE_TRANSFER_STARTED").await;
    assert_eq!((result.outcome, result.attempts.len()), (Outcome::Failed, 1));
    assert_eq!(result.error.unwrap().class, ErrorClass::Rejected);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_lost_stop_waits_for_that_stop_to_end() {
    let result = one(plan("drs_job", 1), |call| match (call.api, call.before) {
        ("StopJob", 0) => lost(),
        ("StopJob", _) => code(400, "DRS.10000015"),
        (_, 0..5) => ok(r#"{"results":[{"id":"job-n0x","status":"INCRE_TRANSFER_STARTED"}]}"#),
        _ => ok(r#"{"results":[{"id":"job-n0x","status":"RELEASE_RESOURCE_COMPLETE"}]}"#),
    })
    .await;
    assert_eq!((result.outcome, result.attempts.len()), (Outcome::Stopped, 2));
}

#[tokio::test(start_paused = true)]
async fn what_the_list_does_not_show_is_looked_up_by_itself() {
    let result = one(plan("drs_job", 1), |call| match call.api {
        "StopJob" => ok(r#"{"id":"job-n0x","status":"success"}"#),
        "BatchListJobStatus" => ok(r#"{"results":[],"count":0}"#),
        _ => ok(r#"{"job":{"id":"job-n0x","status":"RELEASE_RESOURCE_COMPLETE"}}"#),
    })
    .await;
    assert_eq!((result.outcome, result.reads), (Outcome::Stopped, 2));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_clock_is_corrected_once() {
    let (record, calls) = run(plan("fnf_execution", 3), |call| {
        if call.before == 0 {
            with(code(403, "RequestTimeTooSkewed"), "date", "Sun, 22 Nov 2026 13:00:00 GMT")
        } else {
            execution("Stopped")
        }
    })
    .await;
    assert!(record.results.iter().all(|result| result.outcome == Outcome::Stopped));
    assert_eq!(calls.len(), 6);
    let result = one(plan("fnf_execution", 1), |_| {
        with(code(403, "RequestTimeTooSkewed"), "date", "Sun, 22 Nov 2026 13:00:00 GMT")
    })
    .await;
    assert_eq!((result.outcome, result.attempts.len()), (Outcome::Failed, 2), "it does not help: no endless loop");
}

#[tokio::test(start_paused = true)]
async fn reads_are_tried_again_too() {
    let result = one(plan("fnf_execution", 1), |call| match (call.api, call.before) {
        ("StopExecution", _) => execution("Running"),
        (_, 0) => lost(),
        (_, 1) => code(429, "ResourceThrottled"),
        (_, 2) => code(500, "InternalServerError"),
        _ => execution("Stopped"),
    })
    .await;
    assert_eq!((result.outcome, result.reads), (Outcome::Stopped, 4));
}

#[tokio::test(start_paused = true)]
async fn a_read_may_fail_where_only_one_stop_is_sent() {
    let (record, calls) = run(one_try(), |call| match (call.api, call.before) {
        ("StopExecution", _) => lost(),
        (_, 0 | 1) => code(500, "InternalServerError"),
        _ => execution("Stopped"),
    })
    .await;
    let result = record.results.get(0).unwrap();
    assert_eq!((result.outcome, result.reads), (Outcome::Stopped, 3), "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_gave_up_waiting_may_have_passed_the_stop_on() {
    let result = one(plan("fnf_execution", 1), |call| match (call.api, call.before) {
        ("StopExecution", 0) => status(504, "<html>gateway timeout</html>"),
        _ => code(400, "ExecutionAlreadyCompleted"),
    })
    .await;
    assert_eq!((result.outcome, result.attempts.len()), (Outcome::Stopped, 2));
    let script = |call: &Call| match call.api {
        "StopExecution" => status(502, "<html>bad gateway</html>"),
        _ => execution("Stopped"),
    };
    let result = one(plan("fnf_execution", 1), script).await;
    assert_eq!((result.outcome, result.evidence, result.reads), (Outcome::Stopped, Some(Evidence::ReadBack), 1));
}
