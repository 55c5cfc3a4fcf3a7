//! The age of a reviewed plan, and its run in shards.

use std::time::Duration;

use allstop::clock::{Clock, SystemClock};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{FLOWS, MINUTE, RUN, SANDBOX, flow, jobs};
use crate::environment::TestEnvironment;
use crate::selection::ground::{ground, resource};

/// Reviews 12 flows 9 minutes ago.
fn nine_minutes_old() -> TestEnvironment {
    let env = ground(FLOWS, (0..12).map(flow));
    env.review(&[]);
    env.age(9 * MINUTE);
    env.simulator().load([flow(99)]);
    env
}

#[test]
fn row_45_a_young_plan_runs_in_shards_that_make_one_run() {
    let whole = nine_minutes_old();
    let (ended, of_one) = whole.reviewed(&[]);
    assert_eq!((ended.code, whole.stops(), whole.lists()), (0, 12, 1), "{ended:?}");
    assert!(of_one["run"]["reviewed"]["listed_again_at"].is_null());

    let env = nine_minutes_old();
    let reports: Vec<_> = (1..=4)
        .map(|number| {
            let ended = env.run_reviewed(&["--shard", &format!("{number}/4")]);
            assert_eq!(ended.code, 0, "{ended:?}");
            format!("r.{number}-of-4.report.json")
        })
        .collect();
    let merge: Vec<_> =
        ["report", "merge", "-o", "merged.json"].into_iter().chain(reports.iter().map(|name| &**name)).collect();
    let ended = env.run(merge);
    assert_eq!(ended.code, 0, "{ended:?}");
    let merged = env.report("merged.json");
    assert_eq!((env.stops(), env.lists()), (12, 1));
    let facts = |report: &Value| {
        let rows = report["targets"].as_array().unwrap().iter();
        let of = |row: &Value| {
            ["id", "outcome", "reason", "done", "selection", "labels", "params"].map(|key| row[key].clone())
        };
        rows.map(of).collect::<Vec<_>>()
    };
    assert_eq!(facts(&merged), facts(&of_one));
    for key in ["targets", "stopped", "skipped", "failed"] {
        assert_eq!(merged["summary"][key], of_one["summary"][key], "{key}");
    }
    for key in ["status", "exit_code"] {
        assert_eq!(merged["run"][key], of_one["run"][key], "{key}");
    }
    let seal = |report: &Value| report["run"]["reviewed"]["of"].clone();
    assert_eq!(seal(&merged)["path"], seal(&of_one)["path"]);
    // A shard that was carried out is not carried out again.
    env.refuses(&[&RUN[..], &["--shard", "2/4"]].concat(), 2, &["was carried out at"]);
}

#[test]
fn row_46_an_old_plan_runs_in_shards_once_it_is_listed_again() {
    let env = ground(FLOWS, (0..4).map(flow));
    env.review(&[]);
    env.age(11 * MINUTE);
    env.refuses(
        &[&RUN[..], &["--shard", "1/4"]].concat(),
        2,
        &["older than 10 minutes", "`allstop plan r.yaml -o now.yaml`"],
    );
    // What has gone meanwhile is not in it, and what has come is not either.
    let ended =
        json!({"kind": "live_flow", "project_id": "p", "flow_id": "f01", "name": "test-1", "status": "STANDBY"});
    env.simulator().change([resource(ended)]);
    env.simulator().load([flow(99)]);
    let ended = env.run(["plan", "r.yaml", "-o", "now.yaml"]);
    assert_eq!((ended.code, env.stops()), (0, 0), "{ended:?}");
    for said in [
        "1 reviewed target does not match any more",
        "1 more matches now and was not reviewed: left alone (live_flow:f99)",
    ] {
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
    }
    let lists = env.lists();
    for number in 1..=2 {
        let ended = env.run(["run", "now.yaml", "--yes", "--shard", &format!("{number}/2")]);
        assert_eq!(ended.code, 0, "{ended:?}");
    }
    assert_eq!((env.stops(), env.lists()), (3, lists));
    assert!(env.text("now.yaml").contains("path: plan.yaml"), "{}", env.text("now.yaml"));
}

#[test]
fn row_50_a_plan_of_the_future_is_refused() {
    let env = ground(SANDBOX, jobs(&["j1"]));
    env.review(&[]);
    let at = SystemClock.now() + Duration::from_secs(3600);
    env.set_head("listed_at", &Timestamp::from_second(at.as_second()).unwrap().to_string());
    env.refuses(&RUN, 2, &["listed in the future", "set the clock"]);
    env.refuses(&["plan", "r.yaml", "-o", "now.yaml"], 2, &["listed in the future"]);
}

#[test]
fn check_shows_the_age_without_a_request() {
    let env = ground(SANDBOX, jobs(&["j1"]));
    env.review(&[]);
    let lists = env.lists();
    env.age(3 * 3600);
    let ended = env.run(["check", "r.yaml"]);
    let shown = format!("{}{}", ended.stdout, ended.stderr);
    assert_eq!((ended.code, env.lists()), (0, lists), "{ended:?}");
    assert!(
        shown.contains("A reviewed plan of plan.yaml: 1 target, listed 3 h") && shown.contains("it is listed again"),
        "{shown}"
    );
}
