//! What changed from one report to another.

use allstop::engine::{Outcome, SkipReason, Status, TargetResult};
use allstop::error::ErrorClass;
use allstop::report::{About, Diff, Report, RunMode};
use proptest::prelude::*;
use serde_json::Value;

use super::commands::{environment, put};
use super::every::{NASTY, every, infested, outcomes, read};
use super::fixture::{executions, failed, plan, record, row, stopped};
use crate::environment::Ended;

fn text(old: &Report, new: &Report) -> String {
    let mut text = Vec::new();
    Diff::new(old, new).write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn json(old: &Report, new: &Report) -> Value {
    serde_json::to_value(Diff::new(old, new)).unwrap()
}

/// Two reports between which everything happens.
fn pair() -> (Report, Report) {
    let skipped = TargetResult::skipped;
    let denied = || failed(ErrorClass::Denied, "AccessDenied", NASTY);
    let rows = [
        (stopped(), denied()),
        (row(Outcome::AlreadyStopped), row(Outcome::WouldStop)),
        (stopped(), row(Outcome::AlreadyStopped)),
        (stopped(), skipped(SkipReason::Filtered)),
        (stopped(), row(Outcome::NotFound)),
        (denied(), stopped()),
        (skipped(SkipReason::Aborted), stopped()),
        (skipped(SkipReason::Aborted), denied()),
        (skipped(SkipReason::Protected), skipped(SkipReason::Protected)),
        (row(Outcome::Unknown), row(Outcome::Unknown)),
        (stopped(), stopped()),
    ];
    let (old, new): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let report = |results: Vec<TargetResult>, about| {
        read(&plan(executions(results.len())), &record(Status::Completed, results), &about)
    };
    let old = report(old, About::default());
    let mut new = report(new, About { mode: RunMode::DryRun, ..About::default() });
    new.targets[10].id = "of another name".to_owned();
    (old, new)
}

#[test]
fn says_what_changed_for_each_target() {
    let (old, new) = pair();
    insta::assert_snapshot!("diff", text(&old, &new));
    insta::assert_snapshot!("diff_json", serde_json::to_string_pretty(&Diff::new(&old, &new)).unwrap());
}

#[test]
fn nothing_changes_from_a_report_to_itself() {
    let report = every();
    let found = json(&report, &report);
    assert_eq!(found["unchanged"], 19);
    for group in ["no_longer_stopped", "newly_stopped", "changed", "added", "gone"] {
        assert_eq!(found[group], Value::Array(Vec::new()), "{group}");
    }
}

#[test]
fn the_same_id_for_another_resource_is_another_target() {
    let old = outcomes(0, &[Outcome::Stopped]);
    for change in [
        (|report: &mut Report| report.targets[0].region.push('x')) as fn(&mut Report),
        |report| report.targets[0].account.push('x'),
        |report| report.targets[0].params.0[1].1 = allstop::report::NamedValue::Text("other".to_owned()),
    ] {
        let mut new = outcomes(1, &[Outcome::Failed]);
        change(&mut new);
        let found = json(&old, &new);
        assert_eq!((found["added"].as_array().unwrap().len(), found["gone"].as_array().unwrap().len()), (1, 1));
        assert!(!Diff::new(&old, &new).is_worse());
    }
}

#[test]
fn the_command_ends_with_1_where_something_is_not_stopped_any_more() {
    let env = environment();
    let (old, new) = pair();
    put(&env, "old.json", &old);
    put(&env, "new.json", &new);
    let Ended { code, stdout, stderr } = env.run(["report", "diff", "old.json", "new.json"]);
    assert_eq!((code, stdout, stderr.as_str()), (1, text(&old, &new), ""));
    put(&env, "failed.json", &outcomes(1, &[Outcome::Failed]));
    put(&env, "stopped.json", &outcomes(0, &[Outcome::Stopped]));
    assert_eq!(env.run(["report", "diff", "failed.json", "stopped.json"]).code, 0);
    assert_eq!(env.run(["report", "diff", "old.json", "old.json"]).code, 0);
    let Ended { code, stdout, .. } = env.run(["report", "diff", "old.json", "new.json", "--json"]);
    assert_eq!((code, serde_json::from_str::<Value>(&stdout).unwrap()), (1, json(&old, &new)));
    let Ended { code, stdout, stderr } = env.run(["report", "diff", "old.json", "absent.json"]);
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
}

proptest! {
    #[test]
    fn no_text_can_play_with_the_terminal(one in any::<String>(), other in any::<String>()) {
        let shown = text(&infested(&one), &infested(&other));
        prop_assert!(!shown.chars().any(|ch| ch.is_control() && ch != '\n'), "{shown:?}");
    }
}
