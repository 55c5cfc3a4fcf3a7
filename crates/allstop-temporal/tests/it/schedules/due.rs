//! Runs that are due: of a paused schedule, and while the server is away.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;
use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::IntoRequest;
use temporalio_common::protos::temporal::api::schedule::v1::{IntervalSpec, Schedule, ScheduleSpec};
use temporalio_common::protos::temporal::api::workflowservice::v1::{DescribeScheduleRequest, UpdateScheduleRequest};

use super::{TWO, created, described, fast, triggered};
use crate::harness::{PATIENCE, Site, Storage, TestPlan};

/// Has a schedule start a run every second, as no cron expression can; all else stays.
async fn start_every_second(site: &Site, name: &str) {
    let client = site.client().await;
    let (namespace, schedule_id) = (site.namespace.clone(), name.to_owned());
    let request = DescribeScheduleRequest { namespace: namespace.clone(), schedule_id: schedule_id.clone() };
    let described = client.clone().describe_schedule(request.into_request()).await.unwrap().into_inner();
    let interval = Some(Duration::from_secs(1).try_into().unwrap());
    let spec = ScheduleSpec { interval: vec![IntervalSpec { interval, phase: None }], ..ScheduleSpec::default() };
    let schedule = Schedule { spec: Some(spec), ..described.schedule.unwrap() };
    let (schedule, request_id) = (Some(schedule), name.to_owned());
    let request = UpdateScheduleRequest { namespace, schedule_id, schedule, request_id, ..Default::default() };
    client.clone().update_schedule(request.into_request()).await.unwrap();
}

#[tokio::test]
async fn a_paused_schedule_starts_nothing_when_a_run_is_due() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(1)) else { return };
    for name in ["paused", "other"] {
        created(&site, name, &["--cron", TWO]);
    }
    assert_eq!(site.run(["schedule", "pause", "paused"]).code, 0);
    let worker = site.worker([]);
    // The paused one first: it is due whenever the other one is.
    for name in ["paused", "other"] {
        start_every_second(&site, name).await;
    }
    assert!(worker.says_again("of the run", 6, PATIENCE).is_some(), "{}", worker.output());
    let started = |name: &str| described(&site, name)["started"].as_i64().unwrap();
    assert!(started("other") >= 2, "{}", worker.output());
    assert_eq!(started("paused"), 0);
    assert_eq!(described(&site, "paused")["recent"], Value::Array(Vec::new()));
    let by_hand = triggered(&site, "paused");
    assert!(by_hand.starts_with("paused-"), "{by_hand}");
    assert_eq!(started("paused"), 1);
    assert_eq!(site.run(["schedule", "delete", "other"]).code, 0);
    assert_eq!(site.run(["schedule", "resume", "paused"]).code, 0);
    // It starts others now: the first two may be the last one of the other schedule and the one by hand.
    let before = worker.said("has finished the lane").0;
    assert!(worker.says_again("has finished the lane", before + 3, PATIENCE).is_some(), "{}", worker.output());
    assert!(started("paused") >= 2);
}

#[tokio::test]
async fn of_the_runs_that_a_server_missed_those_within_the_catch_up_time_are_made_up() {
    let (window, away) = (SignedDuration::from_secs(10), SignedDuration::from_secs(15));
    let Some(site) = Site::with_own_server(Storage::Memory, &fast(), &TestPlan::of(1)) else { return };
    created(&site, "nightly", &["--cron", TWO, "--catchup", "10s"]);
    let worker = site.worker([]);
    start_every_second(&site, "nightly").await;
    assert!(worker.says("has finished the lane", PATIENCE).is_some(), "{}", worker.output());
    let shown = described(&site, "nightly");
    assert_eq!((&shown["missed"], &shown["catchup_seconds"]), (&0.into(), &10.into()));
    let taken = |shown: &Value| shown["started"].as_i64().unwrap() + shown["skipped"].as_i64().unwrap();
    let before_it = taken(&shown);

    site.server.freeze();
    let requests = site.cloud.ledger().requests;
    let is_more = site.cloud.handle().wait_until(away.unsigned_abs(), |now| now.stops > requests.stops + 2);
    site.server.thaw();
    assert!(!is_more, "runs are started without the server: {}", worker.output());
    // The first one may have been started before.
    let before = worker.said("has finished the lane").0;
    assert!(worker.says_again("has finished the lane", before + 2, PATIENCE).is_some(), "{}", worker.output());
    let shown = described(&site, "nightly");
    let missed = shown["missed"].as_i64().unwrap();
    // A server that is busy after it was away may miss more, but not all.
    assert!((2..=window.as_secs()).contains(&missed), "{shown}");
    // Those within the time were started, or skipped while one was in progress.
    assert!(taken(&shown) - before_it >= window.as_secs() / 2, "{shown}");
}
