//! The program as a person runs it: the built binary, against its simulator.

use std::collections::BTreeMap;

use allstop::environment::Environment;
use serde_json::Value;

use crate::environment::{ALIBABA_KEYS, Ended, TestEnvironment, shipped};

#[test]
fn every_plan_that_ships_rehearses_to_the_end() {
    for (name, code, left_out) in [("rehearsal", 0, 0), ("incident-shutdown", 0, 1), ("nightly-teardown", 0, 1)] {
        let env = TestEnvironment::new();
        let plan = shipped(&format!("{name}.yaml"));
        let ended = env.run(["run", &plan, "--rehearse", "--yes", "--speed", "200"]);
        let Ended { code: found, stdout, stderr } = ended;
        assert_eq!(found, code, "{name}: {stderr}");
        assert!(stdout.is_empty(), "only what was asked for goes to standard output");
        let report = env.report(&format!("{name}.rehearsal.report.json"));
        assert_eq!(report["rehearsal"]["agrees"], true, "{name}");
        assert_eq!(report["run"]["exit_code"], code, "{name}");
        let rows = report["targets"].as_array().unwrap();
        let skipped = rows.iter().filter(|row| row["reason"] == "protected").count();
        assert_eq!(skipped, left_out, "{name}");
        let stopped = |row: &&Value| row["outcome"] == "stopped" || row["outcome"] == "already_stopped";
        assert_eq!(rows.iter().filter(stopped).count(), rows.len() - left_out, "{name}");
    }
}

#[test]
fn every_plan_that_selects_and_ships_rehearses_to_the_end() {
    for (name, selections) in [("incident-select", 2), ("nightly-select", 3)] {
        let env = TestEnvironment::new();
        let Ended { code, stderr, .. } =
            env.run(["run", &shipped(&format!("{name}.yaml")), "--rehearse", "--yes", "--speed", "200"]);
        assert_eq!(code, 0, "{name}: {stderr}");
        let report = env.report(&format!("{name}.rehearsal.report.json"));
        assert_eq!(report["rehearsal"]["agrees"], true, "{name}");
        let found = report["selections"].as_array().unwrap();
        assert_eq!(found.len(), selections, "{name}");
        for selection in found {
            assert!(selection["matched"].as_u64().unwrap() >= 20, "{name}: {selection}");
            assert_eq!(selection["missing"].as_array().unwrap().len(), 0, "{name}");
        }
    }
}

