//! What was stopped, came back and was stopped again, over many reports.

use allstop::engine::Outcome::{self, AlreadyStopped, Failed, NotFound, Stopped, Unknown, WouldStop};
use allstop::report::{Drift, Report, RunMode};
use proptest::prelude::*;
use serde_json::Value;

use super::commands::put;
use super::every::{infested, outcomes};
use super::fixture::at;
use crate::environment::{Ended, TestEnvironment};

/// Reports of so many days; each has the outcomes of one target after the other.
fn reports() -> Vec<Report> {
    let days: [[Outcome; 5]; 4] = [
        [Stopped, Stopped, Stopped, Failed, Stopped],
        [Stopped, AlreadyStopped, WouldStop, Failed, NotFound],
        [AlreadyStopped, AlreadyStopped, Stopped, Failed, Unknown],
        [Stopped, AlreadyStopped, AlreadyStopped, Failed, Unknown],
    ];
    let report = |(day, outcomes_of_day): (i64, &[Outcome; 5])| {
        let mut report = outcomes(1, outcomes_of_day);
        report.run.id = format!("run-{day}");
        report.run.started_at = at(day * 24 * 3_600_000).into();
        report
    };
    (0..).zip(&days).map(report).collect()
}

fn drift(reports: &[Report]) -> Drift {
    let mut drift = Drift::default();
    reports.iter().for_each(|report| drift.add(report).unwrap());
    drift
}

fn text(reports: &[Report]) -> String {
    let mut text = Vec::new();
    drift(reports).write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn says_what_came_back_and_how_often() {
    let reports = reports();
    insta::assert_snapshot!("drift", text(&reports));
    insta::assert_snapshot!("drift_json", serde_json::to_string_pretty(&drift(&reports)).unwrap());
    let steady = [reports[0].clone(), reports[0].clone(), reports[0].clone()];
    // A stop that takes effect again shows that the target ran.
    assert!(!drift(&steady).is_worse() && text(&steady).contains("4 targets came back"), "{}", text(&steady));
}

#[test]
fn the_same_id_for_another_resource_is_another_target() {
    let mut reports = reports();
    reports[1].targets[0].region.push('x');
    let found = serde_json::to_value(drift(&reports[..2])).unwrap();
    assert_eq!(found["targets"], 6);
    assert!(found["came_back"].as_array().unwrap().iter().all(|target| target["id"] != reports[0].targets[0].id));
}

#[test]
fn the_command_takes_reports_in_any_order_and_ends_with_1_where_something_is_not_stopped_any_more() {
    let env = TestEnvironment::new();
    let mut reports = reports();
    let expected = text(&reports);
    for (name, report) in ["c", "a", "d", "b"].into_iter().zip(&reports) {
        put(&env, &format!("{name}.json"), report);
    }
    let Ended { code, stdout, stderr } = env.run(["report", "diff", "a.json", "b.json", "c.json", "d.json"]);
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (1, &*expected, ""));
    let args = ["report", "diff", "d.json", "-", "c.json", "b.json"];
    assert_eq!(env.run_on(&env.text("a.json"), args).stdout, expected);
    let Ended { code, stdout, .. } = env.run(["report", "diff", "a.json", "b.json", "c.json", "d.json", "--json"]);
    assert_eq!(code, 1);
    assert_eq!(serde_json::from_str::<Value>(&stdout).unwrap(), serde_json::to_value(drift(&reports)).unwrap());
    // What came back and was stopped again is no loss.
    for report in &mut reports {
        report.targets.truncate(3);
        (report.summary.targets, report.run.exit_code) = (3, 0);
    }
    assert!(!drift(&reports).is_worse());
    for (args, expected) in [
        (&["a.json"][..], "2 values required"),
        (&["a.json", "b.json", "absent.json"], "cannot read the report absent.json"),
    ] {
        let Ended { code, stdout, stderr } = env.run([&["report", "diff"], args].concat());
        assert_eq!((code, stdout.as_str()), (2, ""), "{args:?}: {stderr}");
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
    }
    let mut rehearsal = reports[1].clone();
    rehearsal.run.mode = RunMode::Rehearsal;
    let mut mixed = Drift::default();
    mixed.add(&reports[0]).unwrap();
    assert!(mixed.add(&rehearsal).is_err());
}

proptest! {
    #[test]
    fn no_text_can_play_with_the_terminal(one in any::<String>(), other in any::<String>()) {
        let shown = text(&[infested(&one), infested(&other), infested(&one)]);
        prop_assert!(!shown.chars().any(|ch| ch.is_control() && ch != '\n'), "{shown:?}");
    }
}
