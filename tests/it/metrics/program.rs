//! The file as the built program writes it.

use allstop::simulator::Config;
use serde_json::Value;

use super::exposition::{Metrics, read};
use crate::environment::{ALIBABA_KEYS, Ended, REHEARSE, RUN, TestEnvironment, program, shipped};

const PLAN: &str = "
version: 1
name: nightly
accounts: {ali: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: 'ENDPOINT', sts: 'ENDPOINT'}}}
defaults: {account: ali}
retry: {max_attempts: 1}
guards: {max_targets: MOST}
targets:
  - {id: a, kind: fnf_execution, flow_name: etl, execution_name: run-a}
  - {id: b, kind: fnf_execution, flow_name: etl, execution_name: run-b}
";

fn plan(endpoint: &str, most: &str) -> String {
    PLAN.replace("ENDPOINT", endpoint).replace("MOST", most)
}

fn metrics(env: &TestEnvironment) -> Metrics {
    read(&env.text("m.prom"))
}

/// Returns the success and the exit status of the last run.
fn judged(env: &TestEnvironment) -> (f64, f64) {
    let metrics = metrics(env);
    (metrics.sum("allstop_run_success", &[]), metrics.sum("allstop_run_exit_status", &[]))
}

#[test]
fn a_storm_is_counted_as_in_the_report() {
    let env = TestEnvironment::new();
    let options = ["--rehearse", "--faults", "storm", "--seed", "7", "--speed", "1000", "--yes"];
    let plan = shipped("rehearsal.yaml");
    let Ended { code, stderr, .. } = env.run([&["run", &plan, "--metrics", "m.prom"], &options[..]].concat());
    let (metrics, report) = (metrics(&env), env.report("rehearsal.rehearsal.report.json"));
    let number = |value: &Value| value.as_f64().unwrap();
    let summary = &report["summary"];
    for outcome in ["stopped", "already_stopped", "accepted", "not_found", "failed", "unknown", "skipped"] {
        let sum = metrics.sum("allstop_run_targets", &[("outcome", outcome), ("mode", "rehearsal")]);
        assert_eq!(sum, number(&summary[outcome]), "{outcome}: {stderr}");
    }
    for (cause, retries) in summary["retries"].as_object().unwrap() {
        assert_eq!(metrics.sum("allstop_run_retries", &[("cause", cause)]), number(retries), "{cause}");
    }
    assert_eq!(metrics.sum("allstop_run_attempts", &[]), number(&summary["attempts"]));
    let lanes = report["lanes"].as_array().unwrap();
    for (name, field) in [("allstop_run_requests", "requests"), ("allstop_run_requests_throttled", "throttled")] {
        let sum: f64 = lanes.iter().map(|lane| number(&lane[field])).sum();
        assert_eq!(metrics.sum(name, &[]), sum, "{name}");
        assert!(sum > 0.0, "{name}");
    }
    assert_eq!(metrics.sum("allstop_run_stop_duration_seconds_count", &[]), number(&summary["stopped"]));
    assert_eq!(metrics.sum("allstop_run_exit_status", &[]), f64::from(code));
    assert_eq!(metrics.sum("allstop_run_info", &[("run", report["run"]["id"].as_str().unwrap())]), 1.0);
}

#[test]
fn a_live_run_succeeds_and_what_refuses_the_next_one_keeps_that() {
    let mut env = TestEnvironment::new();
    env.simulate_anything(Config { speed: 1000.0, ..Config::default() });
    let endpoint = env.simulator().endpoint().to_owned();
    env.write("plan.yaml", plan(&endpoint, "10"));
    let run = |env: &TestEnvironment| env.run([&RUN[..], &["--metrics", "m.prom"]].concat());
    let Ended { code, stderr, .. } = run(&env);
    assert_eq!((code, judged(&env)), (0, (1.0, 0.0)), "{stderr}");
    let succeeded = metrics(&env).sum("allstop_last_success_timestamp_seconds", &[("plan", "nightly")]);
    assert!(succeeded > 1.0e9);
    // A guard refuses.
    env.write("plan.yaml", plan(&endpoint, "1"));
    assert_eq!((run(&env).code, judged(&env)), (3, (0.0, 3.0)));
    assert_eq!(metrics(&env).sum("allstop_run_targets", &[("outcome", "skipped")]), 2.0);
    // It cannot begin: the keys are not those of the account.
    env.write(
        "plan.yaml",
        plan(&endpoint, "10").replace("cn-hangzhou,", "cn-hangzhou, account_id: '1111111111111111',"),
    );
    let Ended { code, stderr, .. } = run(&env);
    assert_eq!((code, judged(&env)), (2, (0.0, 2.0)), "{stderr}");
    let metrics = metrics(&env);
    assert_eq!(metrics.sum("allstop_run_targets", &[("kind", "fnf_execution")]), 0.0);
    assert_eq!(metrics.sum("allstop_last_success_timestamp_seconds", &[]), succeeded);
}

