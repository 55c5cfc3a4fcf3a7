//! Keys that a service does not accept: at most the requests in flight, and the other accounts are listed.

use std::path::Path;

use super::world::{Call, code, executions, list, ok};
use crate::error::ErrorClass;
use crate::plan::{Plan, Variables};

/// A plan of ten accounts, each with a hundred flows.
fn ten() -> Plan {
    let account = |n: usize| {
        let key = format!("access_key_id: ID_{n}, access_key_secret: SECRET_{n}");
        format!("  a{n}: {{cloud: alibaba, region: cn-hangzhou, credentials: {{env: {{{key}}}}}}}\n")
    };
    let accounts: String = (0..10).map(account).collect();
    let text = format!(
        "version: 1\nlimits: {{rate: 1000/s}}\naccounts:\n{accounts}\
         targets: [{{kind: fnf_execution, accounts: ['a*'], select: {{flow_name: 'etl*'}}}}]\n"
    );
    Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan
}

fn flows() -> String {
    let flows: Vec<_> = (0..100).map(|n| format!(r#"{{"Name":"etl-{n}"}}"#)).collect();
    format!(r#"{{"Flows":[{}]}}"#, flows.join(","))
}

fn is_of_a3(call: &Call) -> bool {
    call.has("AccessKeyId=key-of-a3")
}

#[tokio::test(start_paused = true)]
async fn a_wrong_key_costs_few_requests_and_its_account_alone() {
    let script = |call: &Call| match (is_of_a3(call), call.is("ListFlows")) {
        (true, _) => code(404, "InvalidAccessKeyId.NotFound"),
        (_, true) => ok(&flows()),
        _ => executions(0..1, None),
    };
    let (record, calls) = list(ten(), script).await;
    let missing = &record.selections[0].missing;
    assert_eq!(
        (missing.len(), &*missing[0].account, missing[0].error.class),
        (1, "a3", ErrorClass::Auth),
        "{missing:?}"
    );
    assert_eq!(calls.iter().filter(|call| is_of_a3(call)).count(), 2);
    assert_eq!(calls.iter().filter(|call| call.is("ListFlows") && !is_of_a3(call)).count(), 9);
    assert_eq!(record.selections[0].matched, 900);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_taken_back_on_the_way_costs_at_most_what_is_in_flight() {
    let plan = ten();
    let in_flight = plan.limits.concurrency;
    let script = |call: &Call| match (is_of_a3(call), call.is("ListFlows")) {
        (_, true) => ok(&flows()),
        (true, _) => code(404, "InvalidAccessKeyId.NotFound"),
        _ => executions(0..1, None),
    };
    let (record, calls) = list(plan, script).await;
    let missing = &record.selections[0].missing;
    assert!(missing.iter().all(|unit| &*unit.account == "a3" && unit.error.class == ErrorClass::Auth), "{missing:?}");
    assert_eq!(missing.len(), 100, "every flow of it");
    let refused = calls.iter().filter(|call| is_of_a3(call) && !call.is("ListFlows")).count();
    // The first refusal may be a gateway's trouble: that one request is sent again.
    assert!(refused <= in_flight.min(64) + 1, "{refused} requests");
    assert_eq!(record.selections[0].matched, 900);
}
