//! What answers that contradict themselves, repeat a request or come from a gateway make of a target.

use std::time::Duration;

use super::world::{Answer, Call, code, execution, failure, lost, ok, plan, run, status, with};
use crate::engine::{Evidence, Outcome, TargetResult};
use crate::error::ErrorClass;
use crate::plan::{Plan, VerifyMode};

async fn one(plan: Plan, script: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> TargetResult {
    let (record, _) = run(plan, script).await;
    record.results.get(0).unwrap()
}

/// A plan of one target whose stop may be sent once.
fn one_try(kind: &str) -> Plan {
    let mut plan = plan(kind, 1);
    plan.retry.max_attempts = 1;
    plan
}

#[tokio::test(start_paused = true)]
async fn a_success_with_a_code_is_read_back() {
    for body in [
        r#"{"Code":"200","Success":true,"Status":"Stopped"}"#,
        r#"{"Code":"OK","Status":"Stopped"}"#,
        r#"{"Code":500,"Status":"Stopped"}"#,
        r#"{"Code":"Unheard","Status":"Stopped"}"#,
        r#"{"Status":"Stopped","Status":"Stopped"}"#,
        r#"{"Status":"Stopped","Name":"another"}"#,
    ] {
        let seen = |state: &'static str| {
            move |call: &Call| if call.api == "StopExecution" { ok(body) } else { execution(state) }
        };
        let result = one(one_try("fnf_execution"), seen("Stopped")).await;
        assert_eq!((result.outcome, result.evidence), (Outcome::Stopped, Some(Evidence::ReadBack)), "{body}");
        let mut watched = one_try("fnf_execution");
        watched.verify.timeout = Duration::from_secs(30);
        let result = one(watched, seen("Running")).await;
        assert!(matches!(result.outcome, Outcome::Failed | Outcome::Accepted), "{body}: {result:?}");
        assert!(result.reads > 0, "{body}");
        let unreadable =
            move |call: &Call| if call.api == "StopExecution" { ok(body) } else { code(403, "AccessDenied") };
        let result = one(one_try("fnf_execution"), unreadable).await;
        assert!(matches!(result.outcome, Outcome::Unknown | Outcome::Accepted), "{body}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_have_taken_effect_is_read_before_it_is_called_failed() {
    let answers: [fn() -> Answer; 5] = [
        || code(400, "SignatureNonceUsed"),
        || code(400, "TokenPreviousRequestProcessError"),
        || status(409, "<html>conflict</html>"),
        || code(409, "Gateway.Sorry"),
        || status(408, "{}"),
    ];
    for answer in answers {
        let late = Duration::from_secs(5);
        let script = move |call: &Call| match call.api {
            "StopExecution" => answer(),
            _ => execution(if call.at < late { "Running" } else { "Stopped" }),
        };
        let result = one(one_try("fnf_execution"), script).await;
        assert_eq!((result.outcome, result.evidence), (Outcome::Stopped, Some(Evidence::ReadBack)), "{result:?}");
        let script = move |call: &Call| match call.api {
            "StopExecution" => answer(),
            _ => code(403, "AccessDenied"),
        };
        assert_eq!(one(one_try("fnf_execution"), script).await.outcome, Outcome::Unknown);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_asks_for_patience_is_throttled() {
    let result = one(plan("fnf_execution", 1), |call| match call.before {
        0 => with(code(400, "Gateway.FlowControl"), "x-acs-retry-after", "1500"),
        1 => with(code(400, "Gateway.Sorry"), "retry-after", "2"),
        _ => execution("Stopped"),
    })
    .await;
    let seen: Vec<_> = result.attempts.iter().map(|attempt| (attempt.class, attempt.retry_in)).collect();
    let throttled = |wait| (Some(ErrorClass::Throttled), Some(Duration::from_millis(wait)));
    assert_eq!(seen, [throttled(1500), throttled(2000), (None, None)]);
}

#[tokio::test(start_paused = true)]
async fn an_odd_text_beside_a_code_costs_no_tries() {
    let script = |_: &Call| status(400, r#"{"Code":"InvalidArgument","Message":"\ud800"}"#);
    let result = one(plan("fnf_execution", 1), script).await;
    assert_eq!((result.outcome, result.attempts.len()), (Outcome::Failed, 1));
    assert_eq!(result.error.unwrap().class, ErrorClass::Invalid);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_found_must_be_the_resource() {
    let run = |told: &'static str| async move {
        one(plan("live_flow", 1), move |call| match call.api {
            "UpdateFlowStatusStop" => ok(r#"{"flow_id":"job-n0x","status":"ACTIVE"}"#),
            _ => status(400, &format!(r#"{{"error_code":"LIVE.100011001","error_msg":"{told}"}}"#)),
        })
        .await
    };
    assert_eq!(run("parameter x not found").await.outcome, Outcome::Accepted);
    assert_eq!(run("flow task not exist").await.outcome, Outcome::Stopped);
}

#[tokio::test(start_paused = true)]
async fn a_batch_of_statuses_that_is_refused_falls_through_to_the_detail() {
    let answers: [fn() -> Answer; 5] = [
        || code(400, "DRS.M00202"),
        || code(403, "DRS.M00102"),
        || code(404, "APIGW.0101"),
        || ok(r#"{"id":"job-n0x","status":"success"}"#),
        || status(404, ""),
    ];
    for answer in answers {
        let result = one(plan("drs_job", 1), move |call| match call.api {
            "StopJob" => ok(r#"{"id":"job-n0x","status":"success"}"#),
            "BatchListJobStatus" => answer(),
            _ => ok(r#"{"job":{"id":"job-n0x","status":"RELEASE_RESOURCE_COMPLETE"}}"#),
        })
        .await;
        assert_eq!((result.outcome, result.evidence), (Outcome::Stopped, Some(Evidence::ReadBack)), "{result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttle_of_drs_is_one() {
    let result = one(plan("drs_job", 1), |call| match (call.api, call.before) {
        ("StopJob", 0) => code(400, "DRS.M01503"),
        ("StopJob", _) => ok(r#"{"id":"job-n0x","status":"success"}"#),
        _ => ok(r#"{"results":[{"id":"job-n0x","status":"RELEASE_RESOURCE_COMPLETE"}]}"#),
    })
    .await;
    assert_eq!((result.outcome, result.attempts.len()), (Outcome::Stopped, 2));
    assert_eq!(one(plan("drs_job", 1), |_| code(400, "DRS.M05004")).await.outcome, Outcome::AlreadyStopped);
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_stays_activating_does_not_contradict_its_interrupt() {
    let instance = |state: &str| ok(&format!(r#"{{"Result":{{"instanceId":"job-n0x","status":"{state}"}}}}"#));
    let always = || {
        let mut plan = plan("elasticsearch_task", 1);
        plan.verify.mode = VerifyMode::Always;
        plan
    };
    let result = one(always(), move |call| match call.api {
        "InterruptElasticsearchTask" => ok(r#"{"Result":true}"#),
        _ => instance("activating"),
    })
    .await;
    assert_eq!((result.outcome, result.evidence), (Outcome::Stopped, Some(Evidence::Answer)));
    let result = one(always(), move |call| match (call.api, call.before) {
        ("InterruptElasticsearchTask", _) => ok(r#"{"Result":true}"#),
        (_, 0..3) => instance("activating"),
        _ => instance("suspended"),
    })
    .await;
    assert_eq!((result.outcome, result.evidence), (Outcome::Stopped, Some(Evidence::ReadBack)));
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_activates_after_a_lost_interrupt_is_unknown() {
    let answers: [fn() -> Answer; 3] = [lost, || failure(ErrorClass::Timeout, false), || code(500, "InternalError")];
    for answer in answers {
        let result = one(one_try("elasticsearch_task"), move |call| match call.api {
            "InterruptElasticsearchTask" => answer(),
            _ => ok(r#"{"Result":{"instanceId":"job-n0x","status":"activating"}}"#),
        })
        .await;
        assert_eq!((result.outcome, result.state.as_deref()), (Outcome::Unknown, Some("activating")));
    }
}