#[test]
fn a_failed_run_and_its_retry_write_them() {
    let env = TestEnvironment::new().set(ALIBABA_KEYS).with("plan.yaml", plan("http://127.0.0.1:1", "10"));
    let Ended { code, stderr, .. } = env.run([&RUN[..], &["--metrics", "m.prom"]].concat());
    assert_eq!(judged(&env).1, f64::from(code), "{stderr}");
    assert_eq!(judged(&env).0, 0.0);
    assert_eq!(metrics(&env).sum("allstop_run_targets", &[("outcome", "failed")]), 2.0);
    let retry = [&["retry", "plan.report.json", "--metrics", "r.prom"], &REHEARSE[..]].concat();
    assert_eq!(env.run(retry).code, 0);
    assert_eq!(read(&env.text("r.prom")).sum("allstop_run_success", &[("mode", "rehearsal")]), 1.0);
}

#[test]
fn every_round_of_a_watch_replaces_them() {
    let select = "  - {id: etl, kind: fnf_execution, select: {flow_name: 'etl-*'}}\n";
    let text = plan("http://127.0.0.1:1", "1000");
    let text = text.replace(", endpoints: {fnf: 'http://127.0.0.1:1', sts: 'http://127.0.0.1:1'}", "");
    let env = TestEnvironment::new().with("plan.yaml", text + select);
    let options = ["--for", "100h", "--every", "1m", "--until-quiet", "2m", "--output", "json", "--metrics", "m.prom"];
    let rehearsal = ["--rehearse", "--faults", "none", "--speed", "10000"];
    let Ended { code, stdout, stderr } = env.run([&["watch", "plan.yaml"], &options[..], &rehearsal].concat());
    assert_eq!(code, 0, "{stderr}");
    let rounds = serde_json::from_str::<Value>(&stdout).unwrap()["rounds"].as_u64().unwrap();
    let last = env.report(&format!("plan.watch/{rounds:04}.rehearsal.report.json"));
    assert_eq!(metrics(&env).sum("allstop_run_info", &[("run", last["run"]["id"].as_str().unwrap())]), 1.0);
    assert_eq!(metrics(&env).sum("allstop_run_success", &[]), 1.0);
}

#[test]
fn a_new_file_that_node_exporter_does_not_read_is_a_warning() {
    let env = TestEnvironment::new().with("plan.yaml", plan("http://127.0.0.1:1", "1000"));
    let warning = "m.txt does not end in .prom, so node_exporter does not read it";
    let mut told = Vec::new();
    for name in ["m.txt", "m.txt", "m.prom", "/dev/null"] {
        let Ended { code, stderr, .. } = env.rehearse(&["--metrics", name]);
        assert_eq!(code, 0, "{stderr}");
        told.push(stderr.contains(warning));
        assert_eq!(stderr.contains("node_exporter"), told.ends_with(&[true]), "{stderr}");
    }
    assert_eq!(told, [true, false, false, false], "once, and the file is written");
    assert!(env.exists("m.txt"));
}

#[test]
fn places_that_cannot_be_are_refused_before_anything_is_sent() {
    let text = plan("http://127.0.0.1:1", "10");
    let env = TestEnvironment::new().with("plan.yaml", &text).with("notes.prom", "mine\n");
    for (options, expected) in [
        (&["--metrics", "notes.prom"][..], "which is no metrics file of allstop"),
        (&["--metrics", "plan.yaml"], "--metrics would overwrite plan.yaml, which is an input of the run"),
        (&["--metrics", "none/m.prom"], "create the directory first"),
        (&["--metrics", "x", "--junit", "x"], "--junit and --metrics both write to x"),
        (&["--metrics", "-", "--report", "-"], "--report and --metrics both write to standard output"),
        (&["--metrics", "-", "--output", "json"], "cannot both write to standard output"),
    ] {
        let Ended { code, stdout, stderr } = env.rehearse(options);
        assert!(code == 2 || code == 5, "{stderr}");
        assert!(stderr.contains(expected) && !stdout.contains("allstop_"), "{stderr}");
        assert!(!env.exists("plan.rehearsal.report.json"));
    }
    assert_eq!(env.text("notes.prom"), "mine\n");
    let Ended { code, stdout, stderr } = env.rehearse(&["--metrics", "-"]);
    assert_eq!(code, 0, "{stderr}");
    let metrics = read(&stdout);
    assert_eq!(metrics.sum("allstop_run_success", &[]), 1.0);
    // What was printed before cannot be known.
    assert!(metrics.of("allstop_last_success_timestamp_seconds", &[]).is_empty());
}

#[cfg(unix)]
#[test]
fn everybody_may_read_them_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let env = TestEnvironment::new().with("plan.yaml", plan("http://127.0.0.1:1", "10"));
    let script = format!(
        "umask 077; exec {} run plan.yaml --progress off {} --metrics m.prom",
        program().display(),
        REHEARSE.join(" ")
    );
    let done = std::process::Command::new("sh").args(["-c", &script]).current_dir(env.directory()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mode = |name: &str| std::fs::metadata(env.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("m.prom"), mode("plan.rehearsal.report.json")), (0o644, 0o600));
    // node_exporter reads every file of its directory that ends so.
    let names = env.names();
    assert_eq!(names.iter().filter(|name| name.ends_with(".prom")).count(), 1, "{names:?}");
}
