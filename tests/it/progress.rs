//! What the program says on standard error, for people and for programs.

use std::path::Path;

use allstop::plan::{Plan, Variables};
use serde_json::{Map, Value};

use crate::environment::{ALIBABA_KEYS, Ended, TestEnvironment, refusing_port, shipped};

/// Runs a plan; returns the exit status and what was said on standard error.
fn run(env: &TestEnvironment, plan: &str, arguments: &[&str]) -> (i32, String) {
    let Ended { code, stdout, stderr } = env.run([&["run", plan], arguments].concat());
    assert!(stdout.is_empty(), "only what was asked for goes to standard output");
    (code, stderr)
}

/// Reads lines, each of which must be a flat object with a name and a moment.
fn events(stderr: &str) -> Vec<Map<String, Value>> {
    let events: Vec<Map<String, Value>> =
        stderr.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect();
    for event in &events {
        assert!(event["event"].is_string() && event["at"].is_string(), "{event:?}");
        assert!(event.values().all(|value| !value.is_object() && !value.is_array()), "{event:?}");
    }
    events
}

#[test]
fn json_is_all_there_is_and_all_of_it_is_described() {
    let env = TestEnvironment::new();
    let rehearse = ["--rehearse", "--faults", "storm", "--speed", "100", "--progress", "json", "-vv"];
    let (status, stderr) = run(&env, &shipped("rehearsal.yaml"), &rehearse);
    let events = events(&stderr);
    let (first, last) = (events.first().unwrap(), events.last().unwrap());
    assert_eq!((first["event"].as_str(), first["version"].as_u64()), (Some("started"), Some(1)));
    assert_eq!((last["event"].as_str(), last["targets"].as_u64()), (Some("ended"), Some(240)));
    assert_eq!(last["exit_code"].as_i64(), Some(status.into()));
    assert_eq!(last["report"], "rehearsal.rehearsal.report.json");
    let finished = events.iter().filter(|event| event["event"] == "finished").count();
    assert_eq!(finished, 240);

    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/progress.md")).unwrap();
    for event in &events {
        let name = event["event"].as_str().unwrap();
        for word in event.keys().map(String::as_str).chain([name]) {
            assert!(docs.contains(&format!("`{word}`")), "docs/progress.md does not describe `{word}` of {name}");
        }
    }
}

#[test]
fn json_has_the_warnings_and_the_errors_too() {
    let text = "version: 1\naccounts: {a: {cloud: alibaba, region: cn-hangzhou}}\ndefaults: {account: a}\ntargets:\n  \
                - {kind: elasticsearch_task, instance_id: es}\n  - {id: twin, kind: elasticsearch_task, instance_id: es}\n";
    let env = TestEnvironment::new().with("twins.yaml", text);
    let (status, stderr) = run(&env, "twins.yaml", &["--yes", "--log-format", "json"]);
    let told = events(&stderr);
    let names: Vec<_> = told.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!((status, names.as_slice()), (2, ["note", "error"].as_slice()), "no key is there");
    assert_eq!(told[1]["exit_code"], 2);
    assert!(told[1]["text"].as_str().unwrap().contains("ALIBABA_CLOUD_ACCESS_KEY_ID"));

    let (status, stderr) = run(&env, "twins.yaml", &["--progress", "json"]);
    assert_eq!(status, 2);
    assert!(events(&stderr)[1]["text"].as_str().unwrap().contains("--yes"), "nobody is asked in JSON");
    let (status, stderr) = run(&env, "absent.yaml", &["--progress", "json", "-q"]);
    assert_eq!((status, events(&stderr).len()), (2, 1));
}

#[test]
fn quiet_is_errors_and_the_verdict() {
    let env = TestEnvironment::new();
    let rehearse = ["--rehearse", "--faults", "none", "--speed", "1000", "-q"];
    let (_, stderr) = run(&env, &shipped("nightly-teardown.yaml"), &rehearse);
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.starts_with("Rehearsal, no cloud was touched: all "), "{stderr}");
    let (_, stderr) = run(&env, &shipped("nightly-teardown.yaml"), &[&rehearse[..], &["--progress", "json"]].concat());
    let told = events(&stderr);
    assert_eq!((told.len(), told[0]["event"].as_str()), (1, Some("ended")));
}

