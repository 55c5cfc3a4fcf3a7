//! `--output json`: the built binary, as a script calls it.

use serde_json::{Value, json};

use crate::environment::{ALIBABA_KEYS, Ended, TestEnvironment};

const PLAN: &str = "
version: 1
accounts: {ali: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: 'http://127.0.0.1:PORT'}}}
defaults: {account: ali}
retry: {max_attempts: 1}
guards: {protect: [c]}
targets:
  - {id: a, kind: fnf_execution, flow_name: etl, execution_name: run-a}
  - {id: b, kind: fnf_execution, flow_name: etl, execution_name: run-b}
  - {id: c, kind: fnf_execution, flow_name: etl, execution_name: run-c}
";

const FIELDS: [&str; 12] = [
    "duration_ms",
    "error",
    "exit_code",
    "journal",
    "mode",
    "next",
    "report",
    "run_id",
    "shard",
    "status",
    "summary",
    "version",
];

fn environment() -> TestEnvironment {
    TestEnvironment::new().set(ALIBABA_KEYS).with_refused_plan(PLAN)
}

/// Runs the program; returns the exit status and the one line of standard output.
fn run(env: &TestEnvironment, args: &[&str]) -> (i32, Value) {
    let ended = env.run([args, &["--output", "json"]].concat());
    let line = ended.line();
    let mut fields: Vec<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(fields, FIELDS);
    (ended.code, line)
}

#[test]
fn a_run_ends_with_one_line_that_says_what_the_report_says() {
    let env = environment();
    let (code, line) = run(&env, &["run", "plan.yaml", "--yes"]);
    let report = env.report("plan.report.json");
    assert_eq!(code, 1);
    assert_eq!(line["summary"], report["summary"]);
    assert_eq!((&line["summary"]["failed"], &line["summary"]["skipped"]), (&json!(2), &json!(1)));
    for (field, in_report) in [("run_id", "id"), ("mode", "mode"), ("status", "status"), ("duration_ms", "duration_ms")]
    {
        assert_eq!(line[field], report["run"][in_report], "{field}");
    }
    assert_eq!((&line["report"], &line["journal"]), (&json!("plan.report.json"), &json!("plan.report.json.journal")));
    assert_eq!(line["next"], "allstop retry plan.report.json --yes");
    assert_eq!((&line["error"], &line["shard"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_retry_and_a_resumed_run_end_so_too() {
    let env = environment();
    run(&env, &["run", "plan.yaml", "--yes", "--shard", "1/1"]);
    let retry = ["retry", "plan.1-of-1.report.json", "--rehearse", "--faults", "none", "--speed", "1000"];
    let (code, line) = run(&env, &retry);
    assert_eq!((code, &line["mode"], &line["shard"]), (0, &json!("rehearsal"), &json!("1/1")));
    assert_eq!((&line["next"], &line["journal"]), (&Value::Null, &Value::Null));
    env.cut_to_header("plan.1-of-1.report.json.journal");
    let (code, line) = run(&env, &["resume", "plan.1-of-1.report.json.journal", "--yes"]);
    assert_eq!((code, &line["status"], &line["summary"]["failed"]), (1, &json!("completed"), &json!(2)));
}

#[test]
fn a_dry_run_has_nothing_to_retry() {
    let env = environment();
    let (code, line) = run(&env, &["run", "plan.yaml", "--dry-run"]);
    assert_eq!((code, &line["mode"], &line["next"]), (1, &json!("dry_run"), &Value::Null));
}

#[test]
fn a_guard_that_refuses_says_so() {
    let env = environment();
    env.edit("plan.yaml", "[c]", "[c], max_targets: 1");
    let (code, line) = run(&env, &["run", "plan.yaml", "--yes"]);
    assert_eq!((code, &line["status"]), (3, &json!("aborted")));
    assert!(line["error"].as_str().unwrap().contains("guards.max_targets"), "{line}");
}

#[test]
fn what_could_not_begin_has_its_line() {
    let env = environment();
    env.write("bad.yaml", "version: 1\ntargets: []\n");
    for (args, code, expected) in [
        (&["run", "bad.yaml", "--yes"][..], 2, "bad.yaml:2:10"),
        (&["run", "absent.yaml", "--yes"], 2, "absent.yaml"),
        (&["run", "plan.yaml"], 2, "--yes"),
        (&["run", "plan.yaml", "--yes", "--shard", "auto"], 2, "JOB_COMPLETION_INDEX"),
        (&["run", "plan.yaml", "--yes", "--report", "absent/x.json"], 5, "absent"),
        (&["run", "plan.yaml", "--yes", "--report", "-"], 2, "cannot both write to standard output"),
        (&["retry", "plan.yaml"], 2, "is not a report of allstop"),
        (&["resume", "plan.yaml"], 2, "is not a journal"),
    ] {
        let (found, line) = run(&env, args);
        assert_eq!(found, code, "{args:?}");
        assert!(line["error"].as_str().unwrap().contains(expected), "{args:?}: {line}");
        for field in ["run_id", "mode", "status", "summary", "report", "journal", "next"] {
            assert_eq!(line[field], Value::Null, "{args:?}: {field}");
        }
    }
}

#[test]
fn a_number_that_an_option_does_not_take_is_told_with_what_it_takes() {
    let env = environment();
    for (option, value, expected) in [
        ("--rate", "5", "such as `50/s`, `80/min` or `200/h`"),
        ("--concurrency", "0", "is not in 1..=65536"),
        ("--concurrency", "65537", "is not in 1..=65536"),
    ] {
        let Ended { code, stderr, .. } = env.run(["run", "plan.yaml", option, value]);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains(expected), "{stderr}");
    }
}

#[test]
fn an_empty_selection_has_a_run_and_nothing_in_it() {
    let env = environment();
    let (code, line) = run(&env, &["run", "plan.yaml", "--only", "c"]);
    assert_eq!((code, &line["summary"]["skipped"], &line["next"]), (4, &json!(3), &Value::Null));
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_that_cannot_be_written_is_told_and_a_reader_that_is_gone_is_no_error() {
    let env = environment();
    let run = |stdout: std::process::Stdio| {
        let mut command = env.command(["run", "plan.yaml", "--only", "c", "--output", "json"]);
        let output = command.stdout(stdout).stderr(std::process::Stdio::piped()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let (code, stderr) = run(full.into());
    assert_eq!(code, Some(5), "{stderr}");
    assert!(stderr.contains("cannot write to standard output"), "{stderr}");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(run(writer.into()).0, Some(4));
}
