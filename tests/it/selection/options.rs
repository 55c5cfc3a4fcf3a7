//! `--only`, `--skip`, `--kind`, `--label`, `--max-failures`: the built binary with a part of a plan.

use crate::environment::{ALIBABA_KEYS, Ended, HUAWEI_KEYS, TestEnvironment, words};

const PLAN: &str = "
version: 1
accounts:
  ali: {cloud: alibaba, region: cn-hangzhou}
  hw: {cloud: huawei, region: cn-north-4}
defaults: {account: ali, labels: {wave: '1'}}
guards: {protect: ['*payments*']}
targets:
  - {id: orders, kind: fnf_execution, flow_name: etl/orders, execution_name: run-1}
  - {id: again, kind: fnf_execution, flow_name: etl/orders, execution_name: run-1, labels: {wave: '2'}}
  - {id: clicks, kind: fnf_execution, flow_name: etl/clicks, execution_name: run-2, labels: {wave: '2'}}
  - {id: payments, kind: elasticsearch_task, instance_id: es-1}
  - {id: job, kind: drs_job, account: hw, job_id: j-1}
";

fn environment() -> TestEnvironment {
    TestEnvironment::new().with("plan.yaml", PLAN)
}

/// Rehearses the plan with these options; returns the exit status, what was shown, and the rows' outcomes or reasons
/// for being skipped.
fn rehearse(env: &TestEnvironment, options: &[&str]) -> (i32, String, Vec<String>) {
    let Ended { code, stderr, .. } = env.rehearse(options);
    (code, stderr, rows(env, "plan.rehearsal.report.json"))
}

fn rows(env: &TestEnvironment, report: &str) -> Vec<String> {
    if !env.exists(report) {
        return Vec::new();
    }
    let report = env.report(report);
    assert!(report["rehearsal"]["agrees"].as_bool().unwrap_or(true), "{report}");
    words(&report)
}

#[test]
fn everything_left_out_has_its_row() {
    let (f, s, d, p) = ("filtered", "stopped", "duplicate", "protected");
    for (options, expected) in [
        (&[][..], [s, d, s, p, s]),
        (&["--only", "etl/*"], [s, d, s, f, f]),
        (&["--only", "run-2", "--only", "job"], [f, f, s, f, s]),
        (&["--skip", "etl/*"], [f, f, f, p, s]),
        (&["--kind", "drs_job", "--kind", "elasticsearch_task"], [f, f, f, p, s]),
        (&["--label", "wave=2"], [f, s, s, f, f]),
        (&["--label", "wave=2", "--skip", "clicks"], [f, s, f, f, f]),
        (&["--kind", "fnf_execution", "--only", "wave=1"], [s, f, f, f, f]),
    ] {
        let (code, stderr, rows) = rehearse(&environment(), options);
        assert_eq!(rows, expected, "{options:?}: {stderr}");
        assert_eq!(code, 0, "{options:?}: {stderr}");
    }
}

#[test]
fn an_empty_selection_asks_nothing_needs_no_key_and_ends_with_4() {
    for options in [&["--only", "nothing"][..], &["--only", "payments"], &["--kind", "live_flow"]] {
        let env = environment();
        let Ended { code, stderr, .. } = env.run([&["run", "plan.yaml"], options].concat());
        assert_eq!(code, 4, "{stderr}");
        assert!(stderr.contains("Nothing to do: every target of the plan was left out."), "{stderr}");
        let report = env.report("plan.report.json");
        assert_eq!((&report["run"]["exit_code"], &report["summary"]["skipped"]), (&4.into(), &5.into()));
        assert_eq!(env.run([&["check", "plan.yaml"], options].concat()).code, 4);
    }
}

