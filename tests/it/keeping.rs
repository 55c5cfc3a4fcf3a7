//! What a run must not replace: reports and journals of other runs, and what it reads itself. The built binary.

use std::fs;
use std::path::PathBuf;

use allstop::clock::{Clock, SystemClock};
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
  - {kind: fnf_execution, from: more.csv}
";

/// A folder with a plan whose service refuses connections, and the program in it.
struct Desk {
    folder: tempfile::TempDir,
    _socket: tokio::net::TcpSocket,
}

impl Desk {
    fn new() -> Self {
        let (folder, (socket, port)) = (tempfile::tempdir().unwrap(), crate::program::refusing_port());
        fs::write(folder.path().join("more.csv"), "flow_name,execution_name\netl,run-b\n").unwrap();
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

    /// Runs the program; returns its exit status and what it showed on standard error.
    fn allstop(&self, args: &[&str]) -> (i32, String) {
        let output = self.command(args).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    /// Stops what the plan lists, in vain.
    fn run(&self, options: &[&str]) -> String {
        let (code, stderr) = self.allstop(&[&["run", "plan.yaml", "--yes", "--progress", "off"], options].concat());
        assert_eq!(code, 1, "{stderr}");
        stderr
    }

    fn report(&self, name: &str) -> Value {
        crate::schema::valid_report(&fs::read(self.path(name)).unwrap())
    }

    /// Changes the plan's guards.
    fn guard(&self, guards: &str) {
        let plan = self.text("plan.yaml");
        fs::write(self.path("plan.yaml"), format!("{plan}guards: {{{guards}}}\n")).unwrap();
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// A window that opens half a day from now, for an hour.
pub(crate) fn closed_window() -> String {
    let now = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).hour();
    let at = |hours: i8| format!("{:02}:00", (now + hours) % 24);
    format!(
        "window: {{days: [mon, tue, wed, thu, fri, sat, sun], from: \"{}\", to: \"{}\", timezone: UTC}}",
        at(12),
        at(13)
    )
}

#[test]
fn whatever_comes_after_a_run_that_left_something_leaves_its_report_and_journal() {
    type Step = (&'static [&'static str], i32);
    const REHEARSE: Step = (&["--rehearse", "--faults", "none", "--speed", "1000"], 0);
    let window = closed_window();
    for (guards, (options, expected)) in [
        ("", (&["--yes", "--only", "rum-*"][..], 4)),
        ("", REHEARSE),
        ("", (&["--dry-run"], 1)),
        ("max_targets: 1", (&["--yes"], 3)),
        (&*window, (&["--yes"], 3)),
        ("", (&["--yes", "--set", "X=1", "--report", "plan.report.json", "--only", "rum-*"], 4)),
        ("", (&[], 2)),
    ] {
        let desk = Desk::new();
        desk.run(&[]);
        let before = ["plan.report.json", "plan.report.json.journal"].map(|name| desk.text(name));
        if !guards.is_empty() {
            desk.guard(guards);
        }
        let (code, stderr) = desk.allstop(&[&["run", "plan.yaml", "--progress", "off"], options].concat());
        assert_eq!(code, expected, "{guards} {options:?}: {stderr}");
        assert_eq!(stderr.contains("plan.report.json was not changed"), code > 2, "{options:?}: {stderr}");
        assert!(code < 3 || !stderr.contains("allstop retry"), "{options:?}: {stderr}");
        let after = ["plan.report.json", "plan.report.json.journal"].map(|name| desk.text(name));
        assert!(before == after, "{guards} {options:?}");
        let (code, stderr) = desk.allstop(&["retry", "plan.report.json", "--rehearse", "--faults", "none"]);
        // The guard holds for a retry, too, but that it is there it has seen.
        let expected = if guards.starts_with("max_targets") { 3 } else { 0 };
        assert_eq!(code, expected, "{options:?}: {stderr}");
        assert!(!stderr.contains("nothing to retry"), "{stderr}");
    }
}

#[test]
fn missing_credentials_leave_everything_as_it_was() {
    let desk = Desk::new();
    desk.run(&["--deadline", "1ms"]);
    let before = desk.names();
    let mut command = desk.command(&["run", "plan.yaml", "--yes"]);
    let output = command.env_remove("ALIBABA_CLOUD_ACCESS_KEY_ID").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(desk.names(), before);
}

#[test]
fn a_refused_run_has_its_report_where_none_stands() {
    let desk = Desk::new();
    desk.guard("max_targets: 1");
    let (code, stderr) = desk.allstop(&["run", "plan.yaml", "--yes"]);
    assert_eq!(code, 3, "{stderr}");
    assert_eq!(desk.report("plan.report.json")["run"]["status"], "aborted");
    assert!(!desk.path("plan.report.json.journal").exists(), "it noted nothing");
}

#[test]
fn a_refused_run_leaves_its_pages_too() {
    let desk = Desk::new();
    let pages = ["--html", "x.html", "--junit", "x.xml", "--markdown", "x.md"];
    desk.run(&pages);
    fs::remove_file(desk.path("x.md")).unwrap();
    let before = ["x.html", "x.xml"].map(|name| desk.text(name));
    let (code, stderr) = desk.allstop(&[&["run", "plan.yaml", "--yes", "--only", "rum-*"], &pages[..]].concat());
    assert_eq!((code, stderr.matches("was not changed").count()), (4, 3), "{stderr}");
    assert_eq!(["x.html", "x.xml"].map(|name| desk.text(name)), before);
    assert!(desk.text("x.md").starts_with("## Nothing to do"), "{}", desk.text("x.md"));
}

#[test]
fn what_replaces_a_report_keeps_it_under_its_runs_id() {
    let desk = Desk::new();
    desk.run(&[]);
    let first = desk.text("plan.report.json");
    let id = desk.report("plan.report.json")["run"]["id"].as_str().unwrap().to_owned();
    let kept = format!("plan.report.{id}.json");
    let stderr = desk.run(&[]);
    assert!(
        stderr.contains(&format!("note: kept the earlier report as ./{kept}"))
            || stderr.contains(&format!("kept the earlier report as {kept}")),
        "{stderr}"
    );
    assert_eq!(desk.text(&kept), first);
    assert_ne!(desk.report("plan.report.json")["run"]["id"], id.as_str());
    // It can be taken up by its new name.
    let (code, stderr) = desk.allstop(&["retry", &kept, "--rehearse", "--faults", "none", "--speed", "1000"]);
    assert_eq!(code, 0, "{stderr}");
}

#[test]
fn a_resumed_run_keeps_the_report_of_a_later_one() {
    let desk = Desk::new();
    desk.run(&["--deadline", "1ms", "--journal", "first.journal"]);
    desk.run(&[]);
    let second = desk.text("plan.report.json");
    let id = desk.report("plan.report.json")["run"]["id"].as_str().unwrap().to_owned();
    let (code, stderr) = desk.allstop(&["resume", "first.journal", "--yes", "--deadline", "1h", "--progress", "off"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("kept the earlier report as"), "{stderr}");
    assert_eq!(desk.text(&format!("plan.report.{id}.json")), second);
    // Its own earlier one was kept by the second run; the later one of the same run says all that it said.
    let resumed = desk.report("plan.report.json");
    assert_eq!(resumed["run"]["resumed_from"], "first.journal");
    assert_ne!(resumed["run"]["id"], id.as_str());
}

#[test]
fn a_run_never_writes_in_the_place_of_what_it_reads_or_writes_itself() {
    let desk = Desk::new();
    fs::hard_link(desk.path("plan.yaml"), desk.path("hard.json")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("more.csv", desk.path("soft.html")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("later.json", desk.path("early.xml")).unwrap();
    let before = desk.names();
    let plan = (desk.text("plan.yaml"), desk.text("more.csv"));
    for (options, expected) in [
        (&["--report", "plan.yaml"][..], "--report would overwrite plan.yaml, which is an input of the run"),
        (&["--html", "./plan.yaml"], "--html would overwrite plan.yaml"),
        (&["--markdown", "hard.json"], "--markdown would overwrite plan.yaml"),
        (&["--junit", "more.csv"], "--junit would overwrite more.csv"),
        #[cfg(unix)]
        (&["--html", "soft.html"], "--html would overwrite more.csv"),
        (&["--journal", "more.csv"], "--journal would overwrite more.csv"),
        (&["--report", "x.json", "--journal", "x.json"], "--report and --journal both write to x.json"),
        #[cfg(unix)]
        (&["--report", "later.json", "--junit", "early.xml"], "--report and --junit both write to early.xml"),
    ] {
        let (code, stderr) = desk.allstop(&[&["run", "plan.yaml", "--yes"], options].concat());
        assert_eq!(code, 2, "{options:?}: {stderr}");
        assert!(stderr.contains(expected), "{options:?}: {stderr}");
        assert_eq!(desk.names(), before, "{options:?}");
    }
    assert_eq!((desk.text("plan.yaml"), desk.text("more.csv")), plan);
}

#[test]
fn places_that_take_nothing_are_told_before_anything_is_sent() {
    let desk = Desk::new();
    fs::create_dir(desk.path("folder")).unwrap();
    let long = "x".repeat(300);
    let before = desk.names();
    for (options, expected) in [
        (&["--report", &*long][..], "File name too long"),
        (&["--html", &*long], "File name too long"),
        (&["--journal", &*long], "File name too long"),
        (&["--journal", "folder"], "cannot write folder: is a directory"),
        (&["--report", "folder"], "cannot write folder: is a directory"),
    ] {
        let (code, stderr) = desk.allstop(&[&["run", "plan.yaml", "--yes"], options].concat());
        assert_eq!(code, 5, "{options:?}: {stderr}");
        assert!(stderr.contains(expected) && !stderr.contains("done"), "{options:?}: {stderr}");
        assert_eq!(desk.names(), before, "{options:?}");
    }
}

#[test]
fn a_report_of_ten_gigabytes_is_refused_at_once() {
    let desk = Desk::new();
    for beginning in ["{", "", "{\"journal\":1"] {
        let file = fs::File::create(desk.path("huge.json")).unwrap();
        std::io::Write::write_all(&mut &file, beginning.as_bytes()).unwrap();
        file.set_len(10 << 30).unwrap();
        for args in [
            &["report", "show", "huge.json"][..],
            &["report", "convert", "huge.json", "--to", "csv"],
            &["retry", "huge.json"],
        ] {
            let (code, stderr) = desk.allstop(args);
            assert_eq!(code, 2, "{stderr}");
            let is_journal = beginning.len() > 1 && args[0] == "report";
            let expected = if is_journal { "huge.json, line 1" } else { "huge.json is larger than 2 GiB" };
            assert!(stderr.contains(expected), "{beginning} {args:?}: {stderr}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_never_ends_is_not_read_for_ever() {
    let desk = Desk::new();
    let (code, stderr) = desk.allstop(&["report", "show", "/dev/zero"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("/dev/zero is not a report of allstop"), "{stderr}");
}

#[cfg(unix)]
mod unix {
    use std::io::Read;
    use std::process::Stdio;

    use super::*;

    /// Starts the program with standard output a pipe that does not block, and returns what comes out of it.
    fn through_a_pipe_that_does_not_block(desk: &Desk, args: &[&str]) -> (Option<i32>, Vec<u8>) {
        let (mut reader, writer) = std::io::pipe().unwrap();
        rustix::fs::fcntl_setfl(&writer, rustix::fs::OFlags::NONBLOCK).unwrap();
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("allstop"));
        command.args(args).current_dir(desk.folder.path()).env_clear().stdout(writer).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        drop(command);
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        (child.wait().unwrap().code(), read)
    }

    #[test]
    fn standard_output_that_does_not_block_gets_everything() {
        let desk = Desk::new();
        let rows: String = (0..2000).map(|number| format!("etl,run-{number}\n")).collect();
        fs::write(desk.path("more.csv"), format!("flow_name,execution_name\n{rows}")).unwrap();
        desk.guard("max_targets: 5000");
        let rehearse = ["run", "plan.yaml", "--rehearse", "--faults", "none", "--speed", "100000", "--rate", "10000/s"];
        let (code, report) = through_a_pipe_that_does_not_block(&desk, &[&rehearse[..], &["--report", "-"]].concat());
        assert_eq!(code, Some(0));
        assert!(report.len() > 1 << 17, "only {} bytes", report.len());
        assert_eq!(crate::schema::valid_report(&report)["summary"]["targets"], 2001);
        fs::write(desk.path("whole.json"), &report).unwrap();
        for format in ["csv", "html", "junit"] {
            let convert = ["report", "convert", "whole.json", "--to", format];
            let (code, converted) = through_a_pipe_that_does_not_block(&desk, &convert);
            assert_eq!(code, Some(0), "{format}");
            let straight = desk.command(&convert).output().unwrap().stdout;
            assert!(converted == straight && converted.len() > 1 << 16, "{format}: {} bytes", converted.len());
        }
    }

    #[test]
    fn standard_output_that_is_closed_takes_no_report() {
        let desk = Desk::new();
        let program = assert_cmd::cargo::cargo_bin!("allstop");
        for (redirection, expected) in
            [(">&-", 5), ("</dev/null >&0", 5), ("> /dev/null", 0), ("> out.json", 0), ("| cat > out.json", 0)]
        {
            let line = format!(
                "'{}' run plan.yaml --rehearse --faults none --speed 1000 --report - {redirection}",
                program.display()
            );
            let mut shell = std::process::Command::new("sh");
            let output = shell.args(["-c", &line]).current_dir(desk.folder.path()).env_clear().output().unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(expected), "{redirection}: {stderr}");
            assert_eq!(stderr.contains("cannot write standard output: it is closed"), expected == 5, "{stderr}");
            assert_eq!(stderr.contains("Took"), expected == 0, "{redirection}: {stderr}");
        }
    }

    #[test]
    fn a_pipe_without_a_reader_is_told_before_anything_is_sent() {
        let desk = Desk::new();
        assert!(std::process::Command::new("mkfifo").arg(desk.path("pipe")).status().unwrap().success());
        for option in ["--report", "--html", "--journal"] {
            let (code, stderr) = desk.allstop(&["run", "plan.yaml", "--yes", option, "pipe"]);
            assert_eq!(code, 5, "{stderr}");
            assert!(stderr.contains("cannot open pipe: no program reads from it"), "{option}: {stderr}");
        }
    }
}

#[test]
fn no_output_replaces_a_journal() {
    let desk = Desk::new();
    desk.run(&[]);
    let journal = "plan.report.json.journal";
    let before = desk.text(journal);
    let run = ["run", "plan.yaml", "--yes", "--journal", "j"];
    for (option, args) in [
        ("--report", [&run[..], &["--report", journal]].concat()),
        ("--html", [&run[..], &["--html", journal]].concat()),
        ("--junit", [&run[..], &["--junit", journal]].concat()),
        ("--markdown", [&run[..], &["--markdown", journal]].concat()),
        ("--report", vec!["run", "plan.yaml", "--rehearse", "--report", journal]),
        ("--report", vec!["run", "plan.yaml", "--dry-run", "--report", journal]),
        ("--report", vec!["retry", "plan.report.json", "--yes", "--report", journal]),
        ("--output", vec!["report", "convert", "plan.report.json", "--to", "csv", "-o", journal]),
        ("--output", vec!["report", "merge", "plan.report.json", "-o", journal]),
    ] {
        let (code, stderr) = desk.allstop(&args);
        assert_eq!(code, 2, "{args:?}: {stderr}");
        assert!(stderr.contains(&format!("{option} would overwrite the journal {journal}")), "{args:?}: {stderr}");
        assert_eq!(desk.text(journal), before, "{args:?}");
    }
    assert!(!desk.path("j").exists());
}
