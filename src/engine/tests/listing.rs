//! Listings of services that answer for ever, and listings that are ended early.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::world::{Answer, Call, Calls, Keys, Noon, World, ok};
use crate::engine::{ListingEnd, ListingRecord, Listings, Status};
use crate::error::ErrorClass;
use crate::plan::{Plan, Variables};

/// Prepares the listing of a selection of all things of a kind.
fn listings(kind: &str, script: impl Fn(&Call) -> Answer + Send + Sync + 'static, calls: &Calls) -> Listings {
    let text = format!(
        "version: 1\naccounts: {{ali: {{cloud: alibaba, region: r}}, hw: {{cloud: huawei, region: r, project_id: p}}}}\n\
         targets: [{{kind: {kind}, account: {}, select: all}}]",
        if kind == "live_flow" { "hw" } else { "ali" }
    );
    let plan = Plan::parse(text.as_bytes(), Path::new("p.yaml"), &Variables::default()).unwrap().plan;
    let world = World { script, calls: Arc::clone(calls), began: Instant::now() };
    Listings::new(plan).transport(world).clock(Noon).credentials(Keys)
}

/// Lists; returns the record and the number of requests.
async fn list(kind: &str, script: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> (ListingRecord, usize) {
    let calls = Calls::default();
    let record = listings(kind, script, &calls).execute().await.unwrap();
    let count = calls.lock().unwrap().len();
    (record, count)
}

/// A page of flows that run, from this number on.
fn flows(from: usize, count: usize, total: u64) -> Answer {
    let flow = |n: usize| format!(r#"{{"flow_id":"f{n}","name":"f","status":"ACTIVE"}}"#);
    let flows: Vec<_> = (from..from + count).map(flow).collect();
    ok(&format!(r#"{{"flows":[{}],"total":{total}}}"#, flows.join(",")))
}

/// Returns the class and the message of the one unit that failed.
fn failure(record: &ListingRecord) -> (ErrorClass, String) {
    let [missing] = &record.selections[0].missing[..] else { panic!("{:?}", record.selections) };
    (missing.error.class, missing.error.message.to_string())
}

#[tokio::test(start_paused = true)]
async fn a_list_that_shows_the_same_again_and_again_ends() {
    let (record, requests) = list("live_flow", |_| flows(0, 100, 10_000_000)).await;
    let (class, message) = failure(&record);
    assert_eq!((class, requests), (ErrorClass::Conflict, 6), "{message}");
    assert!(message.ends_with("3 times: an entry came twice"), "{message}");
    assert!(record.found[0].is_empty());
}

#[tokio::test(start_paused = true)]
async fn new_tokens_with_the_same_entries_end() {
    let script = |call: &Call| match call.before {
        0 => ok(r#"{"RequestId":"r","Flows":[{"Name":"a"}]}"#),
        n => ok(&format!(
            r#"{{"RequestId":"r","NextToken":"t{n}","Executions":[{{"Name":"e","FlowName":"a","Status":"Running"}}]}}"#
        )),
    };
    let (record, requests) = list("fnf_execution", script).await;
    let (class, message) = failure(&record);
    assert_eq!(class, ErrorClass::Conflict, "{message}");
    assert!(requests <= 13, "{requests}");
}

#[tokio::test(start_paused = true)]
async fn a_total_that_no_service_has_is_an_error_at_once() {
    let (record, requests) = list("live_flow", |call| flows(call.before * 100, 100, u64::MAX / 2)).await;
    let (class, message) = failure(&record);
    assert_eq!((class, requests), (ErrorClass::Protocol, 1), "{message}");
}

#[tokio::test(start_paused = true)]
async fn what_was_open_when_a_listing_was_ended_says_so_and_counts() {
    let script = |call: &Call| flows(call.before * 100, 100, 100_000);
    let calls = Calls::default();
    let ended = [
        (listings("live_flow", script, &calls).at_most(250, 0, |_| true), ListingEnd::TooMany),
        (
            listings("live_flow", script, &calls).deadline(Some(Duration::from_secs(60))),
            ListingEnd::Ended(Status::Deadline),
        ),
    ];
    for (listings, end) in ended {
        let record = listings.execute().await.unwrap();
        let [selection] = &record.selections[..] else { panic!("{:?}", record.selections) };
        let (class, message) = failure(&record);
        assert_eq!((record.end, class, &*message), (end, ErrorClass::Timeout, "the listing was ended first"));
        assert!(selection.matched > 0 && selection.seen == selection.matched, "{selection:?}");
    }
}