/// A system without any certificate, as an empty container is.
const NO_CERTIFICATES: [(&str, &str); 2] = [("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "none")];

#[test]
fn a_rehearsal_needs_no_certificates() {
    let args = ["run", &shipped("rehearsal.yaml"), "--rehearse", "--yes", "--speed", "200"];
    let Ended { code, stderr, .. } = TestEnvironment::new().run_with(NO_CERTIFICATES, args);
    assert_eq!(code, 0, "{stderr}");
}

#[test]
#[cfg(target_os = "linux")]
fn without_certificates_nothing_is_sent_to_a_cloud() {
    let plan = "version: 1\n\
        accounts: {a: {cloud: alibaba, region: cn-hangzhou, endpoints: {searchengine: 'http://127.0.0.1:9'}}}\n\
        defaults: {account: a}\n\
        targets:\n\
        - {kind: opensearch_task, instance_id: i, fsm_id: x}\n\
        - {kind: fnf_execution, flow_name: f, execution_name: e}\n";
    let env = TestEnvironment::new().set(ALIBABA_KEYS).set(NO_CERTIFICATES).with("plan.yaml", plan);
    let Ended { code, stderr, .. } = env.run(["run", "plan.yaml", "--yes"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(
        stderr.contains("no CA certificates found in SSL_CERT_FILE (/dev/null) and SSL_CERT_DIR (none)"),
        "{stderr}"
    );
    assert!(!env.exists("plan.report.json"));
}

#[test]
fn a_proxy_has_no_part_in_a_rehearsal() {
    let args = ["run", &shipped("incident-shutdown.yaml"), "--rehearse", "--faults", "none", "--speed", "200"];
    let proxies = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"].map(|name| (name, "http://127.0.0.1:1"));
    let Ended { code, stderr, .. } = TestEnvironment::new().run_with(proxies, args);
    assert_eq!(code, 0, "{stderr}");
}

/// How many seeds the storm is tried with, unless `ALLSTOP_STORM_SEEDS` says otherwise.
const SEEDS: u64 = 4;

/// How many rehearsals run at a time.
const AT_ONCE: usize = 4;

#[test]
fn a_storm_over_a_thousand_targets_agrees_with_the_ledger() {
    let seeds = Environment::of_process().get("ALLSTOP_STORM_SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    let mut plan = std::fs::read_to_string(shipped("rehearsal.yaml")).unwrap();
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
    let env = TestEnvironment::new().with("storm.yaml", plan);
    let mut sum = BTreeMap::<String, usize>::new();
    for batch in (1..=seeds).collect::<Vec<_>>().chunks(AT_ONCE) {
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let storms: Vec<_> = batch.iter().map(|seed| scope.spawn(|| storm(&env, *seed))).collect();
            storms.into_iter().flat_map(|storm| storm.join().unwrap()).collect()
        });
        outcomes.into_iter().for_each(|outcome| *sum.entry(outcome).or_default() += 1);
    }
    println!("{seeds} storms over 1,000 targets: every row agrees with the ledger: {sum:?}");
    assert!(sum["already_stopped"] > 0 && sum["accepted"] > 0, "no storm over what stands still and cannot be read");
}

/// Rehearses in a storm, checks that every row agrees, and returns what they came to.
fn storm(env: &TestEnvironment, seed: u64) -> Vec<String> {
    let name = format!("storm-{seed}.json");
    let seed = seed.to_string();
    let storm = ["run", "storm.yaml", "--rehearse", "--faults", "storm", "--seed", &seed, "--speed", "400"];
    let Ended { code, stderr, .. } = env.run([&storm[..], &["--report", &name]].concat());
    let report = env.report(&name);
    assert_eq!(report["rehearsal"]["agrees"], true, "seed {seed}: {stderr}");
    let rows = report["targets"].as_array().unwrap();
    assert_eq!(rows.len(), 1000);
    let is_open = |row: &&Value| row["outcome"] != "stopped" && row["outcome"] != "already_stopped";
    let open = rows.iter().filter(is_open).count();
    assert_eq!(code, i32::from(open > 0), "seed {seed}: {stderr}");
    rows.iter().map(|row| row["outcome"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_bad_plan_sends_nothing_and_ends_with_2() {
    let env = TestEnvironment::new().with("bad.yaml", "version: 1\ntargets: []\n");
    let Ended { code, stderr, .. } = env.run(["run", "bad.yaml", "--yes"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("bad.yaml:2:10"));
    assert!(!env.exists("bad.report.json"));
}

#[test]
fn missing_credentials_end_with_2_and_name_the_variables() {
    let Ended { code, stderr, .. } = TestEnvironment::new().run(["run", &shipped("incident-shutdown.yaml"), "--yes"]);
    assert_eq!(code, 2, "{stderr}");
    for name in ["ALIBABA_CLOUD_ACCESS_KEY_ID", "HUAWEICLOUD_SDK_AK"] {
        assert!(stderr.contains(name), "{stderr}");
    }
}

#[test]
fn without_a_terminal_a_run_wants_yes() {
    let Ended { code, stderr, .. } = TestEnvironment::new().run(["run", &shipped("incident-shutdown.yaml")]);
    assert_eq!(code, 2);
    assert!(stderr.contains("--yes"));
}

#[test]
fn a_report_that_cannot_be_written_is_found_before_anything_is_sent() {
    let args = ["run", &shipped("rehearsal.yaml"), "--rehearse", "--report", "absent/report.json"];
    let Ended { code, stderr, .. } = TestEnvironment::new().run(args);
    assert_eq!(code, 5, "{stderr}");
    assert!(!stderr.contains("done"), "it did not run: {stderr}");
}

#[test]
fn no_secret_is_in_any_output() {
    let plan = "version: 1\n\
         accounts: {a: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: 'http://127.0.0.1:PORT'}}}\n\
         defaults: {account: a}\nretry: {max_attempts: 2, initial_delay: 1ms, max_delay: 1ms}\n\
         targets:\n  - {kind: fnf_execution, flow_name: f, execution_name: e}\n";
    let keys = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIkeyid"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hushhushsecret"),
        ("ALIBABA_CLOUD_SECURITY_TOKEN", "hushhushtoken"),
    ];
    let env = TestEnvironment::new().set(keys).with_refused_plan(plan);
    let Ended { code, stdout, stderr } = env.run(["run", "plan.yaml", "--yes", "-v", "--report", "-"]);
    assert_eq!(code, 1);
    let all = stdout + &stderr;
    assert!(all.contains("no connection"), "{all}");
    for secret in ["hushhush", "Signature"] {
        assert!(!all.contains(secret), "{all}");
    }
}

#[test]
fn check_says_what_would_be_stopped() {
    let Ended { code, stdout, .. } = TestEnvironment::new().run(["check", &shipped("rehearsal.yaml")]);
    assert_eq!(code, 0);
    assert!(stdout.contains("240"), "{stdout}");
    assert!(stdout.contains("fnf_execution"), "{stdout}");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_told_and_never_a_panic() {
    let env = TestEnvironment::new();
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = |arguments: &[&str], stdout_is_full: bool| {
        let mut command = env.command(arguments);
        command.arg(shipped("rehearsal.yaml"));
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
