//! The program as a person runs it: the built binary, against its own built-in cloud.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use allstop::environment::Environment;
use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin_cmd;
use serde_json::Value;

/// Returns the program in an empty environment and a folder of its own.
fn allstop(folder: &Path) -> Command {
    let mut command = cargo_bin_cmd!("allstop");
    command.current_dir(folder).env_clear().env("NO_COLOR", "1");
    command
}

fn plans() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("plans")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn report(path: &Path) -> Value {
    crate::schema::valid_report(&std::fs::read(path).unwrap())
}

#[test]
fn every_plan_that_ships_rehearses_to_the_end() {
    for (name, code, left_out) in [("rehearsal", 0, 0), ("incident-shutdown", 0, 1), ("nightly-teardown", 0, 1)] {
        let folder = folder();
        let plan = plans().join(format!("{name}.yaml"));
        let output = allstop(folder.path())
            .args(["run", plan.to_str().unwrap(), "--rehearse", "--yes", "--speed", "200"])
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{name}: {stderr}");
        assert!(output.stdout.is_empty(), "only what was asked for goes to standard output");
        let report = report(&folder.path().join(format!("{name}.rehearsal.report.json")));
        assert_eq!(report["rehearsal"]["agrees"], true, "{name}");
        assert_eq!(report["run"]["exit_code"], code, "{name}");
        let rows = report["targets"].as_array().unwrap();
        let skipped = rows.iter().filter(|row| row["reason"] == "protected").count();
        assert_eq!(skipped, left_out, "{name}");
        let stopped = |row: &&Value| row["outcome"] == "stopped" || row["outcome"] == "already_stopped";
        assert_eq!(rows.iter().filter(stopped).count(), rows.len() - left_out, "{name}");
    }
}

