//! Advice that fits what really happened.

use std::time::Duration;

use futures::future::BoxFuture;

use super::world::{Answer, Call, Calls, Keys, code, execution, lost, ok, plan, prepare, refused, run, status};
use crate::advice::{Origin, advice};
use crate::credentials::{CredentialError, CredentialProvider};
use crate::engine::{Outcome, TargetResult};
use crate::error::{Code, ErrorClass};
use crate::explain::{self, Topic};
use crate::plan::{Account, Plan, VerifyMode};
use crate::provider::{Cloud, Credentials};
use crate::service::Kind;

async fn one(plan: Plan, script: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> TargetResult {
    run(plan, script).await.0.results.get(0).unwrap()
}

fn hint(result: &TargetResult) -> &str {
    result.error.as_ref().unwrap().hint.as_deref().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_run_that_ends_early_does_not_say_that_every_try_failed() {
    let script = |call: &Call| match call.api {
        "StopExecution" => code(409, "ConcurrentUpdateError"),
        _ => execution("Running"),
    };
    let mut slow = plan("fnf_execution", 1);
    slow.retry.initial_delay = Duration::from_secs(4);
    slow.retry.max_delay = Duration::from_secs(4);
    let run = prepare(slow, script, &Calls::default()).deadline(Some(Duration::from_millis(4500)));
    let result = run.execute().await.unwrap().results.get(0).unwrap();
    assert_eq!(result.outcome, Outcome::Failed);
    assert!(result.attempts.len() < 8, "{result:?}");
    assert_eq!(hint(&result), "the run ended before the next attempt; run `allstop retry REPORT`");
}

#[tokio::test(start_paused = true)]
async fn no_hint_says_that_every_try_failed_or_that_what_answered_was_not_reached() {
    let result = one(plan("fnf_execution", 1), |call| match call.api {
        "StopExecution" => code(500, "InternalServerError"),
        _ => execution("Running"),
    })
    .await;
    assert_eq!((result.outcome, hint(&result).contains("every try")), (Outcome::Failed, false));
    // It was accepted, and then nobody could look.
    for read in [lost, refused] {
        let mut plan = plan("fnf_execution", 1);
        plan.verify.timeout = Duration::from_secs(20);
        let result =
            one(plan, move |call| if call.api == "StopExecution" { execution("Running") } else { read() }).await;
        assert_eq!(result.outcome, Outcome::Accepted);
        assert!(hint(&result).starts_with("the stop was accepted, but not verified"), "{}", hint(&result));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_read_asks_for_the_right_to_read() {
    for kind in Kind::all() {
        let (stop, read) = (kind.permission, kind.read_permission);
        assert_ne!(stop, read);
        let text = advice(ErrorClass::Denied, None, None, Origin::Read(*kind));
        assert!(text.ends_with(read), "{text}");
    }
    let result = one(plan("fnf_execution", 1), |call| match call.api {
        "StopExecution" => execution("Running"),
        _ => code(403, "AccessDenied"),
    })
    .await;
    assert_eq!(result.outcome, Outcome::Accepted);
    assert!(hint(&result).contains("fnf:DescribeExecution") && !hint(&result).contains("fnf:StopExecution"));
    assert!(
        hint(&result).starts_with("the stop was accepted, but its end could not be read: the credentials are good")
    );
}

#[tokio::test(start_paused = true)]
async fn advice_on_a_read_that_failed_says_what_to_check() {
    let result = one(plan("fnf_execution", 1), |_| code(500, "InternalServerError")).await;
    assert_eq!(result.outcome, Outcome::Unknown);
    let expected = "check if it still runs; its state could not be read: the service failed; check its status page and run \
                    again later";
    assert_eq!(hint(&result), expected);
}

/// Keys that say where they come from.
struct Sourced;

impl CredentialProvider for Sourced {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        Keys.credentials(account)
    }

    fn source(&self, _: &Account) -> Option<String> {
        Some("ALI_AK and ALI_SK".into())
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_key_names_its_account_and_where_it_comes_from() {
    let script = |_: &Call| code(403, "InvalidAccessKeyId.NotFound");
    let run = prepare(plan("fnf_execution", 1), script, &Calls::default()).credentials(Sourced);
    let result = run.execute().await.unwrap().results.get(0).unwrap();
    assert_eq!(
        hint(&result),
        "check the access key id: the service does not know it, or it is disabled; the credentials of account ali come from \
         ALI_AK and ALI_SK"
    );
}

#[test]
fn the_environment_tells_the_names_of_variables_and_no_values() {
    use crate::base::environment::Environment;
    use crate::credentials::EnvironmentProvider;
    for (account, [id, secret]) in plan("fnf_execution", 1).accounts.iter().zip([
        ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        ["HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK"],
    ]) {
        let variables = [(id, "id-hush"), (secret, "hush")];
        let provider = EnvironmentProvider::new(variables.into_iter().collect::<Environment>());
        assert_eq!(provider.source(account).unwrap(), format!("{id} and {secret}"));
    }
}

/// The answer that has this code and no message: what is advised hangs on the code alone.
fn answer(cloud: Cloud, code: &Code) -> Answer {
    let body = match cloud {
        Cloud::Alibaba => format!(r#"{{"Code":"{}","RequestId":"r"}}"#, code.code),
        Cloud::Huawei => format!(r#"{{"error_code":"{}"}}"#, code.code),
    };
    status(code.status, &body)
}

/// The state of what runs, whichever API is asked.
fn running(call: &Call) -> Answer {
    match call.api {
        "DescribeInstance" => ok(r#"{"RequestId":"r","Result":{"instanceId":"job-n0x","status":"initializing"}}"#),
        "ListClusterTasks" => ok(r#"{"requestId":"r","result":[{"fsmId":"job-n0x","status":"running"}]}"#),
        "ShowFlowDetail" => ok(r#"{"flow_id":"job-n0x","status":"ACTIVE"}"#),
        "BatchListJobStatus" => ok(r#"{"results":[{"id":"job-n0x","status":"INCRE_TRANSFER_STARTED"}]}"#),
        _ => execution("Running"),
    }
}

#[tokio::test(start_paused = true)]
async fn reports_and_explain_give_one_advice_on_every_code() {
    let mut compared = 0;
    for kind in Kind::all().iter().copied() {
        for known in kind.codes.iter().chain(kind.cloud.codes()) {
            let owner = |entry: &explain::Entry| {
                let of_kind = kind.codes.iter().any(|own| own.code == known.code);
                (entry.owner == Some(kind.title)) == of_kind && (of_kind || entry.owner.is_some_and(is_cloud(kind)))
            };
            let entries = explain::about(known.code);
            let entry = entries.into_iter().find(|entry| entry.topic == Topic::Code && owner(entry));
            let Some(told) = entry.and_then(|entry| entry.advice) else { continue };
            let mut plan = plan(kind.name, 1);
            plan.retry.max_attempts = 1;
            plan.retry.max_elapsed = Duration::from_secs(1);
            plan.verify.mode = VerifyMode::Auto;
            let stops = ["StopExecution", "UpdateFlowStatusStop", "StopJob", "StopTask", "InterruptElasticsearchTask"];
            let script =
                move |call: &Call| if stops.contains(&call.api) { answer(kind.cloud, known) } else { running(call) };
            let result = one(plan, script).await;
            let Some(error) = &result.error else { continue };
            // What the service is not asked to permit in general, it is for this kind.
            let general = told.strip_suffix("grant them the service's permission").unwrap_or(&told);
            let hint = error.hint.as_deref().unwrap();
            assert!(hint.starts_with(general), "{kind} {}: {hint:?} is not {told:?}", known.code);
            compared += 1;
        }
    }
    assert!(compared > 130, "only {compared} codes were compared");
}

fn is_cloud(kind: Kind) -> impl Fn(&str) -> bool {
    move |owner| {
        owner
            == match kind.cloud {
                Cloud::Alibaba => "Alibaba Cloud",
                Cloud::Huawei => "Huawei Cloud",
            }
    }
}
