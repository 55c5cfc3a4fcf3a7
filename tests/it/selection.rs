//! `--only`, `--skip`, `--kind`, `--label`, `--max-failures`: the built binary with a part of a plan.

use std::path::Path;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin_cmd;
use serde_json::Value;

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

/// A folder with a plan, and the program in it with an empty environment.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plan.yaml"), PLAN).unwrap();
        Self(folder)
    }

    fn allstop(&self, args: &[&str]) -> Command {
        let mut command = cargo_bin_cmd!("allstop");
        command.current_dir(self.0.path()).env_clear().env("NO_COLOR", "1").args(args);
        command
    }

    /// Rehearses the plan with these options; returns the exit status, what was shown, and the rows' outcomes or
    /// reasons for skipping.
    fn rehearse(&self, options: &[&str]) -> (i32, String, Vec<String>) {
        let mut command = self.allstop(&[
            "run",
            "plan.yaml",
            "--rehearse",
            "--faults",
            "none",
            "--speed",
            "1000",
            "--progress",
            "off",
        ]);
        let output = command.args(options).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let rows = rows(&self.0.path().join("plan.rehearsal.report.json"));
        (output.status.code().unwrap(), stderr, rows)
    }
}

fn rows(path: &Path) -> Vec<String> {
    let Ok(bytes) = std::fs::read(path) else { return Vec::new() };
    let report = crate::schema::valid_report(&bytes);
    assert!(report["rehearsal"]["agrees"].as_bool().unwrap_or(true), "{report}");
    let word = |row: &Value| row["reason"].as_str().or(row["outcome"].as_str()).unwrap().to_owned();
    report["targets"].as_array().unwrap().iter().map(word).collect()
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
        let (code, stderr, rows) = Desk::new().rehearse(options);
        assert_eq!(rows, expected, "{options:?}: {stderr}");
        assert_eq!(code, 0, "{options:?}: {stderr}");
    }
}

#[test]
fn an_empty_selection_asks_nothing_needs_no_key_and_ends_with_4() {
    for options in [&["--only", "nothing"][..], &["--only", "payments"], &["--kind", "live_flow"]] {
        let desk = Desk::new();
        let output = desk.allstop(&["run", "plan.yaml"]).args(options).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(4), "{stderr}");
        assert!(stderr.contains("Nothing to do: every target of the plan was left out."), "{stderr}");
        let report = crate::schema::valid_report(&std::fs::read(desk.0.path().join("plan.report.json")).unwrap());
        assert_eq!((&report["run"]["exit_code"], &report["summary"]["skipped"]), (&4.into(), &5.into()));
        let output = desk.allstop(&["check", "plan.yaml"]).args(options).output().unwrap();
        assert_eq!(output.status.code(), Some(4));
    }
}

#[test]
fn what_matches_nothing_is_a_warning() {
    let (code, stderr, _) = Desk::new().rehearse(&["--only", "job", "--skip", "*paiments*", "--label", "wave=1"]);
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
        (&["--deadline", "30"], "the unit is missing; say what it counts: `30ms`"),
    ];
    for (options, expected) in table {
        let desk = Desk::new();
        let output = desk.allstop(&["run", "plan.yaml", "--rehearse"]).args(options).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{options:?}: {stderr}");
        assert!(stderr.contains(expected), "{options:?}: {stderr}");
        assert!(!desk.0.path().join("plan.report.json").exists());
    }
}

#[test]
fn check_shows_the_selection_only() {
    let desk = Desk::new();
    let mut check = desk.allstop(&["check", "plan.yaml", "--kind", "drs_job"]);
    let output = check.env("HUAWEICLOUD_SDK_PROJECT_ID", "project").output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    for text in ["would stop 1 target:", "4 more targets are not selected.", "Stopping a drs_job cannot be undone"] {
        assert!(stdout.contains(text), "{stdout}");
    }
    assert!(!stdout.contains("fnf_execution"), "{stdout}");
}

#[test]
fn max_failures_replaces_the_plans() {
    let desk = Desk::new();
    let (_socket, port) = crate::program::refusing_port();
    let endpoint = format!("region: cn-hangzhou, endpoints: {{fnf: 'http://127.0.0.1:{port}'}}}}");
    let plan =
        PLAN.replace("{protect: ['*payments*']}", "{max_failures: 1}").replace("region: cn-hangzhou}", &endpoint);
    std::fs::write(
        desk.0.path().join("plan.yaml"),
        format!("{plan}retry: {{max_attempts: 1}}\nlimits: {{concurrency: 1}}\n"),
    )
    .unwrap();
    for (options, code, reasons) in [(&[][..], 3, ["failed", "aborted"]), (&["--max-failures", "3"], 1, ["failed"; 2])]
    {
        let mut command = desk.allstop(&["run", "plan.yaml", "--yes", "--only", "run-*", "--skip", "again"]);
        let keys = [
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", "id"),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"),
            ("HUAWEICLOUD_SDK_AK", "id"),
            ("HUAWEICLOUD_SDK_SK", "secret"),
            ("HUAWEICLOUD_SDK_PROJECT_ID", "project"),
        ];
        let output = command.envs(keys).args(options).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{stderr}");
        let rows = rows(&desk.0.path().join("plan.report.json"));
        assert_eq!([rows[0].as_str(), &rows[2]], [reasons[0], *reasons.last().unwrap()], "{stderr}");
    }
}

#[test]
fn accounts_and_regions_select() {
    let desk = Desk::new();
    for (options, wanted) in [
        (&["--account", "hw"][..], ["filtered", "filtered", "filtered", "filtered", "stopped"]),
        (&["--region", "cn-h*"], ["stopped", "duplicate", "stopped", "protected", "filtered"]),
        (&["--account", "*", "--region", "cn-north-?"], ["filtered", "filtered", "filtered", "filtered", "stopped"]),
    ] {
        let (code, stderr, rows) = desk.rehearse(options);
        assert_eq!((code, rows), (0, wanted.map(str::to_owned).to_vec()), "{options:?}: {stderr}");
        assert!(!stderr.contains("matches no target"), "{options:?}: {stderr}");
    }
    let (code, stderr, _) = desk.rehearse(&["--region", "cn-north-5"]);
    assert_eq!(code, 4, "{stderr}");
    let warning = "warning: --region `cn-north-5` matches no target of the plan; did you mean `cn-north-4`?";
    assert!(stderr.contains(warning), "{stderr}");
}

#[test]
fn a_dry_run_sends_no_stop() {
    let desk = Desk::new();
    let output = desk.allstop(&["run", "plan.yaml", "--rehearse", "--faults", "none", "--dry-run"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report = std::fs::read(desk.0.path().join("plan.dry-run.report.json")).unwrap();
    let report = crate::schema::valid_report(&report);
    assert_eq!((&report["run"]["mode"], &report["rehearsal"]["agrees"]), (&"dry_run".into(), &true.into()));
    let rows = report["targets"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["attempts"].as_array().unwrap().is_empty()));
    assert!(rows.iter().any(|row| row["outcome"] == "would_stop"));
}
