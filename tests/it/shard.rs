//! `--shard`: the built binary with a part of a plan in each of several processes.

use std::path::Path;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin_cmd;
use serde_json::Value;

const HEAD: &str = "
version: 1
accounts: {ali: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: 'http://127.0.0.1:PORT'}}}
defaults: {account: ali}
retry: {max_attempts: 1}
limits: {rate: 400/s}
guards: {protect: ['run-7'], max_targets: 12}
targets:
";

/// A plan of 12 executions, one of them protected, and one more name for the first.
fn plan(port: u16) -> String {
    let mut plan = HEAD.replace("PORT", &port.to_string());
    for n in 0..12 {
        plan.push_str(&format!("  - {{id: t{n}, kind: fnf_execution, flow_name: etl, execution_name: run-{n}}}\n"));
    }
    plan + "  - {id: again, kind: fnf_execution, flow_name: etl, execution_name: run-0}\n"
}

/// A folder with a plan, and the program in it with an empty environment.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self::at(1)
    }

    fn at(port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plan.yaml"), plan(port)).unwrap();
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn allstop(&self, args: &[&str]) -> Command {
        let mut command = cargo_bin_cmd!("allstop");
        command.current_dir(self.path()).env_clear().env("NO_COLOR", "1").args(args);
        command.env("ALIBABA_CLOUD_ACCESS_KEY_ID", "id").env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret");
        command
    }

    /// Runs the program; returns its exit status and what it showed on standard error.
    fn run(&self, args: &[&str]) -> (i32, String) {
        let output = self.allstop(args).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    fn rehearse(&self, options: &[&str]) -> (i32, String) {
        let args = ["run", "plan.yaml", "--rehearse", "--faults", "none", "--speed", "1000", "--progress", "off"];
        self.run(&[&args, options].concat())
    }

    fn report(&self, name: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.path().join(name)).unwrap()).unwrap()
    }
}

/// Returns each row's reason for skipping, or its outcome.
fn words(report: &Value) -> Vec<String> {
    let word = |row: &Value| row["reason"].as_str().or(row["outcome"].as_str()).unwrap().to_owned();
    report["targets"].as_array().unwrap().iter().map(word).collect()
}

#[test]
fn all_shards_together_stop_everything_once() {
    let desk = Desk::new();
    let shards: Vec<_> = (1..=3)
        .map(|number| {
            let (code, stderr) = desk.rehearse(&["--shard", &format!("{number}/3")]);
            assert_eq!(code, 0, "{stderr}");
            let report = desk.report(&format!("plan.{number}-of-3.rehearsal.report.json"));
            assert_eq!(report["run"]["shard"], format!("{number}/3"));
            assert_eq!(report["rehearsal"]["agrees"], true);
            words(&report)
        })
        .collect();
    for target in 0..12 {
        let mut seen: Vec<_> = shards.iter().map(|rows| rows[target].as_str()).collect();
        seen.sort_unstable();
        let expected = if target == 7 { ["protected"; 3] } else { ["shard", "shard", "stopped"] };
        assert_eq!(seen, expected, "target {target}");
    }
    assert!(shards.iter().all(|rows| rows[12] == "duplicate"), "{shards:?}");
    assert!(shards.iter().all(|rows| rows.iter().any(|row| row == "stopped")), "{shards:?}");
}

#[test]
fn a_shard_without_a_target_is_no_failure_and_an_empty_selection_is_one() {
    let desk = Desk::new();
    let empty = (1..=999).map(|number| format!("{number}/999")).find(|shard| {
        let (code, stderr) = desk.run(&["check", "plan.yaml", "--shard", shard]);
        assert_eq!(code, 0, "{stderr}");
        let output = desk.allstop(&["check", "plan.yaml", "--shard", shard]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().contains("would stop nothing.")
    });
    let shard = empty.unwrap();
    // Nobody is asked and no key is needed: nothing is sent.
    let output = desk.allstop(&["run", "plan.yaml", "--shard", &shard]).env_clear().output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("Nothing to do: every target is in another shard."), "{stderr}");
    assert!(!stderr.contains("Next:"), "{stderr}");
    for nothing in ["no-such-thing", "run-7"] {
        let (code, stderr) = desk.rehearse(&["--shard", &shard, "--only", nothing]);
        assert_eq!(code, 4, "{nothing}: {stderr}");
        let (code, _) = desk.run(&["check", "plan.yaml", "--shard", &shard, "--only", nothing]);
        assert_eq!(code, 4, "{nothing}");
    }
}

