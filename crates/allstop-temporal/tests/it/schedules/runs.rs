//! What the runs of a schedule do.

use allstop::engine::{Outcome, Status};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use serde_json::Value;
use temporalio_client::{RpcOptions, UntypedWorkflow, WorkflowDescribeOptions, WorkflowExecutionStatus};

use super::{TWO, created, described, fast, now, reported, triggered};
use crate::harness::{Site, TestPlan};

#[tokio::test]
async fn every_run_of_a_schedule_is_one_of_its_own_and_its_report_is_true() {
    let Some(site) = Site::new(&fast(), &TestPlan::of(20).over(2)) else { return };
    let shown = created(&site, "nightly", &["--cron", TWO, "--reason", "every night"]);
    assert_eq!(shown["plan"]["targets"], 20);
    assert_eq!((&shown["cron"], &shown["time_zone"]), (&TWO.into(), &"UTC".into()));
    assert_eq!((&shown["overlap"], &shown["catchup_seconds"]), (&"skip".into(), &3600.into()));
    let _worker = site.worker(["--reports", "kept/reports"]);

    let first = triggered(&site, "nightly");
    assert!(first.starts_with("nightly-20") && first.ends_with('Z'), "{first}");
    let report = reported(&site, &first).await;
    let judgement = site.judge(&report);
    judgement.assert_sound();
    assert_eq!((judgement.open, report.run.status), (0, Status::Completed));
    assert_eq!(report.run.reason.as_deref(), Some("every night"));
    let kept = site.report(&format!("kept/reports/{}.report.json", report.run.id));
    assert_eq!((kept.targets, kept.run.exit_code), (report.targets, report.run.exit_code));

    let second = triggered(&site, "nightly");
    let again = reported(&site, &second).await;
    assert!(site.path(&format!("kept/reports/{}.report.json", again.run.id)).exists());
    assert!(again.targets.iter().all(|row| row.outcome == Outcome::AlreadyStopped));
    assert_ne!(report.run.id, again.run.id, "client tokens differ from night to night");
    let shown = described(&site, "nightly");
    let ids: Vec<_> = shown["recent"].as_array().unwrap().iter().map(|run| run["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [&*again.run.id, &*report.run.id]);
    // The server's own word about the schedule is behind: it has the second run as in progress still.
    assert_eq!((&shown["running"], &shown["recent"][0]["state"]), (&Value::Array(Vec::new()), &"completed".into()));
    let ended = site.run(["schedule", "describe", "nightly"]);
    assert!(
        ended.stdout.contains(&format!("last      {second}: completed (report {}.report.json)", again.run.id)),
        "{ended:?}"
    );
}

#[tokio::test]
async fn a_window_that_is_closed_now_is_looked_at_on_every_run() {
    let later = now().checked_add(SignedDuration::from_hours(5)).unwrap().to_zoned(TimeZone::UTC);
    let end = later.checked_add(1.hour()).unwrap();
    let window = format!(
        "guards: {{window: {{from: '{}', to: '{}', timezone: UTC}}}}",
        later.strftime("%H:%M"),
        end.strftime("%H:%M")
    );
    let Some(site) = Site::new(&fast(), &TestPlan::of(5).with(&window)) else { return };
    assert_eq!(site.run(["submit", "plan.yaml", "--yes"]).code, 3);
    created(&site, "nightly", &["--cron", TWO]);
    let _worker = site.worker([]);
    let report = reported(&site, &triggered(&site, "nightly")).await;
    assert_eq!(report.run.status, Status::Aborted);
    assert_eq!(site.timeline().len(), 0, "nothing was stopped");
}

#[tokio::test]
async fn a_large_plan_is_held_for_as_long_as_the_schedule_starts_it() {
    // It does not compress.
    let noise: String =
        (0..60_000_u64).map(|number| format!("{:x}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    let lines: Vec<_> =
        noise.as_bytes().chunks(100).map(|line| format!("# {}", std::str::from_utf8(line).unwrap())).collect();
    let plan = TestPlan::of(5).with(&lines.join("\n"));
    let Some(site) = Site::new(&fast(), &plan) else { return };
    let client = site.client().await;
    let held = async || {
        let schedule = client.get_schedule_handle("nightly").describe(RpcOptions::default()).await.unwrap();
        let temporalio_client::schedules::ScheduleDescriptionAction::StartWorkflow(action) = schedule.action() else {
            panic!("it starts something else")
        };
        let input: Value = action.args().await.unwrap().unwrap();
        input["plan"]["held"]["workflow_id"].as_str().expect("a workflow holds the plan").to_owned()
    };
    let is_open = async |workflow: &str| {
        let workflow = client.get_workflow_handle::<UntypedWorkflow>(workflow);
        let described = workflow.describe(WorkflowDescribeOptions::default()).await.unwrap();
        described.status() == WorkflowExecutionStatus::Running
    };
    created(&site, "nightly", &["--cron", TWO]);
    let first = held().await;
    let _worker = site.worker([]);
    for night in 0..2 {
        let report = reported(&site, &triggered(&site, "nightly")).await;
        assert_eq!(report.run.status, Status::Completed, "{night}");
        assert!(is_open(&first).await, "{night}");
    }
    assert_eq!(site.run(["schedule", "update", "nightly", "plan.yaml", "--yes"]).code, 0);
    let second = held().await;
    assert!(!is_open(&first).await && is_open(&second).await);
    assert_eq!(site.run(["schedule", "delete", "nightly"]).code, 0);
    assert!(!is_open(&second).await);
}