#[test]
fn standard_error_has_one_format() {
    let env = TestEnvironment::new();
    for both in [["--progress=json", "--log-format=text"], ["--progress=plain", "--log-format=json"]] {
        let (status, stderr) = run(&env, &shipped("rehearsal.yaml"), &[&both[..], &["--rehearse"]].concat());
        assert_eq!(status, 2, "{stderr}");
        assert!(stderr.contains("different formats"), "{stderr}");
    }
}

#[test]
fn the_last_line_of_a_rehearsal_that_was_cut_short_can_be_pasted() {
    let env = TestEnvironment::new();
    let arguments = ["--rehearse", "--faults", "none", "--speed", "100", "--deadline", "1ms", "--journal", "j.journal"];
    let (status, stderr) = run(&env, &shipped("rehearsal.yaml"), &arguments);
    assert_eq!(status, 1, "{stderr}");
    let last = stderr.lines().last().unwrap().trim();
    let words: Vec<_> = last.split(' ').collect();
    assert_eq!(words, ["allstop", "retry", "rehearsal.rehearsal.report.json", "--rehearse"]);
    assert_eq!(env.run([&words[1..], &["--faults", "none", "--speed", "100"]].concat()).code, 0);
}

#[test]
fn a_run_expects_at_its_start_what_check_says() {
    let env = TestEnvironment::new();
    let arguments = ["--rehearse", "--faults", "none", "--speed", "1", "--deadline", "1ms"];
    let rehearsal = shipped("rehearsal.yaml");
    let overview = Plan::load(rehearsal.as_ref(), &Variables::default()).unwrap().plan.overview();
    let (_, stderr) = run(&env, &rehearsal, &[&arguments[..], &["--progress", "json"]].concat());
    let told = events(&stderr);
    let expected = |event: &Map<String, Value>| event["expected_ms"].as_u64();
    assert_eq!(expected(&told[0]).map(u128::from), Some(overview.estimate().as_millis()));
    let lanes = told.iter().filter(|event| event["event"] == "lane" && !event["kind"].is_null());
    for (row, lane) in overview.rows.iter().zip(lanes) {
        assert_eq!(lane["kind"], row.kind.name);
        assert_eq!(expected(lane).map(u128::from), Some(row.estimate().as_millis()), "{lane:?}");
    }
    let (_, stderr) = run(&env, &rehearsal, &arguments);
    assert!(stderr.starts_with("0 s  0/240 done  about 30 s by the quotas\n"), "{stderr}");
}

#[test]
fn a_service_that_cannot_be_reached_is_told_by_its_host_and_a_deadline_does_not_hide_it() {
    let (_socket, port) = refusing_port();
    let text = format!(
        "version: 1\naccounts: {{a: {{cloud: alibaba, region: cn-hangzhou, endpoints: {{fnf: 'http://127.0.0.1:{port}'}}}}}}\n\
         targets: [{{kind: fnf_execution, account: a, flow_name: etl, execution_name: one}}]\n"
    );
    let env = TestEnvironment::new().set(ALIBABA_KEYS).with("plan.yaml", text);
    let stderr = env.run(["run", "plan.yaml", "--yes", "--deadline", "2s"]).stderr;
    let warning = format!("warning: fnf_execution: 127.0.0.1:{port}: no connection: ");
    assert_eq!(stderr.lines().filter(|line| line.starts_with(&warning)).count(), 1, "{stderr}");
    let report = env.report("plan.report.json");
    let row = report.pointer("/targets/0").unwrap();
    assert_eq!(row.pointer("/outcome"), Some(&"failed".into()), "nothing ever left: {row}");
    let hint = row.pointer("/error/hint").and_then(Value::as_str).unwrap();
    assert!(
        hint.starts_with("check name resolution") && hint.ends_with("the run ended before the next attempt"),
        "{hint}"
    );
}