#[test]
fn the_selection_goes_before_the_shard() {
    let desk = Desk::new();
    desk.rehearse(&["--shard", "1/3", "--skip", "t1*"]);
    let rows = words(&desk.report("plan.1-of-3.rehearsal.report.json"));
    assert_eq!((&*rows[1], &*rows[10], &*rows[11]), ("filtered", "filtered", "filtered"));
    assert!(rows.iter().any(|row| row == "shard"), "{rows:?}");
}

#[test]
fn the_bound_of_targets_is_that_of_all_shards() {
    let desk = Desk::new();
    let text = plan(1).replace("max_targets: 12", "max_targets: 10");
    std::fs::write(desk.path().join("plan.yaml"), text).unwrap();
    let (code, stderr) = desk.rehearse(&["--shard", "1/3"]);
    assert_eq!(code, 3, "{stderr}");
    assert!(stderr.contains("the plan selects 11 targets"), "{stderr}");
}

#[test]
fn the_rates_are_shared() {
    let desk = Desk::new();
    let shown = |options: &[&str]| {
        let output = desk.allstop(&[&["check", "plan.yaml"], options].concat()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    std::fs::write(desk.path().join("plan.yaml"), plan(1).replace("400/s", "2/s")).unwrap();
    assert!(shown(&[]).contains(" at 2/s"), "{}", shown(&[]));
    assert!(shown(&["--shard", "1/4"]).contains(" at 30/min"), "{}", shown(&["--shard", "1/4"]));
}

#[test]
fn the_job_system_says_which_one() {
    let desk = Desk::new();
    let output = desk
        .allstop(&["run", "plan.yaml", "--rehearse", "--faults", "none", "--speed", "1000", "--shard", "auto"])
        .envs([("JOB_COMPLETION_INDEX", "1"), ("ALLSTOP_SHARDS", "3")])
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("shard 2/3 (from JOB_COMPLETION_INDEX and ALLSTOP_SHARDS)"), "{stderr}");
    assert_eq!(desk.report("plan.2-of-3.rehearsal.report.json")["run"]["shard"], "2/3");
    let (code, stderr) = desk.rehearse(&["--shard", "auto"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("none of JOB_COMPLETION_INDEX"), "{stderr}");
}

#[test]
fn what_is_no_shard_is_refused() {
    for (shard, expected) in [
        ("0/4", "shards count from 1"),
        ("5/4", "there is no shard 5 of 4"),
        ("1/0", "there is no shard 1 of 0"),
        ("1", "expected I/N"),
        ("one/four", "expected I/N"),
    ] {
        let desk = Desk::new();
        let (code, stderr) = desk.rehearse(&["--shard", shard]);
        assert_eq!(code, 2, "{shard}: {stderr}");
        assert!(stderr.contains(expected), "{shard}: {stderr}");
        assert_eq!(std::fs::read_dir(desk.path()).unwrap().count(), 1, "nothing but the plan is there");
    }
}

#[test]
fn a_shard_goes_on_as_the_same_shard() {
    let (_socket, port) = crate::program::refusing_port();
    let desk = Desk::at(port);
    let (code, stderr) = desk.run(&["run", "plan.yaml", "--yes", "--shard", "2/3", "--skip", "t1"]);
    assert_eq!(code, 1, "{stderr}");
    let before = desk.report("plan.2-of-3.report.json");
    let rows = words(&before);
    assert!(
        ["failed", "shard", "filtered", "protected"].iter().all(|word| rows.contains(&(*word).to_owned())),
        "{rows:?}"
    );

    // As if it had been killed right after it began.
    let journal = desk.path().join("plan.2-of-3.report.json.journal");
    let text = std::fs::read_to_string(&journal).unwrap();
    std::fs::write(&journal, format!("{}\n", text.lines().next().unwrap())).unwrap();
    std::fs::remove_file(desk.path().join("plan.2-of-3.report.json")).unwrap();
    let (code, stderr) = desk.run(&["resume", "plan.2-of-3.report.json.journal", "--yes"]);
    assert_eq!(code, 1, "{stderr}");
    let after = desk.report("plan.2-of-3.report.json");
    assert_eq!((words(&after), &after["run"]["shard"]), (rows.clone(), &Value::from("2/3")));

    let retry = ["retry", "plan.2-of-3.report.json", "--rehearse", "--faults", "none", "--speed", "1000"];
    let (code, stderr) = desk.run(&[&retry[..], &["--shard", "1/3"]].concat());
    assert_eq!(code, 2);
    assert!(stderr.contains("the report covers shard 2/3"), "{stderr}");
    let (code, stderr) = desk.run(&retry);
    assert_eq!(code, 0, "{stderr}");
    let retried = desk.report("plan.2-of-3.retry.rehearsal.report.json");
    assert_eq!(retried["run"]["shard"], "2/3");
    let stopped = |report: &Value, word: &str| -> Vec<usize> {
        words(report).iter().enumerate().filter(|(_, found)| *found == word).map(|(number, _)| number).collect()
    };
    assert_eq!(stopped(&retried, "stopped"), stopped(&after, "failed"));
}

#[test]
fn the_report_of_a_whole_run_is_retried_in_shards() {
    let (_socket, port) = crate::program::refusing_port();
    let desk = Desk::at(port);
    assert_eq!(desk.run(&["run", "plan.yaml", "--yes"]).0, 1);
    let mut stopped = 0;
    for shard in 1..=2 {
        let (code, stderr) = desk.run(&[
            "retry",
            "plan.report.json",
            "--rehearse",
            "--faults",
            "none",
            "--speed",
            "1000",
            "--shard",
            &format!("{shard}/2"),
        ]);
        assert_eq!(code, 0, "{stderr}");
        let report = desk.report(&format!("plan.retry.{shard}-of-2.rehearsal.report.json"));
        stopped += words(&report).iter().filter(|word| *word == "stopped").count();
    }
    assert_eq!(stopped, 11);
}

/// Merges the reports of shards 1 and 3 of 4, which have failed, into `part.json`; returns its rows.
fn merged_in_part(desk: &Desk) -> Vec<String> {
    for shard in ["1/4", "3/4"] {
        let (code, stderr) = desk.run(&["run", "plan.yaml", "--yes", "--shard", shard]);
        assert_eq!(code, 1, "{stderr}");
    }
    let parts = ["plan.1-of-4.report.json", "plan.3-of-4.report.json"];
    let (code, stderr) = desk.run(&[&["report", "merge"], &parts[..], &["--partial", "-o", "part.json"]].concat());
    assert_eq!(code, 0, "{stderr}");
    words(&desk.report("part.json"))
}

const REHEARSED: [&str; 5] = ["--rehearse", "--faults", "none", "--speed", "1000"];

#[test]
fn the_command_that_a_report_of_some_shards_names_works() {
    let (_socket, port) = crate::program::refusing_port();
    let desk = Desk::at(port);
    let before = merged_in_part(&desk);
    assert!(["failed", "shard"].iter().all(|word| before.contains(&(*word).to_owned())), "{before:?}");

    let shown = desk.allstop(&["report", "show", "part.json"]).output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    let (_, command) = shown.rsplit_once("run: allstop ").expect("a command");
    let command: Vec<_> = command.split_whitespace().collect();
    let (code, stderr) = desk.run(&[&command[..], &REHEARSED].concat());
    assert_eq!(code, 0, "{command:?}: {stderr}");
    assert!(stderr.contains("note: retrying shards 1,3/4 together"), "{stderr}");
    let after = desk.report("part.retry.rehearsal.report.json");
    for (before, after) in before.iter().zip(words(&after)) {
        assert_eq!(after, if before == "failed" { "stopped" } else { "filtered" }, "it was {before}");
    }
    assert_eq!(after["run"]["shard"], Value::Null);
}

#[test]
fn one_of_some_shards_can_be_retried_and_no_other() {
    let (_socket, port) = crate::program::refusing_port();
    let desk = Desk::at(port);
    let failed = merged_in_part(&desk).iter().filter(|word| *word == "failed").count();
    let retry = [&["retry", "part.json"], &REHEARSED[..]].concat();
    let mut stopped = 0;
    for (shard, name) in
        [("1/4", "part.retry.1-of-4.rehearsal.report.json"), ("3/4", "part.retry.3-of-4.rehearsal.report.json")]
    {
        let (code, stderr) = desk.run(&[&retry[..], &["--shard", shard]].concat());
        assert_eq!(code, 0, "{stderr}");
        let report = desk.report(name);
        assert_eq!(report["run"]["shard"], shard);
        stopped += words(&report).iter().filter(|word| *word == "stopped").count();
    }
    assert_eq!(stopped, failed);
    for (shard, expected) in [("2/4", "the report covers shards 1,3/4"), ("1/3", "the report covers shards 1,3/4")] {
        let (code, stderr) = desk.run(&[&retry[..], &["--shard", shard]].concat());
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains(expected), "{stderr}");
    }
    let edited = std::fs::read_to_string(desk.path().join("part.json")).unwrap().replace("1,3/4", "1,x/4");
    std::fs::write(desk.path().join("part.json"), edited).unwrap();
    let (code, stderr) = desk.run(&retry);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("invalid shard in report: 1,x/4: expected I/N"), "{stderr}");
}
