//! An answer that can mean either, and no read that settles it: that is unknown, and never failed.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::world::{Answer, Call, Calls, add, code, execution, lost, ok, plan, prepare, refused, run, status};
use crate::base::clock::Clock;
use crate::engine::journal::{Effect, InProgress, ResumeState};
use crate::engine::{Attempt, Evidence, Outcome, TargetResult};
use crate::error::ErrorClass;

const RUNNING: &str = r#"{"results":[{"id":"job-n0x","status":"INCRE_TRANSFER_STARTED"}]}"#;

/// The answers of services to the stop of what may stand still already.
fn doubt(call: &Call) -> Option<Answer> {
    match call.api {
        "StopJob" => Some(code(400, "DRS.10000015")),
        "UpdateFlowStatusStop" => Some(code(400, "LIVE.103011022")),
        _ => None,
    }
}

fn error(result: &TargetResult) -> (ErrorClass, Option<&str>, &str) {
    let error = result.error.as_deref().unwrap();
    (error.class, error.code.as_deref(), &error.message)
}

#[tokio::test(start_paused = true)]
async fn a_doubt_whose_read_is_refused_is_unknown_and_says_what_the_read_met() {
    for kind in ["drs_job", "live_flow"] {
        let (record, _) = run(plan(kind, 1), |call| match doubt(call) {
            Some(answer) => answer,
            None => {
                let body =
                    r#"{"error_code":"APIGW.0302","error_msg":"not allowed to read","request_id":"of-the-read"}"#;
                status(403, body)
            }
        })
        .await;
        let result = record.results.get(0).unwrap();
        assert_eq!((result.outcome, result.evidence), (Outcome::Unknown, None), "{kind}");
        let told = error(&result);
        assert_eq!((told.0, told.1), (ErrorClass::Denied, Some("APIGW.0302")), "{kind}");
        assert_eq!(told.2, "the state could not be read: not allowed to read");
        let error = result.error.as_deref().unwrap();
        assert_eq!(error.request_id.as_deref(), Some("of-the-read"));
        let hint = error.hint.as_deref().unwrap();
        assert!(hint.contains("query") && !hint.contains("to end") && !hint.contains("Stop"), "{hint}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_doubt_whose_read_meets_anything_but_a_state_is_unknown() {
    let reads: [fn() -> Answer; 8] = [
        lost,
        refused,
        || code(500, "InternalServerError"),
        || code(429, "APIGW.0308"),
        || code(401, "APIGW.0301"),
        || status(502, "<html>bad gateway</html>"),
        || ok("{"),
        || ok(r#"{"jobs":[{"id":"job-n0x","status":"PERPLEXED"}]}"#),
    ];
    for (number, read) in reads.into_iter().enumerate() {
        let script = move |call: &Call| doubt(call).unwrap_or_else(read);
        let (record, _) = run(plan("drs_job", 1), script).await;
        let result = record.results.get(0).unwrap();
        assert_eq!(result.outcome, Outcome::Unknown, "{number}: {result:?}");
        assert!(result.error.is_some(), "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_doubt_that_a_deadline_or_a_signal_leaves_open_is_unknown() {
    let script = |call: &Call| match doubt(call) {
        Some(answer) => answer,
        None => Answer(Duration::from_secs(5), ok(RUNNING).1),
    };
    let mut slow = plan("drs_job", 20);
    slow.retry.initial_delay = Duration::from_secs(2);
    for by_signal in [false, true] {
        let token = CancellationToken::new();
        let run = prepare(slow.clone(), script, &Calls::default()).drain_on(token.clone());
        let record = if by_signal {
            let (record, ()) = tokio::join!(run.execute(), async {
                tokio::time::sleep(Duration::from_secs(1)).await;
                token.cancel();
            });
            record
        } else {
            run.deadline(Some(Duration::from_secs(1))).execute().await
        };
        for result in record.unwrap().results.iter() {
            assert_eq!((result.outcome, result.reads), (Outcome::Unknown, 0), "{result:?}");
            assert_eq!(error(&result).1, Some("DRS.10000015"));
            let hint = result.error.unwrap().hint.unwrap();
            assert!(hint.contains("the run ended before its state was known"), "{hint}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_doubt_whose_read_lane_is_given_up_or_whose_account_is_closed_is_unknown() {
    // Reads never leave; after a while their lane is given up.
    let (record, _) = run(plan("drs_job", 40), |call| doubt(call).unwrap_or_else(refused)).await;
    for result in record.results.iter() {
        assert_eq!((result.outcome, error(&result).0), (Outcome::Unknown, ErrorClass::Network), "{result:?}");
    }
    // While targets wait for their reads, another kind's answers close the account.
    let mut plan = plan("drs_job", 5);
    add(&mut plan, "live_flow", 3);
    plan.retry.initial_delay = Duration::from_secs(2);
    let (record, _) = run(plan, |call| match call.api {
        "StopJob" => code(400, "DRS.10000015"),
        _ => code(401, "APIGW.0301"),
    })
    .await;
    for result in record.results.iter().take(5) {
        assert_eq!(result.outcome, Outcome::Unknown, "{result:?}");
        assert!(result.error.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_doubt_stays_when_later_tries_are_refused() {
    let (record, calls) = run(plan("live_flow", 1), |call| match (call.api, call.before) {
        ("UpdateFlowStatusStop", 0) => code(400, "LIVE.103011022"),
        ("UpdateFlowStatusStop", _) => code(403, "APIGW.0302"),
        _ => code(403, "APIGW.0302"),
    })
    .await;
    assert_eq!(record.results.get(0).unwrap().outcome, Outcome::Unknown, "{calls:?}");
    // A state that says that it runs settles it.
    let (record, _) = run(plan("live_flow", 1), |call| match (call.api, call.before) {
        ("UpdateFlowStatusStop", 0) => code(400, "LIVE.103011022"),
        ("UpdateFlowStatusStop", _) => code(403, "APIGW.0302"),
        _ => ok(r#"{"flow_id":"job-n0x","status":"ACTIVE"}"#),
    })
    .await;
    assert_eq!(record.results.get(0).unwrap().outcome, Outcome::Failed);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_that_outlasts_all_tries_is_looked_into() {
    let reads: [(fn() -> Answer, Outcome); 5] = [
        (|| execution("Running"), Outcome::Failed),
        (|| execution("Stopped"), Outcome::AlreadyStopped),
        (|| code(404, "ExecutionNotExists"), Outcome::NotFound),
        (|| code(403, "NoPermission"), Outcome::Unknown),
        (lost, Outcome::Unknown),
    ];
    for (read, outcome) in reads {
        let evidence = (outcome != Outcome::Unknown).then_some(Evidence::ReadBack);
        let (record, calls) = run(plan("fnf_execution", 1), move |call| match call.api {
            "StopExecution" => code(409, "ConcurrentUpdateError"),
            _ => read(),
        })
        .await;
        let result = record.results.get(0).unwrap();
        assert_eq!((result.outcome, result.evidence, result.attempts.len()), (outcome, evidence, 8), "{result:?}");
        assert!(calls.iter().any(|call| call.api == "DescribeExecution"), "{calls:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_a_state_bears_out_is_known_by_that_state() {
    let (record, _) = run(plan("drs_job", 1), |call| doubt(call).unwrap_or_else(|| ok(RUNNING))).await;
    let result = record.results.get(0).unwrap();
    assert_eq!((result.outcome, result.evidence), (Outcome::Failed, Some(Evidence::ReadBack)));
    assert_eq!(error(&result).1, Some("DRS.10000015"));
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_gave_up_waiting_with_408_may_have_passed_the_stop_on() {
    let (record, _) = run(plan("fnf_execution", 1), |call| match call.api {
        "StopExecution" => status(408, "<html>request timeout</html>"),
        _ => execution("Stopped"),
    })
    .await;
    assert_eq!(record.results.get(0).unwrap().outcome, Outcome::Stopped);
}

#[tokio::test(start_paused = true)]
async fn an_accepted_stop_has_no_error_of_an_earlier_try() {
    let mut plan = plan("fnf_execution", 1);
    plan.verify.timeout = Duration::from_secs(30);
    let (record, _) = run(plan, |call| match (call.api, call.before) {
        ("StopExecution", 0) => refused(),
        _ => execution("Running"),
    })
    .await;
    let result = record.results.get(0).unwrap();
    assert_eq!((result.outcome, result.error, result.attempts.len()), (Outcome::Accepted, None, 2));
}

/// A clock that shows a time long after the first part of the run.
struct Later;

impl Clock for Later {
    fn now(&self) -> Timestamp {
        "2026-11-22T14:00:00Z".parse().unwrap()
    }
}

/// What a part of the run left that was killed two hours ago.
fn past(effect: Effect, attempts: Vec<Attempt>, is_sending: bool) -> ResumeState {
    let at: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    let sending = is_sending.then(|| (attempts.len() as u32 + 1, at));
    let open = HashMap::from([(0, InProgress { attempts, effect, sending, is_handed_over: false })]);
    ResumeState { id: "run".into(), started_at: at, open, ..ResumeState::default() }
}

fn attempt(class: ErrorClass) -> Attempt {
    Attempt {
        n: 1,
        at: "2026-11-22T12:00:00Z".parse().unwrap(),
        duration: Duration::from_millis(10),
        http_status: Some(500),
        code: Some("InternalServerError".into()),
        message: Some("oops".into()),
        request_id: None,
        class: Some(class),
        retry_in: None,
        batch: None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_resumed_run_has_its_time_anew() {
    for (attempts, is_sending) in [
        (vec![], true),
        (vec![], false),
        (vec![attempt(ErrorClass::Server)], true),
        (vec![attempt(ErrorClass::Server)], false),
    ] {
        let left = past(Effect::Nothing, attempts, is_sending);
        let calls = Calls::default();
        let script = |call: &Call| match (call.api, call.before) {
            // What the earlier part sent was lost on the way; the read is slow to be answered, too.
            ("DescribeExecution", 0) => code(500, "InternalServerError"),
            ("DescribeExecution", _) => execution("Running"),
            _ => execution("Stopped"),
        };
        let record =
            prepare(plan("fnf_execution", 1), script, &calls).clock(Later).resume(left).execute().await.unwrap();
        let result = record.results.get(0).unwrap();
        assert_eq!(result.outcome, Outcome::Stopped, "{result:?}");
        assert_eq!(calls.lock().unwrap().iter().filter(|call| call.api == "StopExecution").count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_resumed_run_cannot_stop_says_why() {
    let mut plan = plan("fnf_execution", 1);
    plan.retry.max_attempts = 1;
    for (attempts, is_sending, message) in [
        (vec![], true, "the run ended before the response was recorded"),
        (vec![attempt(ErrorClass::Server)], false, "oops"),
    ] {
        let left = past(Effect::Lost, attempts, is_sending);
        let script = |_: &Call| execution("Running");
        let run = prepare(plan.clone(), script, &Calls::default()).clock(Later).resume(left);
        let result = run.execute().await.unwrap().results.get(0).unwrap();
        assert_eq!((result.outcome, error(&result).2), (Outcome::Failed, message));
        let hint = result.error.unwrap().hint.unwrap();
        assert!(!hint.contains("name resolution"), "{hint}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_have_left_before_a_crash_is_not_called_skipped() {
    let script = |_: &Call| Answer(Duration::from_secs(5), execution("Running").1);
    let left = past(Effect::Nothing, vec![], false);
    let run = prepare(plan("fnf_execution", 1), script, &Calls::default()).resume(left);
    let record = run.deadline(Some(Duration::from_secs(1))).execute().await.unwrap();
    let result = record.results.get(0).unwrap();
    assert_eq!(result.outcome, Outcome::Unknown);
    assert!(result.error.is_some());
}
