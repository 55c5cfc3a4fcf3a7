//! `allstop retry`: the built binary with the report of an earlier run.

use serde_json::{Value, json};

use crate::environment::{ALIBABA_KEYS, Ended, HUAWEI_KEYS, REHEARSE, RUN, TestEnvironment, words};

const PLAN: &str = "
version: 1
accounts: {ali: {cloud: alibaba, region: \"${REGION:-cn-hangzhou}\", endpoints: {fnf: 'http://127.0.0.1:1'}}}
defaults: {account: ali}
retry: {max_attempts: 1}
limits: {rate: 100/s}
targets:
  - {id: a, kind: fnf_execution, flow_name: etl, execution_name: run-a}
  - {id: b, kind: fnf_execution, flow_name: etl, execution_name: run-b}
  - {id: b2, kind: fnf_execution, flow_name: etl, execution_name: run-b}
  - {id: c, kind: fnf_execution, flow_name: etl, execution_name: run-c}
  - {id: d, kind: fnf_execution, flow_name: etl, execution_name: run-d}
";

fn environment() -> TestEnvironment {
    TestEnvironment::new().set(ALIBABA_KEYS).with("plan.yaml", PLAN)
}

/// Retries against the simulator.
fn retry(env: &TestEnvironment, report: &str, options: &[&str]) -> Ended {
    env.run([&["retry", report, "--progress", "off"], &REHEARSE[..], options].concat())
}

/// Writes `plan.report.json` as a live run would have that left each target with this outcome, or skipped it for this
/// reason.
fn leave(env: &TestEnvironment, outcomes: [&str; 5]) {
    env.run(RUN);
    let mut report = env.report("plan.report.json");
    for (row, outcome) in report["targets"].as_array_mut().unwrap().iter_mut().zip(outcomes) {
        let skips =
            ["protected", "aborted", "interrupted", "deadline", "credentials", "filtered", "shard", "duplicate"];
        let is_skipped = skips.contains(&outcome);
        row["outcome"] = json!(if is_skipped { "skipped" } else { outcome });
        row["reason"] = if is_skipped { json!(outcome) } else { Value::Null };
        row["done"] = match outcome {
            "stopped" | "already_stopped" => json!(true),
            "protected" | "filtered" | "shard" | "duplicate" => Value::Null,
            _ => json!(false),
        };
    }
    env.write("plan.report.json", report.to_string());
}

#[test]
fn a_failed_run_names_the_command_that_retries_it() {
    let env = environment();
    let options = [
        "run",
        "plan.yaml",
        "--yes",
        "--reason",
        "incident 4711",
        "--set",
        "REGION=cn-shanghai",
        "--report",
        "my report.json",
    ];
    let Ended { code, stderr, .. } = env.run(options);
    assert_eq!(code, 1, "{stderr}");
    let [.., advice, next] = stderr.lines().collect::<Vec<_>>()[..] else { panic!("{stderr}") };
    let command = "allstop retry 'my report.json' --set REGION=… --yes";
    assert_eq!((advice, next.trim()), ("Next: fix the causes, then run:", command));

    let Ended { code, stderr, .. } = retry(&env, "my report.json", &["--set", "REGION=cn-shanghai"]);
    assert_eq!(code, 0, "{stderr}");
    let (parent, retry) = (env.report("my report.json"), env.report("my report.retry.rehearsal.report.json"));
    assert_eq!(retry["run"]["retry_of"], parent["run"]["id"]);
    assert_ne!(retry["run"]["id"], parent["run"]["id"]);
    assert_eq!(retry["run"]["reason"], "incident 4711");
    assert!(parent["run"].get("retry_of").is_none());
    assert_eq!(words(&retry), ["stopped", "stopped", "filtered", "stopped", "stopped"]);
    assert_eq!(retry["rehearsal"]["agrees"], true);
}

#[test]
fn exactly_what_is_open_is_taken_up() {
    let (f, s) = ("filtered", "stopped");
    for (left, expected) in [
        (["failed", "stopped", "duplicate", "unknown", "accepted"], [s, f, f, s, s]),
        (["aborted", "interrupted", "duplicate", "deadline", "credentials"], [s, s, f, s, s]),
        (["failed", "already_stopped", "duplicate", "not_found", "protected"], [s, f, f, f, f]),
        // The repetition had stood for the first, which was not selected, and failed.
        (["failed", "filtered", "failed", "filtered", "shard"], [s, f, s, f, f]),
    ] {
        let env = environment();
        leave(&env, left);
        let Ended { code, stderr, .. } = retry(&env, "plan.report.json", &[]);
        assert_eq!(words(&env.report("plan.retry.rehearsal.report.json")), expected, "{left:?}: {stderr}");
        assert_eq!(code, 0, "{stderr}");
    }
}

#[test]
fn a_selection_narrows_a_retry() {
    let env = environment();
    leave(&env, ["failed", "failed", "duplicate", "stopped", "failed"]);
    let Ended { code, stderr, .. } = retry(&env, "plan.report.json", &["--only", "run-b", "--only", "c"]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(
        words(&env.report("plan.retry.rehearsal.report.json")),
        ["filtered", "stopped", "filtered", "filtered", "filtered"]
    );
    let Ended { code, .. } = retry(&env, "plan.report.json", &["--only", "c"]);
    assert_eq!(code, 4, "c is stopped already");
}

#[test]
fn a_retry_of_a_retry_reaches_no_further() {
    let env = environment();
    leave(&env, ["stopped", "failed", "duplicate", "failed", "filtered"]);
    let Ended { code, stderr, .. } = env.run(["retry", "plan.report.json", "--yes", "--only", "b"]);
    assert_eq!(code, 1, "{stderr}");
    let child = env.report("plan.retry.report.json");
    assert_eq!(words(&child), ["filtered", "failed", "filtered", "filtered", "filtered"]);
    let Ended { code, stderr, .. } = retry(&env, "plan.retry.report.json", &[]);
    assert_eq!(code, 0, "{stderr}");
    let grandchild = env.report("plan.retry.retry.rehearsal.report.json");
    assert_eq!(grandchild["run"]["retry_of"], child["run"]["id"]);
    assert_eq!(words(&grandchild), ["filtered", "stopped", "filtered", "filtered", "filtered"]);
}

#[test]
fn where_nothing_is_left_it_ends_with_4() {
    let env = environment();
    leave(&env, ["stopped"; 5]);
    let mut report = env.report("plan.report.json");
    report["summary"]["stopped"] = json!(5);
    env.write("plan.report.json", report.to_string());
    let Ended { code, stderr, .. } = retry(&env, "plan.report.json", &[]);
    assert_eq!(code, 4);
    assert!(stderr.contains("all 5 targets are stopped"), "{stderr}");

    leave(&env, ["stopped", "not_found", "duplicate", "filtered", "protected"]);
    let Ended { code, stderr, .. } = retry(&env, "plan.report.json", &[]);
    assert_eq!(code, 4);
    assert!(stderr.contains("nothing to retry"), "{stderr}");
    assert!(!env.exists("plan.retry.report.json"));
}

#[test]
fn a_plan_that_has_changed_is_found_out() {
    let env = environment();
    leave(&env, ["failed", "failed", "duplicate", "stopped", "failed"]);
    let Ended { code, stderr, .. } = retry(&env, "plan.report.json", &["--set", "REGION=cn-beijing"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("other resources under `a`, `b`, `d`"), "{stderr}");

    env.write("moved.yaml", PLAN.replace("id: b,", "id: x,").replace("id: d,", "id: y,"));
    env.remove("plan.yaml");
    let Ended { code, stderr, .. } = retry(&env, "plan.report.json", &["--plan", "moved.yaml"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("the plan no longer has `b`, `d`"), "{stderr}");
    let Ended { code, stderr, .. } = retry(&env, "plan.report.json", &[]);
    assert_eq!(code, 2);
    assert!(stderr.contains("plan.yaml"), "{stderr}");

    env.write("moved.yaml", PLAN.replace("run-c", "run-z"));
    let Ended { code, stderr, .. } = retry(&env, "plan.report.json", &["--plan", "moved.yaml"]);
    assert_eq!(code, 0, "what is stopped may change: {stderr}");
}

#[test]
fn the_report_of_a_run_in_progress_is_refused() {
    let env = environment();
    leave(&env, ["stopped", "interrupted", "duplicate", "interrupted", "interrupted"]);
    let mut report = env.report("plan.report.json");
    report["run"]["unended"] = json!("running");
    env.write("plan.report.json", report.to_string());
    let refused = env.run(["retry", "plan.report.json", "--yes", "--progress", "off"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.stderr.contains("the run had not ended when this report was written"), "{refused:?}");
    let shown = env.run(["report", "show", "plan.report.json"]);
    assert!(shown.stdout.contains("The run has not ended"), "{shown:?}");
}

#[test]
fn what_is_no_report_of_a_live_run_is_refused() {
    let env = environment();
    leave(&env, ["failed"; 5]);
    let whole = std::fs::read_to_string(env.path("plan.report.json")).unwrap();
    for (text, expected) in [
        ("", "is not a report of allstop"),
        ("version: 1\n", "is not a report of allstop"),
        ("{}", "missing field `version`"),
        ("{\"version\": 1}", "missing field"),
        ("{\"version\": 2, \"more\": []}", "version 2, which this program does not support"),
        (&whole[..whole.len() / 2], "is truncated at line"),
        (&whole.replacen("\"failed\"", "\"fine\"", 1), "is not a report of allstop"),
        (&whole.replacen("\"live\"", "\"dry_run\"", 1), "of a dry run"),
        (&whole.replacen("\"path\":\"plan.yaml\"", "\"path\":\"-\"", 1), "came from standard input"),
    ] {
        env.write("bad.json", text);
        let Ended { code, stderr, .. } = retry(&env, "bad.json", &[]);
        assert_eq!(code, 2, "{expected}: {stderr}");
        assert!(stderr.contains(expected), "{expected}: {stderr}");
    }
    let Ended { code, stderr, .. } = retry(&env, "absent.json", &[]);
    assert_eq!((code, stderr.contains("absent.json")), (2, true), "{stderr}");

    env.write("plan.report.json", whole.replacen("\"live\"", "\"rehearsal\"", 1));
    let Ended { code, stderr, .. } = env.run(["retry", "plan.report.json", "--yes"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("of a rehearsal"), "{stderr}");
    assert_eq!(retry(&env, "plan.report.json", &[]).code, 0);
}

#[test]
fn a_retry_is_confirmed_as_a_run_is() {
    let env = environment();
    leave(&env, ["failed"; 5]);
    let Ended { code, stderr, .. } = env.run(["retry", "plan.report.json"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("--yes"), "{stderr}");
}

const HUAWEI: &str = "
version: 1
accounts:
  hw: {cloud: huawei, region: cn-north-4, endpoints: {live: 'http://127.0.0.1:1', drs: 'http://127.0.0.1:1'}}
  other: {cloud: huawei, region: cn-north-1, project_id: \"${OTHER:-o}\", endpoints: {live: 'http://127.0.0.1:1'}}
defaults: {account: hw}
retry: {max_attempts: 1}
guards: {not_found: ok}
targets:
  - {id: job, kind: drs_job, job_id: j}
  - {id: flow, kind: live_flow, account: other, flow_id: f}
";

#[test]
fn an_account_that_has_become_another_one_is_found_out() {
    let env = environment();
    env.write("plan.yaml", HUAWEI);
    let run = |project, args: &[&str]| {
        let variables = HUAWEI_KEYS.into_iter().chain([("HUAWEICLOUD_SDK_PROJECT_ID", project)]);
        let Ended { code, stderr, .. } = env.run_with(variables, args);
        (code, stderr)
    };
    let (code, stderr) = run("proj-A", &["run", "plan.yaml", "--yes", "--progress", "off"]);
    assert_eq!(code, 1, "{stderr}");
    let accounts = env.report("plan.report.json")["accounts"].clone();
    assert_eq!((&accounts[0]["name"], &accounts[0]["project_id"]), (&json!("hw"), &json!("proj-A")));
    let keys = env.report("plan.report.json").to_string();
    assert!(!keys.contains("\"secret\""), "{keys}");

    let retry = ["retry", "plan.report.json", "--yes", "--progress", "off"];
    let (code, stderr) = run("proj-B", &retry);
    assert_eq!(code, 2, "{stderr}");
    let told = "the account `hw` has changed since the report was made: project proj-A, now proj-B";
    assert!(stderr.contains(told), "{stderr}");
    assert!(!env.exists("plan.retry.report.json"));
    for (from, to, told) in [
        (
            "drs: 'http://127.0.0.1:1'}",
            "drs: 'http://127.0.0.1:2'}",
            "endpoints drs http://127.0.0.1:1, live http://127.0.0.1:1, now ",
        ),
        ("${OTHER:-o}", "p", "the account `other` has changed since the report was made: project o, now p"),
        (
            "region: cn-north-4,",
            "region: cn-north-4, account_id: 'd78cbac186b744899480f25bd022f468',",
            "account id none, now d78cbac186b744899480f25bd022f468",
        ),
    ] {
        env.write("plan.yaml", HUAWEI.replace(from, to));
        let (code, stderr) = run("proj-A", &retry);
        assert_eq!(code, 2, "{to}: {stderr}");
        assert!(stderr.contains(told), "{to}: {stderr}");
    }
    env.write("plan.yaml", HUAWEI);
    assert_eq!(run("proj-A", &retry).0, 1, "nothing has changed");

    // Only of what is still open: an account whose targets are all stopped may have changed.
    let mut report = env.report("plan.report.json");
    report["targets"][1]["outcome"] = json!("stopped");
    report["targets"][1]["done"] = json!(true);
    env.write("part.json", report.to_string());
    let retry = ["retry", "part.json", "--yes", "--progress", "off", "--set", "OTHER=x"];
    assert_eq!(run("proj-A", &retry).0, 1, "nothing has changed");

    // A report of an earlier version does not say.
    report.as_object_mut().unwrap().remove("accounts");
    env.write("old.json", report.to_string());
    let (code, stderr) = run("proj-B", &["retry", "old.json", "--yes", "--progress", "off"]);
    assert_eq!(code, 1, "{stderr}");
}
