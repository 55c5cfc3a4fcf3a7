//! `allstop report …` as a person runs it.

use std::io::Read;
use std::path::PathBuf;
use std::process::Stdio;

use allstop::engine::Outcome;
use allstop::report::{Mode, Report};
use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin_cmd;

use super::every::{every, outcomes};

/// A folder with reports, and the program in it.
pub(crate) struct Desk(tempfile::TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.put("empty.json", &outcomes(4, &[]));
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, report: &Report) {
        let mut text = Vec::new();
        report.write_json(&mut text).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = cargo_bin_cmd!("allstop");
        command.current_dir(self.0.path()).env_clear().args(args);
        command
    }

    /// Runs the program; returns its exit status, and what it showed on standard output and standard error.
    pub(crate) fn allstop(&self, args: &[&str]) -> (i32, String, String) {
        let output = self.command(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

/// Every command that reads a report, but for its path.
const READERS: [&[&str]; 5] = [
    &["report", "show"],
    &["report", "convert", "--to", "markdown"],
    &["report", "convert", "--to", "junit"],
    &["report", "convert", "--to", "csv"],
    &["report", "diff", "empty.json"],
];

#[test]
fn show_ends_with_0_whatever_the_report_says() {
    let desk = Desk::new();
    desk.put("a.json", &every());
    let (code, stdout, stderr) = desk.allstop(&["report", "show", "a.json"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.starts_with("9 of 13 targets are NOT known to be stopped"), "{stdout}");
    assert!(!stdout.contains("etl/nightly") && !stdout.contains('\u{1b}'), "{stdout}");
    let (code, stdout, _) = desk.allstop(&["report", "show", "a.json", "--all"]);
    assert_eq!(code, 0);
    assert!(stdout.contains("etl/nightly"), "{stdout}");
}

#[test]
fn the_help_has_examples_that_parse() {
    let desk = Desk::new();
    for command in
        [&["report"][..], &["report", "show"], &["report", "convert"], &["report", "merge"], &["report", "diff"]]
    {
        let (code, help, _) = desk.allstop(&[command, &["--help"]].concat());
        assert_eq!(code, 0);
        let examples: Vec<_> = help.lines().filter_map(|line| line.trim().strip_prefix("allstop report ")).collect();
        assert!(!examples.is_empty(), "{help}");
        for example in examples {
            let args: Vec<_> = example.split([' ', '|', '>']).filter(|word| !word.is_empty()).collect();
            let end = args.iter().position(|word| ["allstop", "grep", "jq"].contains(word) || word.starts_with('"'));
            let args = [&["report"], &args[..end.unwrap_or(args.len())]].concat();
            let (code, _, stderr) = desk.allstop(&args);
            assert_eq!(code, 2, "{args:?}");
            assert!(stderr.starts_with("error: cannot read the report "), "{args:?}: {stderr}");
        }
    }
}

#[test]
fn a_dash_is_standard_input() {
    let desk = Desk::new();
    desk.put("a.json", &every());
    let output = desk.command(&["report", "show", "-"]).write_stdin(desk.text("a.json")).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let piped = String::from_utf8(output.stdout).unwrap();
    let (_, named, _) = desk.allstop(&["report", "show", "a.json"]);
    let all_but_next = |text: &str| text.rsplit_once("Next: ").unwrap().0.to_owned();
    assert_eq!(all_but_next(&piped), all_but_next(&named));
    assert!(named.ends_with("run: allstop retry a.json\n") && !piped.contains("allstop retry"), "{piped}{named}");
    let output = desk.command(&["report", "show", "-"]).write_stdin("{}").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("standard input is not a report of allstop"));
}

#[test]
fn the_command_that_goes_on_is_that_of_the_runs_mode() {
    let desk = Desk::new();
    for (mode, expected) in [
        (Mode::Live, "run: allstop retry a.json\n"),
        (Mode::Rehearsal, "run: allstop retry a.json --rehearse\n"),
        (Mode::DryRun, "run without --dry-run to stop them.\n"),
    ] {
        let mut report = every();
        report.run.mode = mode;
        desk.put("a.json", &report);
        let (_, stdout, _) = desk.allstop(&["report", "show", "a.json"]);
        assert!(stdout.ends_with(expected), "{stdout}");
    }
}

#[test]
fn convert_writes_to_standard_output_or_replaces_a_file() {
    let desk = Desk::new();
    desk.put("a b.json", &every());
    let (code, stdout, stderr) = desk.allstop(&["report", "convert", "a b.json", "--to", "markdown"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.ends_with("`allstop retry 'a b.json'`\n"), "{stdout}");
    std::fs::write(desk.path("out.md"), "old").unwrap();
    let to_file = ["report", "convert", "a b.json", "--to", "markdown", "-o", "out.md"];
    assert_eq!(desk.allstop(&to_file), (0, String::new(), String::new()));
    assert_eq!(desk.text("out.md"), stdout);
    let (code, _, stderr) = desk.allstop(&["report", "convert", "a b.json", "--to", "markdown", "-o", "no/out.md"]);
    assert_eq!(code, 5);
    assert!(stderr.contains("no: "), "{stderr}");
}

/// Returns a report without its last row.
fn without_a_row(report: &str) -> String {
    let mut report: serde_json::Value = serde_json::from_str(report).unwrap();
    report["targets"].as_array_mut().unwrap().pop();
    report.to_string()
}

#[test]
fn what_is_no_report_is_told_with_2() {
    let desk = Desk::new();
    desk.put("whole.json", &every());
    let whole = desk.text("whole.json");
    for (text, expected) in [
        ("", "is not a report of allstop"),
        ("version: 1\n", "is not a report of allstop"),
        ("[1]", "is not a report of allstop"),
        ("{\"version\": 2, \"more\": []}", "version 2, which this program does not know"),
        (&whole[..whole.len() / 2], "ends in the middle of the report"),
        (&whole.replacen("\"failed\"", "\"fine\"", 2), "is not a report of allstop"),
        (&without_a_row(&whole), " targets, and has rows of "),
    ] {
        std::fs::write(desk.path("bad.json"), text).unwrap();
        for reader in READERS {
            let (code, stdout, stderr) = desk.allstop(&[reader, &["bad.json"]].concat());
            assert_eq!((code, stdout.as_str()), (2, ""), "{reader:?} {expected}: {stderr}");
            assert!(stderr.contains(expected) && stderr.contains("hint: "), "{reader:?} {expected}: {stderr}");
        }
    }
    std::fs::create_dir(desk.path("folder")).unwrap();
    for reader in READERS {
        for name in ["absent.json", "folder"] {
            let (code, stdout, stderr) = desk.allstop(&[reader, &[name]].concat());
            assert_eq!((code, stdout.as_str()), (2, ""), "{reader:?}: {stderr}");
            assert!(stderr.contains(&format!("cannot read the report {name}: ")), "{reader:?}: {stderr}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = Desk::new();
    desk.put("a.json", &outcomes(1, &[Outcome::Failed; 20_000]));
    for reader in READERS {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("allstop"));
        command.args(reader).arg("a.json").current_dir(desk.path("")).env_clear();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), &output.stderr[..]), (Some(0), &b""[..]), "{reader:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_told_with_5() {
    let desk = Desk::new();
    desk.put("a.json", &every());
    for reader in READERS {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("allstop"));
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        command.args(reader).arg("a.json").current_dir(desk.path("")).env_clear().stdout(full);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(5), "{reader:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("cannot write to standard output"), "{reader:?}");
    }
}

#[test]
fn times_are_in_the_zone_that_the_plan_states() {
    let desk = Desk::new();
    let window = "guards: {window: {from: '09:00', to: '09:01', timezone: Asia/Shanghai}}";
    for (guards, zone) in [(window, " +08:00 (Asia/Shanghai), took"), ("", " UTC, took")] {
        let plan = format!(
            "version: 1\naccounts: {{a: {{cloud: alibaba, region: cn-hangzhou}}}}\n{guards}\ntargets: [{{kind: \
             elasticsearch_task, account: a, instance_id: es-1}}]\n"
        );
        std::fs::write(desk.path("plan.yaml"), plan).unwrap();
        let run = ["run", "plan.yaml", "--rehearse", "--faults", "none", "--report", "r.json", "--html", "r.html"];
        let (code, _, stderr) = desk.allstop(&run);
        assert_eq!(code, 0, "{stderr}");
        let (_, shown, _) = desk.allstop(&["report", "show", "r.json"]);
        assert!(shown.lines().nth(1).unwrap().contains(zone), "{shown}");
        let (_, shown, _) = desk.allstop(&["report", "convert", "r.json", "--to", "markdown"]);
        assert!(shown.contains(zone), "{shown}");
        let started = desk.text("r.html").split("<dt>Started</dt>").nth(1).unwrap().to_owned();
        let started = started.split("</dd>").next().unwrap().to_owned();
        assert!(started.contains(zone.trim_end_matches(", took")), "{started}");
    }
}
