//! The report is that of a local run.

use allstop::report::{Diff, Report};
use allstop::simulator::{Config, Faults};
use serde_json::Value;

use crate::harness::{Done, Fleet, Pace, Site, Size, Submission, TestPlan, figures};

/// Runs a plan locally and with a fleet, each with a cloud of its own that does the same; returns both reports, and how what
/// came of them is written.
fn both(size: Size, faults: Faults) -> Option<(Report, String, Done, String)> {
    let targets = size.of(200, 1000);
    let plan = TestPlan::of(targets).over(2).limited("{rate: 40/s, burst: 10, adaptive: false}");
    let config = Config { speed: 100.0, faults, seed: 11, ..Config::default() };
    let (alone, site) = (Site::new(&config, &plan)?, Site::new(&config, &plan)?);
    let local = alone.run_locally();
    let _fleet = Fleet::of(&site, 2);
    let done = Submission::start(&site, Pace::of(size), "same", &[]).done(size);
    Some((local, alone.cloud.endpoint(), done, site.cloud.endpoint()))
}

/// Replaces what two runs cannot have in common by whether it is there, and the address of the cloud by a name.
fn bare(mut value: Value, endpoint: &str) -> Value {
    const OWN: [&str; 9] = [
        // The id of the run; those of targets are names, and stay.
        "id",
        // The two runs are at different times, and no two requests take the same time.
        "started_at",
        "finished_at",
        "at",
        "sent_at",
        "duration_ms",
        "requests_per_second",
        // The cloud makes them up.
        "request_id",
        // The plans differ in the address of their cloud.
        "sha256",
    ];
    match &mut value {
        Value::Object(fields) => {
            let is_own = |name: &str, value: &Value| OWN.contains(&name) && (name != "id" || is_uuid(value));
            let bared = std::mem::take(fields).into_iter().map(|(name, value)| {
                let value = if is_own(&name, &value) { (!value.is_null()).into() } else { bare(value, endpoint) };
                (name, value)
            });
            Value::Object(bared.collect())
        }
        Value::Array(values) => std::mem::take(values).into_iter().map(|value| bare(value, endpoint)).collect(),
        Value::String(text) if text.ends_with("/plan.yaml") => "plan.yaml".into(),
        Value::String(text) => text.replace(endpoint, "http://cloud").into(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

fn is_uuid(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text == "same" || text.len() == 36)
}

#[test]
fn a_report_is_that_of_a_local_run() {
    let size = Size::of_process();
    let Some((local, there, done, here)) = both(size, Faults::None) else { return };
    let [left, right] = [(&local, &there), (&done.report, &here)]
        .map(|(report, endpoint)| bare(serde_json::to_value(report).unwrap(), endpoint));
    let differences = differences(&left, &right, "");
    let diff = Diff::new(&local, &done.report);
    let mut text = Vec::new();
    diff.write(&mut text).unwrap();
    figures("the same report", format_args!("{} rows, {} fields differ", local.targets.len(), differences.len()));
    let (text, unchanged) = (String::from_utf8(text).unwrap(), format!("{} unchanged", local.targets.len()));
    assert_eq!(text.trim_end().lines().last().map(|line| line.replace(',', "")), Some(unchanged), "{text}");
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn no_outcome_differs_when_the_service_fails() {
    let size = Size::of_process();
    let Some((local, _, done, _)) = both(size, Faults::Some) else { return };
    let rows = || local.targets.iter().zip(&done.report.targets);
    let outcomes = rows().filter(|(local, row)| local.outcome != row.outcome).count();
    let evidences = rows().filter(|(local, row)| local.evidence != row.evidence).count();
    figures(
        "the same outcomes",
        format_args!("{} rows, {outcomes} outcomes and {evidences} evidences differ", local.targets.len()),
    );
    assert_eq!(outcomes, 0);
}

/// Returns where two values differ, in words.
fn differences(left: &Value, right: &Value, at: &str) -> Vec<String> {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let names: std::collections::BTreeSet<_> = left.keys().chain(right.keys()).collect();
            let of = |name: &&String| {
                let [left, right] = [left, right].map(|fields| fields.get(*name).unwrap_or(&Value::Null));
                differences(left, right, &format!("{at}.{name}"))
            };
            names.iter().flat_map(of).collect()
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let pairs = left.iter().zip(right).enumerate();
            pairs.flat_map(|(number, (left, right))| differences(left, right, &format!("{at}[{number}]"))).collect()
        }
        (left, right) if left == right => Vec::new(),
        (left, right) => vec![format!("{at}: {left} and {right}")],
    }
}