/// A system without any certificate, as an empty container is.
const NO_CERTIFICATES: [(&str, &str); 2] = [("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "none")];

#[test]
fn a_rehearsal_needs_no_certificates() {
    let folder = folder();
    let plan = plans().join("rehearsal.yaml");
    let args = ["run", plan.to_str().unwrap(), "--rehearse", "--yes", "--speed", "200"];
    let output = allstop(folder.path()).args(args).envs(NO_CERTIFICATES).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[cfg(target_os = "linux")]
fn without_certificates_nothing_is_sent_to_a_cloud() {
    let folder = folder();
    let plan = "version: 1\n\
        accounts: {a: {cloud: alibaba, region: cn-hangzhou, endpoints: {searchengine: 'http://127.0.0.1:9'}}}\n\
        defaults: {account: a}\n\
        targets:\n\
        - {kind: opensearch_task, instance_id: i, fsm_id: x}\n\
        - {kind: fnf_execution, flow_name: f, execution_name: e}\n";
    std::fs::write(folder.path().join("plan.yaml"), plan).unwrap();
    let keys = [("ALIBABA_CLOUD_ACCESS_KEY_ID", "ak"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sk")];
    let output =
        allstop(folder.path()).args(["run", "plan.yaml", "--yes"]).envs(keys).envs(NO_CERTIFICATES).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("no CA certificates found in SSL_CERT_FILE (/dev/null) and SSL_CERT_DIR (none)"),
        "{stderr}"
    );
    assert!(!folder.path().join("plan.report.json").exists());
}

#[test]
fn a_proxy_has_no_part_in_a_rehearsal() {
    let folder = folder();
    let plan = plans().join("incident-shutdown.yaml");
    let output = allstop(folder.path())
        .args(["run", plan.to_str().unwrap(), "--rehearse", "--faults", "none", "--speed", "200"])
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"].map(|name| (name, "http://127.0.0.1:1")))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

/// How many seeds the storm is tried with, unless `ALLSTOP_STORM_SEEDS` says otherwise.
const SEEDS: u64 = 4;

/// How many rehearsals run at a time.
const AT_ONCE: usize = 4;

#[test]
fn a_storm_over_a_thousand_targets_agrees_with_the_ledger() {
    let seeds = Environment::of_process().get("ALLSTOP_STORM_SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    let folder = folder();
    let mut plan = std::fs::read_to_string(plans().join("rehearsal.yaml")).unwrap();
    for number in 0..760 {
        let kind = match number % 5 {
            0 => format!("kind: fnf_execution, flow_name: storm, execution_name: e-{number}"),
            1 => format!("kind: opensearch_task, instance_id: ha-cn-{}, fsm_id: \"t@{number}\"", number % 7),
            2 => format!("kind: elasticsearch_task, instance_id: es-storm-{number}"),
            3 => format!("kind: live_flow, account: hw, flow_id: storm-{number}"),
            _ => format!("kind: drs_job, account: hw, job_id: storm-{number}"),
        };
        plan.push_str(&format!("  - {{{kind}}}\n"));
    }
    std::fs::write(folder.path().join("storm.yaml"), plan).unwrap();
    let mut sum = BTreeMap::<String, usize>::new();
    for batch in (1..=seeds).collect::<Vec<_>>().chunks(AT_ONCE) {
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let storms: Vec<_> = batch.iter().map(|seed| scope.spawn(|| storm(folder.path(), *seed))).collect();
            storms.into_iter().flat_map(|storm| storm.join().unwrap()).collect()
        });
        outcomes.into_iter().for_each(|outcome| *sum.entry(outcome).or_default() += 1);
    }
    println!("{seeds} storms over 1,000 targets: every row agrees with the ledger: {sum:?}");
    assert!(sum["already_stopped"] > 0 && sum["accepted"] > 0, "no storm over what stands still and cannot be read");
}

/// Rehearses in a storm, checks that every row agrees, and returns what they came to.
fn storm(folder: &Path, seed: u64) -> Vec<String> {
    let name = format!("storm-{seed}.json");
    let seed = seed.to_string();
    let output = allstop(folder)
        .args(["run", "storm.yaml", "--rehearse", "--faults", "storm", "--seed", &seed, "--speed", "400"])
        .args(["--report", &name])
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let report = report(&folder.join(name));
    assert_eq!(report["rehearsal"]["agrees"], true, "seed {seed}: {stderr}");
    let rows = report["targets"].as_array().unwrap();
    assert_eq!(rows.len(), 1000);
    let is_open = |row: &&Value| row["outcome"] != "stopped" && row["outcome"] != "already_stopped";
    let open = rows.iter().filter(is_open).count();
    assert_eq!(output.status.code(), Some(i32::from(open > 0)), "seed {seed}: {stderr}");
    rows.iter().map(|row| row["outcome"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_bad_plan_sends_nothing_and_ends_with_2() {
    let folder = folder();
    std::fs::write(folder.path().join("bad.yaml"), "version: 1\ntargets: []\n").unwrap();
    let output = allstop(folder.path()).args(["run", "bad.yaml", "--yes"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("bad.yaml:2:10"));
    assert!(!folder.path().join("bad.report.json").exists());
}

#[test]
fn missing_credentials_end_with_2_and_name_the_variables() {
    let folder = folder();
    let plan = plans().join("incident-shutdown.yaml");
    let output = allstop(folder.path()).args(["run", plan.to_str().unwrap(), "--yes"]).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    for name in ["ALIBABA_CLOUD_ACCESS_KEY_ID", "HUAWEICLOUD_SDK_AK"] {
        assert!(stderr.contains(name), "{stderr}");
    }
}

#[test]
fn without_a_terminal_a_run_wants_yes() {
    let folder = folder();
    let plan = plans().join("incident-shutdown.yaml");
    let output = allstop(folder.path()).args(["run", plan.to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--yes"));
}

#[test]
fn a_report_that_cannot_be_written_is_found_before_anything_is_sent() {
    let folder = folder();
    let plan = plans().join("rehearsal.yaml");
    let output = allstop(folder.path())
        .args(["run", plan.to_str().unwrap(), "--rehearse", "--report", "absent/report.json"])
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{stderr}");
    assert!(!stderr.contains("done"), "it did not run: {stderr}");
}

/// Takes a port of 127.0.0.1 that refuses connections for as long as the socket lives.
pub(crate) fn refusing_port() -> (tokio::net::TcpSocket, u16) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = socket.local_addr().unwrap().port();
    (socket, port)
}

#[test]
fn no_secret_is_in_any_output() {
    let folder = folder();
    let (_socket, port) = refusing_port();
    let plan = format!(
        "version: 1\n\
         accounts: {{a: {{cloud: alibaba, region: cn-hangzhou, endpoints: {{fnf: 'http://127.0.0.1:{port}'}}}}}}\n\
         defaults: {{account: a}}\nretry: {{max_attempts: 2, initial_delay: 1ms, max_delay: 1ms}}\n\
         targets:\n  - {{kind: fnf_execution, flow_name: f, execution_name: e}}\n"
    );
    std::fs::write(folder.path().join("plan.yaml"), plan).unwrap();
    let output = allstop(folder.path())
        .args(["run", "plan.yaml", "--yes", "-v", "--report", "-"])
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIkeyid")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hushhushsecret")
        .env("ALIBABA_CLOUD_SECURITY_TOKEN", "hushhushtoken")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let all = [output.stdout, output.stderr].concat();
    let all = String::from_utf8(all).unwrap();
    assert!(all.contains("no connection"), "{all}");
    for secret in ["hushhush", "Signature"] {
        assert!(!all.contains(secret), "{all}");
    }
}

#[test]
fn check_says_what_would_be_stopped() {
    let folder = folder();
    let plan = plans().join("rehearsal.yaml");
    let output = allstop(folder.path()).args(["check", plan.to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.contains("240"), "{stdout}");
    assert!(stdout.contains("fnf_execution"), "{stdout}");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_told_and_never_a_panic() {
    let folder = folder();
    let plan = plans().join("rehearsal.yaml");
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = |arguments: &[&str], stdout_is_full: bool| {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("allstop"));
        command.args(arguments).arg(&plan).current_dir(folder.path()).env_clear();
        let stdout = if stdout_is_full { full().into() } else { std::process::Stdio::null() };
        command.stdout(stdout).stderr(full()).status().unwrap().code()
    };
    assert_eq!(run(&["check"], true), Some(5));
    assert_eq!(run(&["check"], false), Some(0));
    assert_eq!(run(&["check", "--only", "nothing-has-this-name"], false), Some(4));
    let rehearse = ["run", "--rehearse", "--faults", "none", "--speed", "1000"];
    assert_eq!(run(&rehearse, false), Some(0));
    assert_eq!(run(&[&rehearse[..], &["--report", "-"]].concat(), true), Some(5));
}
