//! `allstop resume`, and the report of a journal: the built binary.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin_cmd;
use serde_json::Value;

const PLAN: &str = "
version: 1
accounts: {ali: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: 'http://127.0.0.1:PORT'}}}
defaults: {account: ali}
retry: {max_attempts: 1}
targets:
  - {id: a, kind: fnf_execution, flow_name: etl, execution_name: run-a}
  - {id: b, kind: fnf_execution, flow_name: etl, execution_name: run-b}
  - {id: b2, kind: fnf_execution, flow_name: etl, execution_name: run-b}
  - {id: c, kind: fnf_execution, flow_name: etl, execution_name: run-c}
  - {id: d, kind: fnf_execution, flow_name: etl, execution_name: run-d}
  - {id: e, kind: fnf_execution, flow_name: etl, execution_name: run-e}
guards: {protect: [d]}
";

/// A folder with a plan whose service refuses connections, and the program in it.
struct Desk {
    folder: tempfile::TempDir,
    _socket: tokio::net::TcpSocket,
}

impl Desk {
    fn new() -> Self {
        let (folder, (socket, port)) = (tempfile::tempdir().unwrap(), crate::program::refusing_port());
        fs::write(folder.path().join("plan.yaml"), PLAN.replace("PORT", &port.to_string())).unwrap();
        Self { folder, _socket: socket }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = cargo_bin_cmd!("allstop");
        command.current_dir(self.folder.path()).env_clear().env("NO_COLOR", "1").args(args);
        command.env("ALIBABA_CLOUD_ACCESS_KEY_ID", "id").env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret");
        command
    }

