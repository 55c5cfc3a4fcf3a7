//! A run that is due while another one is in progress.

use allstop::engine::{Outcome, Status};
use allstop::simulator::Config;
use serde_json::Value;

use super::{TWO, created, described, fast, reported, triggered};
use crate::harness::{PATIENCE, Site, TestPlan};

#[test]
fn a_run_that_goes_on_is_not_joined_by_another_one() {
    let plan = TestPlan::of(100).limited("{rate: 1/s, burst: 1}");
    let Some(site) = Site::new(&Config::default(), &plan) else { return };
    created(&site, "nightly", &["--cron", TWO]);
    let _worker = site.worker([]);
    let run = triggered(&site, "nightly");
    site.cloud.wait_for_stops(1);
    let ended = site.run(["schedule", "trigger", "nightly"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert!(ended.stderr.contains("a run of the schedule is still in progress"), "{}", ended.stderr);
    let shown = described(&site, "nightly");
    assert_eq!((&shown["started"], &shown["skipped"]), (&1.into(), &1.into()));
    let (running, recent) = (&shown["running"][0], &shown["recent"][0]);
    assert_eq!((&running["run"], running), (&run.as_str().into(), recent));
    assert!(running["scheduled_at"].is_string() && running["started_at"].is_string(), "{running}");

    let ended = site.run(["schedule", "delete", "nightly"]);
    assert!(ended.code == 0 && ended.stderr.contains(&format!("its run {run} continues")), "{}", ended.stderr);
    assert_eq!(site.run(["schedule", "describe", "nightly"]).code, 2);
}

#[tokio::test]
async fn a_run_that_goes_on_is_cancelled_for_the_next_one_where_the_schedule_says_so() {
    let plan = TestPlan::of(100).limited("{rate: 2/s, burst: 1}");
    let Some(site) = Site::new(&Config::default(), &plan) else { return };
    created(&site, "nightly", &["--cron", TWO, "--overlap", "cancel"]);
    let _worker = site.worker([]);
    let run = triggered(&site, "nightly");
    // At this rate in another second: the id of a run has the second in which it is started.
    site.cloud.wait_for_stops(4);
    let ended = site.run(["schedule", "trigger", "nightly"]);
    assert_eq!((ended.code, &*ended.stdout), (0, ""), "{}", ended.stderr);
    assert!(ended.stderr.contains("starts when the one in progress has ended"), "{}", ended.stderr);
    let report = reported(&site, &run).await;
    assert_eq!(report.run.status, Status::Interrupted);
    let shown = described(&site, "nightly");
    let recent = shown["recent"].as_array().unwrap().iter().find(|recent| recent["run"] == run);
    assert_eq!(recent.unwrap()["state"], "interrupted", "{shown}");
    site.cloud.wait_for_stops(site.cloud.ledger().requests.stops + 1);
    let shown = described(&site, "nightly");
    assert_eq!(shown["started"], 2);
    assert_ne!(shown["running"][0]["run"], run);
}

#[tokio::test]
async fn a_run_waits_for_the_one_that_goes_on_where_the_schedule_says_so() {
    let plan = TestPlan::of(8).limited("{rate: 2/s, burst: 1}");
    let Some(site) = Site::new(&Config { speed: 100.0, ..Config::default() }, &plan) else { return };
    created(&site, "nightly", &["--cron", TWO, "--overlap", "wait"]);
    let worker = site.worker([]);
    let first = triggered(&site, "nightly");
    // At this rate in another second: the id of a run has the second in which it is started.
    site.cloud.wait_for_stops(4);
    let ended = site.run(["schedule", "trigger", "nightly"]);
    assert_eq!((ended.code, &*ended.stdout), (0, ""), "{}", ended.stderr);
    assert!(ended.stderr.contains("starts when the one in progress has ended"), "{}", ended.stderr);
    let shown = described(&site, "nightly");
    assert_eq!((&shown["started"], &shown["running"][0]["run"]), (&1.into(), &first.as_str().into()));
    // One may wait.
    let ended = site.run(["schedule", "trigger", "nightly"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);

    assert!(worker.says_again("has finished the lane", 2, PATIENCE).is_some(), "{}", worker.output());
    let before = reported(&site, &first).await;
    assert_eq!(before.run.status, Status::Completed);
    let shown = described(&site, "nightly");
    assert_eq!((&shown["started"], &shown["skipped"]), (&2.into(), &1.into()));
    let mut runs = shown["recent"].as_array().unwrap().iter().map(|run| run["run"].as_str().unwrap());
    let second = runs.find(|run| *run != first).unwrap_or_else(|| panic!("{shown}"));
    let after = reported(&site, second).await;
    assert!(after.run.started_at >= before.run.finished_at, "{:?} {:?}", before.run, after.run);
    assert!(after.targets.iter().all(|row| row.outcome == Outcome::AlreadyStopped));
}

#[test]
fn the_server_has_the_policies_that_were_given() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(1)) else { return };
    let policies = |name: &str| -> Value {
        let shown = site.temporal(["schedule", "describe", "--schedule-id", name, "--output", "json"]);
        serde_json::from_str::<Value>(&shown).unwrap()["schedule"]["policies"].clone()
    };
    let overlaps = [("skip", "SKIP"), ("wait", "BUFFER_ONE"), ("cancel", "CANCEL_OTHER")];
    for (overlap, policy) in overlaps {
        created(&site, overlap, &["--cron", TWO, "--overlap", overlap, "--catchup", "10m"]);
        let has = policies(overlap);
        assert_eq!(has["overlapPolicy"], format!("SCHEDULE_OVERLAP_POLICY_{policy}"), "{has}");
        assert_eq!(has["catchupWindow"], "600s", "{has}");
    }
    // What is not given, an update leaves.
    assert_eq!(site.run(["schedule", "update", "wait", "--catchup", "20s"]).code, 0);
    let has = policies("wait");
    assert_eq!(has["overlapPolicy"], "SCHEDULE_OVERLAP_POLICY_BUFFER_ONE", "{has}");
    assert_eq!(has["catchupWindow"], "20s", "{has}");
    created(&site, "plain", &["--cron", TWO]);
    let has = policies("plain");
    assert_eq!(has["overlapPolicy"], "SCHEDULE_OVERLAP_POLICY_SKIP", "{has}");
    assert_eq!(has["catchupWindow"], "3600s", "{has}");
}
