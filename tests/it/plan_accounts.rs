//! One account of a cloud under two names in the plan: the built binary, with keys in its environment.

use std::path::Path;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin_cmd;
use serde_json::{Value, json};

/// Two accounts whose keys are in different variables; what `b` protects by a label, `a` names without one.
const PLAN: &str = "
version: 1
accounts:
  a: {cloud: alibaba, region: cn-hangzhou, credentials: {env: {access_key_id: A_ID, access_key_secret: A_SK}}}
  b: {cloud: alibaba, region: cn-hangzhou, credentials: {env: {access_key_id: B_ID, access_key_secret: B_SK}}}
guards: {protect: [team=billing], max_targets: 2}
targets:
  - {id: pay-a, kind: fnf_execution, account: a, flow_name: pay, execution_name: e1}
  - {id: pay-b, kind: fnf_execution, account: b, flow_name: pay, execution_name: e1, labels: {team: billing}}
  - {id: other-a, kind: fnf_execution, account: a, flow_name: other, execution_name: e2}
  - {id: other-b, kind: fnf_execution, account: b, flow_name: other, execution_name: e2}
  - {id: third, kind: fnf_execution, account: b, flow_name: other, execution_name: e3}
";

fn allstop(folder: &Path, keys: [&str; 2], args: &[&str]) -> Command {
    let mut command = cargo_bin_cmd!("allstop");
    command.current_dir(folder).env_clear().env("NO_COLOR", "1");
    command.env("A_ID", keys[0]).env("A_SK", "a-secret").env("B_ID", keys[1]).env("B_SK", "b-secret").args(args);
    command
}

fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("plan.yaml"), PLAN).unwrap();
    folder
}

/// Returns each row's outcome, or its reason where it was skipped.
fn rows(path: &Path) -> Vec<String> {
    let report = crate::schema::valid_report(&std::fs::read(path).unwrap());
    let word = |row: &Value| row["reason"].as_str().or(row["outcome"].as_str()).unwrap().to_owned();
    report["targets"].as_array().unwrap().iter().map(word).collect()
}

#[test]
fn check_counts_a_resource_of_one_key_once() {
    let folder = desk();
    let counts = |keys| {
        let output = allstop(folder.path(), keys, &["check", "plan.yaml", "--output", "json"]).output().unwrap();
        let line: Value = serde_json::from_slice(&output.stdout).unwrap();
        (line["stops"].clone(), line["skipped"].clone(), line["warnings"].to_string().contains("max_targets"))
    };
    let skipped =
        |protected, duplicate| json!({"protected": protected, "filtered": 0, "shard": 0, "duplicate": duplicate});
    assert_eq!(counts(["LTAI", "LTAI"]), (json!(2), skipped(1, 2), false));
    assert_eq!(counts(["LTAI", "LTAX"]), (json!(4), skipped(1, 0), true));
}

#[test]
fn a_run_and_its_shards_stop_a_resource_of_one_key_once() {
    let folder = desk();
    let run = |options: &[&str]| {
        let args = ["run", "plan.yaml", "--rehearse", "--faults", "none", "--speed", "1000", "--report", "r.json"];
        let output = allstop(folder.path(), ["LTAI", "LTAI"], &args).args(options).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        rows(&folder.path().join("r.json"))
    };
    assert_eq!(run(&[]), ["protected", "duplicate", "stopped", "duplicate", "stopped"]);
    assert_eq!(run(&["--skip", "other-a"]), ["protected", "duplicate", "filtered", "stopped", "stopped"]);
    // Each resource is in one shard, under whatever name.
    let shards = [run(&["--shard", "1/2"]), run(&["--shard", "2/2"])];
    for number in 0..5 {
        let stopped = shards.iter().filter(|rows| rows[number] == "stopped").count();
        assert_eq!(stopped, usize::from(number == 2 || number == 4), "{shards:?}");
    }
}
