//! The JSON report.

use std::sync::Arc;
use std::time::Duration;

use allstop::engine::{Evidence, LaneInfo, LaneStats, Outcome, Record, SkipReason, Status, TargetResult};
use allstop::error::ErrorClass;
use allstop::plan::{Plan, Target};
use allstop::report::{About, Rehearsal, Report, RunMode};
use allstop::service::Value;

use super::fixture::{at, attempt, execution, executions, failed, plan, record, row, stopped, target};

/// A run in which about everything happens.
fn eventful() -> (Plan, Record) {
    let labels = [("team", "data"), ("env", "prod")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    let job = [Value::Text("c7debc9c"), Value::Flag(true)];
    let targets = vec![
        Target { labels: Arc::new(labels.into()), ..execution("nightly") },
        Target { own_id: Some("again".into()), duplicate_of: Some(0), ..execution("nightly") },
        execution("weekly"),
        target("drs_job", &job),
        target("live_flow", &[Value::Text("ec897482")]),
    ];
    let throttled = [ErrorClass::Throttled, ErrorClass::Timeout, ErrorClass::Protocol].map(Some);
    let mut attempts: Vec<_> = throttled.into_iter().zip(1..).map(|(class, n)| attempt(n, class, Some(312))).collect();
    attempts.push(attempt(4, None, None));
    let results = vec![
        TargetResult { attempts, reads: 2, evidence: Some(Evidence::ReadBack), ..stopped() },
        TargetResult::skipped(SkipReason::Duplicate),
        TargetResult { finished_at: Some(at(80)), ..row(Outcome::AlreadyStopped) },
        failed(ErrorClass::Denied, "DRS.10000002", "a \"quoted\" text with\nan escape \u{1b}[31m and 名前"),
        row(Outcome::NotFound),
    ];
    let mut record = record(Status::Completed, results);
    record.reason = Some("incident 4711".to_owned());
    let idle = LaneInfo { api: "fnf:DescribeExecution".to_owned(), stops: false, ..super::fixture::lane(0) };
    record.lanes.push((idle, LaneStats::default()));
    (plan(targets), record)
}

fn json(plan: &Plan, record: &Record, about: &About) -> String {
    let mut text = Vec::new();
    Report::new(plan, record, about).write_json(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn has_the_shape_of_version_1() {
    let (plan, record) = eventful();
    let text = json(&plan, &record, &About::default()).replace(env!("CARGO_PKG_VERSION"), "0.0.0");
    insta::assert_snapshot!("report", text);
}

#[test]
fn reads_what_it_writes() {
    let (plan, record) = eventful();
    let rehearsal = Rehearsal {
        seed: u64::MAX,
        faults: "storm".to_owned(),
        speed: 0.5,
        agrees: false,
        disagreements: vec!["again: says skipped, but a stop arrived".to_owned()],
    };
    let about = About {
        mode: RunMode::Rehearsal,
        resumed_from: Some("incident.journal".to_owned()),
        retry_of: Some("019ab0c2-7e5f-7000-8000-000000000000".to_owned()),
        shard: Some("2/5".to_owned()),
        rehearsal: Some(rehearsal),
        ..About::default()
    };
    let written = json(&plan, &record, &about);
    crate::schema::valid_report(written.as_bytes());
    let read: Report = serde_json::from_str(&written).unwrap();
    let mut again = Vec::new();
    read.write_json(&mut again).unwrap();
    assert_eq!(String::from_utf8(again).unwrap(), written);
    assert_eq!(read.rehearsal, about.rehearsal);
    assert_eq!(read.targets.len(), 5);
    assert_eq!(read.summary, Report::new(&plan, &record, &about).summary);
}

#[test]
fn refuses_fields_that_it_does_not_know() {
    let (plan, record) = eventful();
    let text = json(&plan, &record, &About::default()).replacen("\"version\"", "\"surprise\": 1, \"version\"", 1);
    let error = serde_json::from_str::<Report>(&text).unwrap_err();
    assert!(error.to_string().contains("unknown field `surprise`"), "{error}");
}

#[test]
fn gives_every_target_one_line() {
    let results = (0..500).map(|_| stopped()).collect();
    let text = json(&plan(executions(500)), &record(Status::Completed, results), &About::default());
    assert_eq!(text.lines().filter(|line| line.starts_with("    {\"id\": ")).count(), 500);
}

#[test]
fn a_lane_without_time_has_no_rate() {
    let mut record = record(Status::Completed, vec![stopped()]);
    for (_, stats) in &mut record.lanes {
        *stats = LaneStats { requests: 1, throttled: 0, duration: Duration::ZERO };
    }
    let text = json(&plan(executions(1)), &record, &About::default());
    assert!(text.contains("\"requests_per_second\": 0.0, "), "{text}");
}

/// Rows are made in pieces on several threads.
#[test]
fn rows_come_in_plan_order_however_many_there_are() {
    for count in [0, 1, 2, 31, 32, 33, 64, 1_000] {
        let plan = plan(executions(count));
        let record = record(Status::Completed, (0..count).map(|_| row(Outcome::Stopped)).collect());
        let text = json(&plan, &record, &About::default());
        let lines = text.lines().filter(|line| line.starts_with("    {\"id\": ")).count();
        assert_eq!(lines, count);
        let end = if count == 0 { "\"targets\": []\n}\n" } else { "}\n  ]\n}\n" };
        assert!(text.ends_with(end), "{count}");
        let read = Report::parse(text.as_bytes(), "report.json".as_ref()).unwrap();
        let ids = read.targets.iter().map(|row| row.id.as_str());
        assert!(ids.eq(plan.targets.iter().map(|target| target.id())), "{count}");
        let mut again = Vec::new();
        read.write_json(&mut again).unwrap();
        assert!(again == text.as_bytes(), "{count}");
    }
}
