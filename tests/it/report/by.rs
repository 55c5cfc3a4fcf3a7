//! Counts of a report by kind, account, region and label.

use std::sync::Arc;

use allstop::engine::{Outcome, Status};
use allstop::plan::{Seen, Target};
use allstop::report::{About, CountKey, CountsBy, Report, RunMode};
use allstop::service::Value;
use proptest::prelude::*;
use serde_json::Value as Json;

use super::commands::put;
use super::every::{every, infested, read};
use super::fixture::{at, execution, found, plan, record, row, stopped, target};
use crate::environment::{Ended, TestEnvironment};

fn keys(by: &[&str]) -> Vec<CountKey> {
    by.iter().map(|key| key.parse().unwrap()).collect()
}

fn text(report: &Report, by: &[&str]) -> String {
    let mut text = Vec::new();
    CountsBy::new(report, &keys(by)).write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn json(report: &Report, by: &[&str]) -> Json {
    serde_json::to_value(CountsBy::new(report, &keys(by))).unwrap()
}

fn of_team(team: &str, target: Target) -> Target {
    Target { labels: Arc::new([("team".to_owned(), team.to_owned())].into()), ..target }
}

/// A target that a listing showed a millisecond before the run, and which began so many minutes before it.
fn since(minutes: i64, target: Target) -> Target {
    let since = Some(at(-1 - minutes * 60_000).to_string().into());
    let seen = Seen { state: None, name: None, since, at: Some(at(-1)) };
    Target { seen: Some(Box::new(seen)), ..target }
}

/// A report of two teams; some of what was stopped had been running for a known time.
fn of_two_teams() -> Report {
    let task = || target("opensearch_task", &[Value::Text("ha-cn-1"), Value::Text("t@1")]);
    let rows = [
        (of_team("data", since(60, execution("a"))), stopped()),
        (of_team("data", since(120, execution("b"))), stopped()),
        (of_team("data", since(90_000, execution("c"))), stopped()),
        (of_team("data", execution("d")), stopped()),
        // What was not stopped by the run does not count, whatever it did.
        (of_team("data", since(5, execution("e"))), row(Outcome::AlreadyStopped)),
        (of_team("search", since(6000, task())), stopped()),
        (execution("f"), row(Outcome::Failed)),
    ];
    let (targets, results): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    read(&plan(targets), &record(Status::Completed, results), &About::default())
}

#[test]
fn counts_are_by_the_keys_and_times_are_those_of_what_was_stopped() {
    let report = of_two_teams();
    insta::assert_snapshot!("by", text(&report, &["label.team", "kind"]));
    let found = json(&report, &["label.team"]);
    let of = |team: Json| found["groups"].as_array().unwrap().iter().find(|group| group["label.team"] == team).unwrap();
    let data = of("data".into());
    assert_eq!((&data["targets"], &data["stopped"], &data["already_stopped"]), (&5.into(), &4.into(), &1.into()));
    // The time from the listing to the first request is added: 6 ms for each.
    let minutes = 60_000_u64;
    let expected = serde_json::json!({
        "known": 3, "unknown": 1, "at_least": 0,
        "total_ms": 90_180 * minutes + 18, "median_ms": 120 * minutes + 6,
    });
    assert_eq!(data["running_for"], expected);
    // The listing shows when a task was changed last: it is at least so old.
    assert_eq!(of("search".into())["running_for"]["at_least"], 1);
    assert_eq!(of(Json::Null)["running_for"], Json::Null);
    assert_eq!(found["total"]["targets"], 7);
}

#[test]
fn the_groups_add_up_to_the_summary() {
    let report = every();
    for by in [&["kind"][..], &["account"], &["region"], &["label.team"], &["label.none", "kind"]] {
        let found = json(&report, by);
        for (outcome, count) in [
            ("targets", report.summary.targets),
            ("skipped", report.summary.skipped),
            ("failed", report.summary.failed),
            ("stopped", report.summary.stopped),
        ] {
            let groups = found["groups"].as_array().unwrap();
            let sum: u64 = groups.iter().map(|group| group[outcome].as_u64().unwrap()).sum();
            assert_eq!((sum, found["total"][outcome].as_u64()), (count, Some(count)), "{by:?} {outcome}");
        }
    }
}

#[test]
fn the_regions_of_an_account_are_one_account() {
    let mut report = of_two_teams();
    for (row, region) in report.targets.iter_mut().zip(["cn-hangzhou", "cn-shanghai"].into_iter().cycle()) {
        (row.account, row.region) = (format!("ali@{region}"), region.to_owned());
    }
    let found = json(&report, &["account"]);
    assert_eq!(found["groups"].as_array().unwrap().len(), 1);
    assert_eq!(found["groups"][0]["account"], "ali");
    assert_eq!(json(&report, &["region"])["groups"].as_array().unwrap().len(), 2);
}

#[test]
fn the_median_of_an_even_number_is_between_the_middle_two() {
    let targets = [10, 20, 40, 100].map(|minutes| since(minutes, execution(&minutes.to_string())));
    let results = targets.iter().map(|_| stopped()).collect();
    let report = read(&plan(targets.into()), &record(Status::Completed, results), &About::default());
    assert_eq!(json(&report, &["kind"])["total"]["running_for"]["median_ms"], 30 * 60_000 + 6);
}

#[test]
fn a_dry_run_says_what_has_been_running() {
    let report = read(
        &plan(vec![found("a")]),
        &record(Status::Completed, vec![row(Outcome::WouldStop)]),
        &About { mode: RunMode::DryRun, ..About::default() },
    );
    // Nothing was sent about it, so that its time up to then is not known.
    assert_eq!(json(&report, &["kind"])["total"]["running_for"], Json::Null);
    let mut report = report;
    report.targets[0].started_at = Some(at(0).into());
    let shown = text(&report, &["kind"]);
    assert!(shown.contains("\nWhat would be stopped has been running for 3 h in total (1 target).\n"), "{shown}");
}

#[test]
fn the_command_counts_and_refuses_what_it_cannot_count_by() {
    let env = TestEnvironment::new();
    let report = of_two_teams();
    put(&env, "a.json", &report);
    let Ended { code, stdout, stderr } = env.run(["report", "show", "a.json", "--by", "label.team,kind"]);
    assert_eq!((code, stdout, stderr.as_str()), (0, text(&report, &["label.team", "kind"]), ""));
    let Ended { code, stdout, stderr } = env.run(["report", "show", "a.json", "--by", "label.tem", "--json"]);
    assert_eq!((code, serde_json::from_str::<Json>(&stdout).unwrap()), (0, json(&report, &["label.tem"])));
    assert_eq!(stderr, "note: no target of the report has a value of label.tem\n");
    for (args, expected) in [
        (&["--by", "team"][..], "expected kind, account, region or label.KEY; for the label team, use label.team"),
        (&["--by", "kind,account,region"], "--by has 3 keys"),
        (&["--json"], "--by"),
        (&["--by", "kind", "--all"], "--all"),
    ] {
        let Ended { code, stdout, stderr } = env.run([&["report", "show", "a.json"], args].concat());
        assert_eq!((code, stdout.as_str()), (2, ""), "{args:?}: {stderr}");
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
    }
}

proptest! {
    #[test]
    fn no_text_can_play_with_the_terminal(one in any::<String>()) {
        let shown = text(&infested(&one), &["kind", "region"]) + &text(&infested(&one), &["account", "label.team"]);
        prop_assert!(!shown.chars().any(|ch| ch.is_control() && ch != '\n'), "{shown:?}");
    }
}
