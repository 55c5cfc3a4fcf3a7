//! What has changed between the review and the run.

use serde_json::json;

use super::{DAY, FLOWS, MINUTE, RUN, SANDBOX, flow, job, jobs, moment, with_refused_jobs};
use crate::environment::{TestEnvironment, words};
use crate::selection::ground::{ground, resource, rows};

/// Wednesday's list, on Friday: the owner of j2 keeps it, j3 has ended, and j4 is new.
fn on_friday() -> TestEnvironment {
    let env = ground(SANDBOX, jobs(&["j1", "j2", "j3"]));
    env.review(&["--valid-for", "3d"]);
    let ended = json!({"status": "RELEASE_RESOURCE_COMPLETE"});
    let changed = [job("j2", &json!({"tags": {"keep": "mine"}})), job("j3", &ended)];
    assert_eq!(env.simulator().change(changed), 2);
    assert_eq!(env.simulator().load([job("j4", &json!({}))]), 1);
    env.age(2 * DAY);
    env
}

#[test]
fn e7_wednesdays_list_is_run_on_friday() {
    let env = on_friday();
    let (ended, report) = env.reviewed(&[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(rows(&report), ["drs_job:j1 stopped", "drs_job:j2 stale", "drs_job:j3 stale"]);
    let states: Vec<_> = report["targets"].as_array().unwrap()[1..].iter().map(|row| &row["state"]).collect();
    assert_eq!(states, ["INCRE_TRANSFER_STARTED", "RELEASE_RESOURCE_COMPLETE"]);
    assert!(report["targets"].as_array().unwrap()[1..].iter().all(|row| row["done"].is_null()), "{report}");
    let said = "1 more matches now and was not reviewed: left alone (drs_job:j4)";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
    let reviewed = &report["run"]["reviewed"];
    assert_eq!((&reviewed["stale"], &reviewed["unreviewed"]), (&json!(2), &json!(1)));
    assert_eq!(reviewed["of"]["path"], "plan.yaml");
    assert!(reviewed["listed_again_at"].is_string(), "{reviewed}");
    assert!(env.text("r.yaml").contains(reviewed["sha256"].as_str().unwrap()));
    assert_eq!(env.stops(), 1);

    // Again on Friday.
    env.refuses(&RUN, 2, &["was carried out at", "--again"]);
    let ended = env.run_reviewed(&["--again", "--report", "again.json"]);
    assert_eq!(ended.code, 4, "{ended:?}");
    assert_eq!((words(&env.report("again.json")), env.stops()), (vec!["stale".to_owned(); 3], 1));

    // A line deleted by hand.
    let text = env.text("r.yaml");
    let is_taken_out = |line: &&str| line.contains("job_id: j2");
    assert_eq!(text.lines().filter(is_taken_out).count(), 1, "{text}");
    let kept = text.lines().filter(|line| !is_taken_out(line)).map(|line| format!("{line}\n"));
    env.write("r.yaml", kept.collect::<String>());
    env.refuses(&[&RUN[..], &["--again"]].concat(), 2, &["1 taken out: drs_job:j2", "leave it out with --skip"]);
    env.write("r.yaml", text);

    // On Sunday.
    env.set_head("expires_at", &moment(MINUTE));
    let report = ["--report", "sunday.json"];
    env.refuses(&[&RUN[..], &report].concat(), 3, &["expired at", "allstop plan plan.yaml -o r.yaml"]);
    assert_eq!(words(&env.report("sunday.json")), ["aborted"; 3]);
    // A retry is no way around it.
    env.refuses(
        &["retry", "sunday.json", "--yes"],
        4,
        &["3 reviewed targets were not begun", "allstop run r.yaml --again"],
    );
}

#[test]
fn what_was_left_out_with_skip_is_not_listed_as_stale() {
    let env = on_friday();
    let (ended, report) = env.reviewed(&["--skip", "j2"]);
    assert_eq!(
        (ended.code, words(&report)),
        (0, ["stopped", "filtered", "stale"].map(str::to_owned).to_vec()),
        "{ended:?}"
    );
}

#[test]
fn a_target_that_a_tag_protects_since_is_spared() {
    let env = ground(&SANDBOX.replace("max_targets: 50", "protect: ['tag.team=payments']"), jobs(&["j1", "j2"]));
    env.review(&[]);
    env.simulator().change([job("j1", &json!({"tags": {"team": "payments"}}))]);
    env.age(11 * MINUTE);
    let (ended, report) = env.reviewed(&[]);
    assert_eq!((ended.code, rows(&report)), (0, vec!["drs_job:j1 stale".to_owned(), "drs_job:j2 stopped".to_owned()]));
}

#[test]
fn what_the_options_leave_out_is_not_listed_again_and_not_said_to_be_stale() {
    let env = with_refused_jobs(1);
    let (ended, report) = env.reviewed(&["--kind", "live_flow"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let expected = ["live_flow:f00 stopped", "live_flow:f01 stopped", "drs_job:j1 filtered", "drs_job:j2 filtered"];
    assert_eq!(rows(&report), expected);
    assert!(
        !ended.stderr.contains("any more") && !ended.stderr.contains("listed again: left alone"),
        "{}",
        ended.stderr
    );
}

#[test]
fn explicit_targets_of_the_source_are_stopped_as_reviewed() {
    let plan = format!("{FLOWS}\n").replace("targets: [", "targets: [{kind: drs_job, account: hw, job_id: named}, ");
    let env = ground(&plan, [job("named", &json!({})), flow(0)]);
    env.review(&[]);
    env.age(11 * MINUTE);
    let (ended, report) = env.reviewed(&[]);
    assert_eq!((ended.code, words(&report)), (0, vec!["stopped".to_owned(); 2]), "{ended:?}");
    // No list of jobs, and no way to see whether a flow was started again.
    assert!(env.pages().iter().all(|(page, _)| page.starts_with("live:ListFlows")), "{:?}", env.pages());
    assert!(ended.stderr.contains("does not show when a live_flow began"), "{}", ended.stderr);
}

#[test]
fn another_change_of_an_instance_is_not_the_one_that_was_reviewed() {
    let begun = |since: &str| {
        resource(json!({"kind": "elasticsearch_task", "instance_id": "es-1", "status": "activating", "since": since}))
    };
    let plan = "targets: [{kind: elasticsearch_task, account: ali, select: {older_than: 1h}}]";
    let env = ground(plan, [begun("2026-01-02T03:04:05Z")]);
    env.review(&[]);
    env.age(11 * MINUTE);
    env.simulator().change([begun("2026-01-03T03:04:05Z")]);
    let (ended, report) = env.reviewed(&[]);
    assert_eq!((ended.code, words(&report), env.stops()), (4, vec!["stale".to_owned()], 0), "{ended:?}");
}

#[test]
fn a_dry_run_is_not_the_one_time_that_a_reviewed_plan_is_run() {
    let env = ground(SANDBOX, jobs(&["j1"]));
    env.review(&[]);
    env.age(11 * MINUTE);
    let ended = env.run_reviewed(&["--dry-run", "--report", "r.report.json"]);
    assert_eq!((ended.code, env.stops()), (0, 0), "{ended:?}");
    assert_eq!(words(&env.report("r.report.json")), ["would_stop"]);
    let (ended, _) = env.reviewed(&[]);
    assert_eq!((ended.code, env.stops()), (0, 1), "{ended:?}");
}