#[test]
fn what_matches_nothing_is_a_warning() {
    let (code, stderr, _) = rehearse(&environment(), &["--only", "job", "--skip", "*paiments*", "--label", "wave=1"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("warning: --skip `*paiments*` matches no target of the plan"), "{stderr}");
    assert_eq!(stderr.matches("matches no target").count(), 1, "{stderr}");
}

#[test]
fn bad_options_end_with_2_and_say_what_would_do() {
    let table = [
        (&["--kind", "fnf_exection"][..], "a similar value exists: 'fnf_execution'"),
        (&["--only", "a[b"], "unclosed character class"),
        (&["--label", "wave"], "expected NAME=VALUE"),
        (&["--max-failures", "0"], "a count from 1"),
        (&["--deadline", "30"], "the unit is missing; add a unit: `30ms`"),
    ];
    for (options, expected) in table {
        let env = environment();
        let Ended { code, stderr, .. } = env.run([&["run", "plan.yaml", "--rehearse"], options].concat());
        assert_eq!(code, 2, "{options:?}: {stderr}");
        assert!(stderr.contains(expected), "{options:?}: {stderr}");
        assert!(!env.exists("plan.report.json"));
    }
}

#[test]
fn check_shows_the_selection_only() {
    let env = environment();
    let project = [("HUAWEICLOUD_SDK_AK", "a"), ("HUAWEICLOUD_SDK_PROJECT_ID", "project")];
    let Ended { code, stdout, .. } = env.run_with(project, ["check", "plan.yaml", "--kind", "drs_job"]);
    assert_eq!(code, 0);
    for text in [
        "would stop 1 target:",
        "4 more targets are left out: not selected for this run.",
        "Stopping a drs_job cannot be undone",
    ] {
        assert!(stdout.contains(text), "{stdout}");
    }
    assert!(!stdout.contains("fnf_execution"), "{stdout}");
}

#[test]
fn max_failures_replaces_the_plans() {
    let endpoint = "region: cn-hangzhou, endpoints: {fnf: 'http://127.0.0.1:PORT'}}";
    let plan = PLAN.replace("{protect: ['*payments*']}", "{max_failures: 1}").replace("region: cn-hangzhou}", endpoint);
    let plan = format!("{plan}retry: {{max_attempts: 1}}\nlimits: {{concurrency: 1}}\n");
    let env = TestEnvironment::new()
        .set(ALIBABA_KEYS)
        .set(HUAWEI_KEYS)
        .set([("HUAWEICLOUD_SDK_PROJECT_ID", "project")])
        .with_refused_plan(&plan);
    for (options, code, reasons) in [(&[][..], 3, ["failed", "aborted"]), (&["--max-failures", "3"], 1, ["failed"; 2])]
    {
        let run = ["run", "plan.yaml", "--yes", "--only", "run-*", "--skip", "again"];
        let Ended { code: found, stderr, .. } = env.run([&run[..], options].concat());
        assert_eq!(found, code, "{stderr}");
        let rows = rows(&env, "plan.report.json");
        assert_eq!([rows[0].as_str(), &rows[2]], [reasons[0], *reasons.last().unwrap()], "{stderr}");
    }
}

#[test]
fn accounts_and_regions_select() {
    let env = environment();
    for (options, wanted) in [
        (&["--account", "hw"][..], ["filtered", "filtered", "filtered", "filtered", "stopped"]),
        (&["--region", "cn-h*"], ["stopped", "duplicate", "stopped", "protected", "filtered"]),
        (&["--account", "*", "--region", "cn-north-?"], ["filtered", "filtered", "filtered", "filtered", "stopped"]),
    ] {
        let (code, stderr, rows) = rehearse(&env, options);
        assert_eq!((code, rows), (0, wanted.map(str::to_owned).to_vec()), "{options:?}: {stderr}");
        assert!(!stderr.contains("matches no target"), "{options:?}: {stderr}");
    }
    let (code, stderr, _) = rehearse(&env, &["--region", "cn-north-5"]);
    assert_eq!(code, 4, "{stderr}");
    let warning = "warning: --region `cn-north-5` matches no target of the plan; did you mean `cn-north-4`?";
    assert!(stderr.contains(warning), "{stderr}");
}

#[test]
fn a_dry_run_sends_no_stop() {
    let env = environment();
    let Ended { code, stderr, .. } = env.run(["run", "plan.yaml", "--rehearse", "--faults", "none", "--dry-run"]);
    assert_eq!(code, 0, "{stderr}");
    let report = env.report("plan.dry-run.report.json");
    assert_eq!((&report["run"]["mode"], &report["rehearsal"]["agrees"]), (&"dry_run".into(), &true.into()));
    let rows = report["targets"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["attempts"].as_array().unwrap().is_empty()));
    assert!(rows.iter().any(|row| row["outcome"] == "would_stop"));
}
