//! `--output json`: the built binary, as a script calls it.

use std::path::PathBuf;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin_cmd;
use serde_json::{Value, json};

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

/// A folder with a plan whose service refuses connections, and the program in it.
struct Desk {
    folder: tempfile::TempDir,
    _socket: tokio::net::TcpSocket,
}

impl Desk {
    fn new() -> Self {
        let (folder, (socket, port)) = (tempfile::tempdir().unwrap(), crate::program::refusing_port());
        std::fs::write(folder.path().join("plan.yaml"), PLAN.replace("PORT", &port.to_string())).unwrap();
        Self { folder, _socket: socket }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = cargo_bin_cmd!("allstop");
        command.current_dir(self.folder.path()).env_clear().args(args).args(["--output", "json"]);
        command.env("ALIBABA_CLOUD_ACCESS_KEY_ID", "id").env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret");
        command
    }

    /// Runs the program; returns the exit status and the one line of standard output.
    fn line(&self, args: &[&str]) -> (i32, Value) {
        let output = self.command(args).output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!((stdout.lines().count(), stdout.ends_with('\n')), (1, true), "{stdout:?}\n{stderr}");
        let line: Value = serde_json::from_str(&stdout).unwrap();
        let mut fields: Vec<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, FIELDS);
        let code = output.status.code().unwrap();
        assert_eq!((&line["version"], &line["exit_code"]), (&json!(1), &json!(code)), "{stderr}");
        (code, line)
    }
}

#[test]
fn a_run_ends_with_one_line_that_says_what_the_report_says() {
    let desk = Desk::new();
    let (code, line) = desk.line(&["run", "plan.yaml", "--yes"]);
    let report: Value = serde_json::from_slice(&std::fs::read(desk.path("plan.report.json")).unwrap()).unwrap();
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
    let desk = Desk::new();
    desk.line(&["run", "plan.yaml", "--yes", "--shard", "1/1"]);
    let retry = ["retry", "plan.1-of-1.report.json", "--rehearse", "--faults", "none", "--speed", "1000"];
    let (code, line) = desk.line(&retry);
    assert_eq!((code, &line["mode"], &line["shard"]), (0, &json!("rehearsal"), &json!("1/1")));
    assert_eq!((&line["next"], &line["journal"]), (&Value::Null, &Value::Null));
    let journal = desk.path("plan.1-of-1.report.json.journal");
    let text = std::fs::read_to_string(&journal).unwrap();
    std::fs::write(&journal, format!("{}\n", text.lines().next().unwrap())).unwrap();
    let (code, line) = desk.line(&["resume", "plan.1-of-1.report.json.journal", "--yes"]);
    assert_eq!((code, &line["status"], &line["summary"]["failed"]), (1, &json!("completed"), &json!(2)));
}

#[test]
fn a_dry_run_has_nothing_to_retry() {
    let desk = Desk::new();
    let (code, line) = desk.line(&["run", "plan.yaml", "--dry-run"]);
    assert_eq!((code, &line["mode"], &line["next"]), (1, &json!("dry_run"), &Value::Null));
}

#[test]
fn a_guard_that_refuses_says_so() {
    let desk = Desk::new();
    let plan = std::fs::read_to_string(desk.path("plan.yaml")).unwrap().replace("[c]", "[c], max_targets: 1");
    std::fs::write(desk.path("plan.yaml"), plan).unwrap();
    let (code, line) = desk.line(&["run", "plan.yaml", "--yes"]);
    assert_eq!((code, &line["status"]), (3, &json!("aborted")));
    assert!(line["error"].as_str().unwrap().contains("guards.max_targets"), "{line}");
}

#[test]
fn what_could_not_begin_has_its_line() {
    let desk = Desk::new();
    std::fs::write(desk.path("bad.yaml"), "version: 1\ntargets: []\n").unwrap();
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
        let (found, line) = desk.line(args);
        assert_eq!(found, code, "{args:?}");
        assert!(line["error"].as_str().unwrap().contains(expected), "{args:?}: {line}");
        for field in ["run_id", "mode", "status", "summary", "report", "journal", "next"] {
            assert_eq!(line[field], Value::Null, "{args:?}: {field}");
        }
    }
}

#[test]
fn a_number_that_an_option_does_not_take_is_told_with_what_it_takes() {
    let desk = Desk::new();
    for (option, value, expected) in [
        ("--rate", "5", "such as `50/s`, `80/min` or `200/h`"),
        ("--concurrency", "0", "is not in 1..=65536"),
        ("--concurrency", "65537", "is not in 1..=65536"),
    ] {
        let mut command = cargo_bin_cmd!("allstop");
        let output =
            command.current_dir(desk.folder.path()).args(["run", "plan.yaml", option, value]).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(expected), "{stderr}");
    }
}

#[test]
fn an_empty_selection_has_a_run_and_nothing_in_it() {
    let desk = Desk::new();
    let (code, line) = desk.line(&["run", "plan.yaml", "--only", "c"]);
    assert_eq!((code, &line["summary"]["skipped"], &line["next"]), (4, &json!(3), &Value::Null));
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_that_cannot_be_written_is_told_and_a_reader_that_is_gone_is_no_error() {
    let desk = Desk::new();
    let run = |stdout: std::process::Stdio| {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("allstop"));
        command.args(["run", "plan.yaml", "--only", "c", "--output", "json"]).current_dir(desk.folder.path());
        let output = command.env_clear().stdout(stdout).stderr(std::process::Stdio::piped()).output().unwrap();
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