    /// Runs the program; returns its exit status, and what it showed on standard output and standard error.
    fn allstop(&self, args: &[&str]) -> (i32, String, String) {
        let output = self.command(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// Leaves a journal as of a run with these options that was killed: with its header and as many facts.
    fn killed(&self, options: &[&str], facts: usize) {
        let run = ["run", "plan.yaml", "--yes", "--progress", "off"];
        let (code, _, stderr) = self.allstop(&[&run, options].concat());
        assert!([1, 3].contains(&code), "{stderr}");
        let text = self.text(JOURNAL);
        let mut left = facts;
        let kept: String = text
            .split_inclusive('\n')
            .take_while(|line| {
                let is_taken = left > 0 || !line.contains("\"f\":");
                left -= usize::from(is_taken && line.contains("\"f\":"));
                is_taken
            })
            .collect();
        fs::write(self.path(JOURNAL), kept).unwrap();
        fs::remove_file(self.path("plan.report.json")).unwrap();
    }

    fn report(&self) -> Value {
        crate::schema::valid_report(&fs::read(self.path("plan.report.json")).unwrap())
    }
}

const JOURNAL: &str = "plan.report.json.journal";

fn header(desk: &Desk) -> Value {
    serde_json::from_str(desk.text(JOURNAL).lines().next().unwrap()).unwrap()
}

#[test]
fn it_asks_as_run_does_and_changes_nothing_before() {
    let desk = Desk::new();
    desk.killed(&[], 1);
    let before = desk.text(JOURNAL);
    let (code, _, stderr) = desk.allstop(&["resume", JOURNAL]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("cannot prompt for confirmation") && stderr.contains("--yes"), "{stderr}");
    assert!(!stderr.contains("--rehearse"), "it has no such option: {stderr}");
    let first = stderr.lines().find(|line| line.starts_with("resuming run ")).unwrap();
    assert!(first.contains(", which began "), "{first}");
    assert!(first.contains(" ago, at 2") && first.contains(": 1 of 4 targets done, "), "{first}");
    assert_eq!(desk.text(JOURNAL), before);
    assert!(!desk.path("plan.report.json").exists());
    let (code, _, stderr) = desk.allstop(&["resume", JOURNAL, "--yes", "--progress", "off"]);
    assert_eq!(code, 1, "{stderr}");
    assert_eq!(desk.report()["summary"]["targets"], 6);
}

#[test]
fn it_keeps_the_options_of_the_run_unless_others_are_given() {
    let desk = Desk::new();
    desk.killed(&["--rate", "300/s", "--concurrency", "3", "--max-failures", "50%", "--deadline", "2h"], 0);
    let options = header(&desk)["options"].clone();
    let one = |name: &str| options[name][0].as_str().unwrap().to_owned();
    assert_eq!([one("rate"), one("concurrency"), one("max_failures")], ["300/s", "3", "50%"]);
    let ends_at: jiff::Timestamp = one("deadline").parse().unwrap();
    let began: jiff::Timestamp = header(&desk)["started_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(ends_at.duration_since(began), jiff::SignedDuration::from_hours(2));

    let (_, _, stderr) = desk.allstop(&["resume", JOURNAL]);
    let kept = |stderr: &str| stderr.lines().find(|line| line.starts_with("keeping ")).unwrap().to_owned();
    let expected = "keeping the options of the run: --rate 300/s, --concurrency 3, --max-failures 50%, --deadline, which \
                    ends in 1h59m";
    assert!(kept(&stderr).starts_with(expected), "{stderr}");
    let (_, _, stderr) = desk.allstop(&["resume", JOURNAL, "--rate", "1/s", "--deadline", "5m", "--concurrency", "2"]);
    assert_eq!(kept(&stderr), "keeping the options of the run: --max-failures 50%");

    // Half of four is two: the run ends with the second failure, as it would have.
    let (code, _, stderr) = desk.allstop(&["resume", JOURNAL, "--yes", "--progress", "off", "--concurrency", "1"]);
    assert_eq!(code, 3, "{stderr}");
    assert_eq!(desk.report()["run"]["status"], "aborted");
}

#[test]
fn a_deadline_that_has_passed_wants_a_new_one() {
    let desk = Desk::new();
    let run = ["run", "plan.yaml", "--yes", "--progress", "off", "--deadline", "1ms"];
    let (code, _, stderr) = desk.allstop(&run);
    assert_eq!(code, 1, "{stderr}");
    let next = stderr.lines().last().unwrap().trim();
    assert_eq!(next, "allstop resume plan.report.json.journal --deadline 1ms --yes");
    let before = desk.text(JOURNAL);
    let (code, _, stderr) = desk.allstop(&["resume", JOURNAL, "--yes"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(
        stderr.contains("the run's deadline has passed: it was at 2") && stderr.contains("--deadline 30m"),
        "{stderr}"
    );
    assert_eq!(desk.text(JOURNAL), before);
    let (code, _, stderr) = desk.allstop(&["resume", JOURNAL, "--yes", "--deadline", "1h", "--progress", "off"]);
    assert_eq!(code, 1, "{stderr}");
    assert_eq!(desk.report()["run"]["status"], "completed");
}

#[test]
fn a_journal_of_an_earlier_version_goes_on_without_options() {
    let desk = Desk::new();
    desk.killed(&[], 0);
    assert_eq!(header(&desk)["options"], serde_json::json!({"left_out": []}));
    let (code, _, stderr) = desk.allstop(&["resume", JOURNAL, "--yes", "--progress", "off"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(!stderr.contains("it keeps the options"), "{stderr}");
}

#[test]
fn it_takes_only_what_means_something() {
    let desk = Desk::new();
    desk.killed(&[], 0);
    for option in [&["--rehearse"][..], &["--dry-run"], &["--journal", "x"], &["--only", "a"], &["--reason", "x"]] {
        let (code, _, stderr) = desk.allstop(&[&["resume", JOURNAL], option].concat());
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains("unexpected argument"), "{option:?}: {stderr}");
    }
}

#[test]
fn a_guard_that_refuses_it_leaves_the_journal_as_it_was() {
    let desk = Desk::new();
    desk.killed(&[], 1);
    let before = desk.text(JOURNAL);
    let plan = desk.text("plan.yaml").replace("{protect: [d]}", "{protect: [d], max_targets: 1}");
    fs::write(desk.path("plan.yaml"), plan).unwrap();
    let (code, _, stderr) = desk.allstop(&["resume", JOURNAL, "--yes"]);
    assert_eq!(code, 3, "{stderr}");
    assert!(stderr.contains("guards.max_targets"), "{stderr}");
    assert_eq!(desk.text(JOURNAL), before);
}

/// Lets the plan's guards be these.
fn mend(desk: &Desk, guards: &str) {
    let plan = desk.text("plan.yaml").replace("{protect: [d]}", guards);
    fs::write(desk.path("plan.yaml"), plan).unwrap();
}

/// Returns a column of the report's rows.
fn column(desk: &Desk, name: &str) -> Vec<String> {
    let report = desk.report();
    let rows = report["targets"].as_array().unwrap().iter();
    rows.map(|row| row[name].as_str().unwrap_or_default().to_owned()).collect()
}

/// Returns the ids of the targets that something is known of, as the journal's report has them.
fn known(desk: &Desk) -> Vec<String> {
    let (code, stdout, stderr) = desk.allstop(&["report", "convert", JOURNAL, "--to", "csv"]);
    assert_eq!(code, 0, "{stderr}");
    let mut rows = csv::Reader::from_reader(stdout.as_bytes());
    let headers = rows.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let rows = rows.records().map(Result::unwrap).filter(|row| &row[at("outcome")] != "skipped");
    rows.map(|row| row[at("id")].to_owned()).collect()
}

#[test]
fn what_is_protected_by_now_is_told_as_it_became() {
    for guards in ["{protect: [d, a]}", "{protect: [d, c, e]}", "{protect: ['*']}"] {
        let desk = Desk::new();
        desk.killed(&[], 2);
        let before = known(&desk);
        assert!(before.len() >= 2, "{before:?}");
        mend(&desk, guards);
        assert_eq!(known(&desk), before, "{guards}");
        let mut resume = desk.command(&["resume", JOURNAL, "--yes", "--progress", "off"]);
        let output = resume.timeout(std::time::Duration::from_secs(60)).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{guards}: {output:?}");
        let after: Vec<_> = column(&desk, "id").into_iter().zip(column(&desk, "outcome")).collect();
        for id in before {
            let outcome = after.iter().find(|(known, _)| *known == id).map(|(_, outcome)| &**outcome);
            assert!(matches!(outcome, Some("failed" | "unknown")), "{guards}: {id} of {after:?}");
        }
    }
}

#[test]
fn a_refused_one_tells_what_the_run_has_done() {
    let desk = Desk::new();
    desk.killed(&[], 2);
    mend(&desk, "{protect: [d], max_targets: 1}");
    let (code, _, stderr) = desk.allstop(&["resume", JOURNAL, "--yes"]);
    assert_eq!(code, 3, "{stderr}");
    let next = stderr.lines().last().unwrap().trim();
    assert_eq!(next, "allstop resume plan.report.json.journal --yes", "{stderr}");
    let outcomes = column(&desk, "outcome");
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "failed").count(), 2, "{outcomes:?}");
    assert!(desk.report()["summary"]["attempts"].as_u64() >= Some(2), "{outcomes:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_is_not_written_is_not_named_and_its_journal_is() {
    let desk = Desk::new();
    let (code, _, stderr) =
        desk.allstop(&["run", "plan.yaml", "--yes", "--progress", "off", "--report", "/dev/full", "--journal", "j"]);
    assert_eq!(code, 5, "{stderr}");
    assert!(!stderr.contains("Report: "), "{stderr}");
    assert!(stderr.contains("has all results. Write the report with `allstop resume j --report PATH`"), "{stderr}");
    let (code, _, stderr) =
        desk.allstop(&["resume", "j", "--yes", "--progress", "off", "--report", "plan.report.json"]);
    assert_eq!(code, 1, "{stderr}");
    assert_eq!(desk.report()["summary"]["failed"], 4);
}

#[test]
fn a_journal_shows_what_it_knows() {
    let desk = Desk::new();
    desk.killed(&["--skip", "e"], 1);
    let text = desk.text(JOURNAL);
    let done: Value = serde_json::from_str(text.lines().find(|line| line.contains("\"f\":")).unwrap()).unwrap();
    assert!(text.contains("\"b\":"), "{text}");
    let (code, stdout, stderr) = desk.allstop(&["report", "show", JOURNAL, "--all"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("note: the run was killed, or this is a copy"), "{stderr}");
    assert!(stdout.contains("\nThe run was killed: ") && stdout.contains(", no exit status\n"), "{stdout}");
    assert!(stdout.contains("allstop resume plan.report.json.journal"), "{stdout}");

    let (code, stdout, stderr) = desk.allstop(&["report", "convert", JOURNAL, "--to", "csv"]);
    assert_eq!(code, 0, "{stderr}");
    let mut rows = csv::Reader::from_reader(stdout.as_bytes());
    let headers = rows.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    let words: Vec<_> = rows
        .iter()
        .map(|row| [&row[column("id")], &row[column("outcome")], &row[column("reason")]].join(" ").trim().to_owned())
        .collect();
    let ids = ["a", "b", "b2", "c", "d", "e"];
    let done = done["t"].as_u64().unwrap() as usize;
    let expected: Vec<_> = ids
        .iter()
        .enumerate()
        .map(|(number, id)| match *id {
            _ if number == done => format!("{id} failed"),
            "b2" => format!("{id} skipped duplicate"),
            "d" => format!("{id} skipped protected"),
            "e" => format!("{id} skipped filtered"),
            // It was about to be sent, or was: nobody knows.
            _ if text.contains(&format!("{{\"b\":{number},")) => format!("{id} unknown"),
            _ => format!("{id} skipped interrupted"),
        })
        .collect();
    assert_eq!(words, expected, "{text}");

    // Of what was not even about to be sent, the journal says so by its silence.
    fs::write(desk.path("begun.journal"), text.split_inclusive('\n').next().unwrap()).unwrap();
    let (_, stdout, _) = desk.allstop(&["report", "convert", "begun.journal", "--to", "csv"]);
    assert_eq!(stdout.matches(",skipped,").count(), 6, "{stdout}");
    assert_eq!(stdout.matches("interrupted").count(), 3, "{stdout}");

    fs::rename(desk.path("plan.yaml"), desk.path("moved.yaml")).unwrap();
    for args in [&["report", "show", JOURNAL][..], &["resume", JOURNAL, "--yes"]] {
        let (code, _, stderr) = desk.allstop(args);
        assert_eq!(code, 2, "{stderr}");
        // Another plan of the folder is nothing to propose here.
        assert!(stderr.contains("does not exist any more: ") && stderr.contains("with --plan"), "{stderr}");
        assert!(!stderr.contains("did you mean"), "{stderr}");
    }
    assert_eq!(desk.allstop(&["report", "show", JOURNAL, "--plan", "moved.yaml"]).0, 0);
    fs::write(desk.path("moved.yaml"), desk.text("moved.yaml").replace("run-c", "run-z")).unwrap();
    let (code, _, stderr) = desk.allstop(&["report", "show", JOURNAL, "--plan", "moved.yaml"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("is not the one the run began with"), "{stderr}");
}

#[test]
fn a_journal_that_a_run_writes_shows_no_end_and_nothing_to_resume() {
    let desk = Desk::new();
    desk.killed(&[], 1);
    let show = || desk.allstop(&["report", "show", JOURNAL]);
    {
        // As the run itself holds it.
        let _held = allstop::journal::reopen(&desk.path(JOURNAL)).unwrap();
        let (code, stdout, stderr) = show();
        assert_eq!(code, 0, "{stderr}");
        assert!(stderr.contains("note: the run has not ended: "), "{stderr}");
        assert!(
            stdout.contains("\nThe run goes on: ") && stdout.contains("\nNext: wait until the run ends.\n"),
            "{stdout}"
        );
        for wrong in ["ended early", "exit status 130", "allstop resume"] {
            assert!(!stdout.contains(wrong), "{stdout}");
        }
        for format in ["markdown", "html"] {
            let (_, stdout, _) = desk.allstop(&["report", "convert", JOURNAL, "--to", format]);
            assert!(stdout.contains("The run goes on: ") && !stdout.contains("ended early"), "{stdout}");
        }
    }
    let (_, stdout, _) = show();
    assert!(stdout.contains("\nThe run was killed: ") && stdout.contains("allstop resume "), "{stdout}");
}

#[test]
fn the_journal_of_a_whole_run_shows_what_its_report_shows() {
    let desk = Desk::new();
    desk.allstop(&["run", "plan.yaml", "--yes", "--progress", "off"]);
    let of = |name: &str| desk.allstop(&["report", "convert", name, "--to", "csv"]).1;
    assert_eq!(of(JOURNAL), of("plan.report.json"));
}

#[test]
fn who_names_the_report_or_a_report_that_is_not_there_yet_is_led_to_the_journal() {
    let desk = Desk::new();
    desk.killed(&[], 1);
    // No report was written: whoever asks for it hears of the journal.
    for args in [&["report", "show", "plan.report.json"][..], &["retry", "plan.report.json", "--yes"]] {
        let (code, _, stderr) = desk.allstop(args);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains("hint: the run has not written a report yet"), "{stderr}");
        assert!(stderr.contains("allstop report show plan.report.json.journal"), "{stderr}");
    }
    let (code, _, stderr) = desk.allstop(&["resume", "plan.report.json", "--yes"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("hint: did you mean `plan.report.json.journal`?"), "{stderr}");
    fs::write(desk.path("plan.report.json"), "{}").unwrap();
    let (code, _, stderr) = desk.allstop(&["resume", "plan.report.json", "--yes"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("is not a journal\n  hint: did you mean `plan.report.json.journal`?"), "{stderr}");
    let (_, _, stderr) = desk.allstop(&["resume", "plan.yaml", "--yes"]);
    assert!(stderr.contains("hint: name the journal of the run; by default"), "{stderr}");
}

#[test]
fn a_report_that_is_older_than_the_journal_beside_it_says_so() {
    let desk = Desk::new();
    assert_eq!(desk.allstop(&["run", "plan.yaml", "--yes", "--progress", "off"]).0, 1);
    let (_, _, stderr) = desk.allstop(&["report", "show", "plan.report.json"]);
    assert_eq!(stderr, "");
    let earlier = desk.text("plan.report.json");
    desk.killed(&[], 1);
    fs::write(desk.path("plan.report.json"), earlier).unwrap();
    for args in [&["report", "show", "plan.report.json"][..], &["retry", "plan.report.json"]] {
        let (_, _, stderr) = desk.allstop(args);
        assert!(stderr.contains("warning: this is the report of an earlier run. A later run began at 2"), "{stderr}");
        assert!(stderr.contains("`allstop report show plan.report.json.journal`"), "{stderr}");
    }
}

#[test]
#[cfg(unix)]
fn a_report_that_goes_to_a_device_puts_no_journal_beside_it() {
    let desk = Desk::new();
    let (code, _, stderr) = desk.allstop(&["run", "plan.yaml", "--yes", "--progress", "off", "--report", "/dev/null"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(desk.path("plan.journal").is_file(), "{stderr}");
}

#[cfg(unix)]
mod terminal {
    use std::fs::File;
    use std::io::{Read, Write};

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    use super::*;

    /// Runs the program on a terminal, types the answer when it is asked for, and returns its exit status and all that
    /// was shown up to the question.
    fn answered(desk: &Desk, args: &[&str], answer: &str) -> (Option<i32>, String) {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let open = || File::options().read(true).write(true).open(&name).unwrap();
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("allstop"));
        command.args(args).current_dir(desk.folder.path()).env_clear().env("NO_COLOR", "1");
        command.env("ALIBABA_CLOUD_ACCESS_KEY_ID", "id").env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret");
        let mut child = command.stdin(open()).stdout(open()).stderr(open()).spawn().unwrap();
        drop(command);
        let mut terminal = File::from(master);
        let (mut shown, mut byte) = (Vec::new(), [0]);
        while !shown.ends_with(b"[y/N] ") && terminal.read(&mut byte).is_ok_and(|read| read == 1) {
            shown.extend(byte);
        }
        terminal.write_all(answer.as_bytes()).unwrap();
        // A terminal that nobody reads holds up who writes to it; it ends with an error when all have closed it.
        let mut rest = Vec::new();
        let _ = terminal.read_to_end(&mut rest);
        (child.wait().unwrap().code(), String::from_utf8(shown).unwrap().replace("\r\n", "\n"))
    }

    #[test]
    fn the_question_counts_what_is_left_and_no_is_a_refusal() {
        let desk = Desk::new();
        desk.killed(&["--skip", "e"], 1);
        let before = desk.text(JOURNAL);
        let (code, shown) = answered(&desk, &["resume", JOURNAL], "n\n");
        assert_eq!(code, Some(3), "{shown}");
        assert!(shown.contains("resuming run ") && shown.contains("1 of 3 targets done"), "{shown}");
        assert!(shown.contains("plan.yaml would stop 2 targets:"), "{shown}");
        assert!(shown.contains("One more target is not selected."), "{shown}");
        assert!(shown.contains("One more target is protected"), "{shown}");
        // It names what is left, and nothing that is done.
        let named = shown.split("To be stopped:\n").nth(1).unwrap().split("Protected and left alone:").next().unwrap();
        let done: Value = serde_json::from_str(before.lines().find(|line| line.contains("\"f\":")).unwrap()).unwrap();
        let done = ["a", "b", "b2", "c"][done["t"].as_u64().unwrap() as usize];
        let named: Vec<_> = named.lines().filter_map(|line| line.split_whitespace().next()).collect();
        let left: Vec<_> = ["a", "b", "c"].into_iter().filter(|id| *id != done).collect();
        assert_eq!(named, left, "{shown}");
        assert_eq!(desk.text(JOURNAL), before);
        let (code, shown) = answered(&desk, &["resume", JOURNAL], "y\n");
        assert_eq!(code, Some(1), "{shown}");
        // What was in doubt cannot be read.
        let summary = &desk.report()["summary"];
        let counted = ["failed", "unknown"].map(|outcome| summary[outcome].as_u64().unwrap());
        assert_eq!(counted.iter().sum::<u64>(), 3, "{summary}");
    }

    #[test]
    fn what_a_guard_refuses_is_not_asked_about() {
        let desk = Desk::new();
        let plan = desk.text("plan.yaml").replace("{protect: [d]}", "{protect: [d], max_targets: 1}");
        fs::write(desk.path("plan.yaml"), plan).unwrap();
        let (code, shown) = answered(&desk, &["run", "plan.yaml"], "");
        assert_eq!(code, Some(3), "{shown}");
        assert!(!shown.contains("[y/N]"), "{shown}");
    }
}
