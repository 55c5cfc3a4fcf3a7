//! What a run must not replace: reports and journals of other runs, and what it reads itself. The built binary.

use std::fs;

use allstop::clock::{Clock, SystemClock};

use crate::environment::{ALIBABA_KEYS, Ended, RUN, TestEnvironment};

const PLAN: &str = "
version: 1
accounts: {ali: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: 'http://127.0.0.1:PORT'}}}
defaults: {account: ali}
retry: {max_attempts: 1}
targets:
  - {id: a, kind: fnf_execution, flow_name: etl, execution_name: run-a}
  - {kind: fnf_execution, from: more.csv}
";

fn environment() -> TestEnvironment {
    let list = "flow_name,execution_name\netl,run-b\n";
    TestEnvironment::new().set(ALIBABA_KEYS).with("more.csv", list).with_refused_plan(PLAN)
}

/// Stops what the plan lists, in vain.
fn run(env: &TestEnvironment, options: &[&str]) -> String {
    let Ended { code, stderr, .. } = env.run([&RUN[..], options].concat());
    assert_eq!(code, 1, "{stderr}");
    stderr
}

/// Adds guards to the plan.
fn guard(env: &TestEnvironment, guards: &str) {
    let plan = env.text("plan.yaml");
    env.write("plan.yaml", format!("{plan}guards: {{{guards}}}\n"));
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
        let env = environment();
        run(&env, &[]);
        let before = ["plan.report.json", "plan.report.json.journal"].map(|name| env.text(name));
        if !guards.is_empty() {
            guard(&env, guards);
        }
        let Ended { code, stderr, .. } = env.run([&["run", "plan.yaml", "--progress", "off"], options].concat());
        assert_eq!(code, expected, "{guards} {options:?}: {stderr}");
        assert_eq!(stderr.contains("plan.report.json was not changed"), code > 2, "{options:?}: {stderr}");
        assert!(code < 3 || !stderr.contains("allstop retry"), "{options:?}: {stderr}");
        let after = ["plan.report.json", "plan.report.json.journal"].map(|name| env.text(name));
        assert!(before == after, "{guards} {options:?}");
        let Ended { code, stderr, .. } = env.run(["retry", "plan.report.json", "--rehearse", "--faults", "none"]);
        // The guard holds for a retry, too, but that it is there it has seen.
        let expected = if guards.starts_with("max_targets") { 3 } else { 0 };
        assert_eq!(code, expected, "{options:?}: {stderr}");
        assert!(!stderr.contains("nothing to retry"), "{stderr}");
    }
}

#[test]
fn missing_credentials_leave_everything_as_it_was() {
    let env = environment();
    run(&env, &["--deadline", "1ms"]);
    let before = env.names();
    let mut command = env.command(["run", "plan.yaml", "--yes"]);
    assert_eq!(Ended::of(command.env_remove("ALIBABA_CLOUD_ACCESS_KEY_ID")).code, 2);
    assert_eq!(env.names(), before);
}

#[test]
fn a_refused_run_has_its_report_where_none_stands() {
    let env = environment();
    guard(&env, "max_targets: 1");
    let Ended { code, stderr, .. } = env.run(["run", "plan.yaml", "--yes"]);
    assert_eq!(code, 3, "{stderr}");
    assert_eq!(env.report("plan.report.json")["run"]["status"], "aborted");
    assert!(!env.exists("plan.report.json.journal"), "it noted nothing");
}

#[test]
fn a_refused_run_leaves_its_pages_too() {
    let env = environment();
    let pages = ["--html", "x.html", "--junit", "x.xml", "--markdown", "x.md"];
    run(&env, &pages);
    env.remove("x.md");
    let before = ["x.html", "x.xml"].map(|name| env.text(name));
    let Ended { code, stderr, .. } = env.run([&["run", "plan.yaml", "--yes", "--only", "rum-*"], &pages[..]].concat());
    assert_eq!((code, stderr.matches("was not changed").count()), (4, 3), "{stderr}");
    assert_eq!(["x.html", "x.xml"].map(|name| env.text(name)), before);
    assert!(env.text("x.md").starts_with("## Nothing to do"), "{}", env.text("x.md"));
}

#[test]
fn what_replaces_a_report_keeps_it_under_its_runs_id() {
    let env = environment();
    run(&env, &[]);
    let first = env.text("plan.report.json");
    let id = env.report("plan.report.json")["run"]["id"].as_str().unwrap().to_owned();
    let kept = format!("plan.report.{id}.json");
    let stderr = run(&env, &[]);
    assert!(
        stderr.contains(&format!("note: kept the earlier report as ./{kept}"))
            || stderr.contains(&format!("kept the earlier report as {kept}")),
        "{stderr}"
    );
    assert_eq!(env.text(&kept), first);
    assert_ne!(env.report("plan.report.json")["run"]["id"], id.as_str());
    // It can be taken up by its new name.
    let Ended { code, stderr, .. } = env.run(["retry", &kept, "--rehearse", "--faults", "none", "--speed", "1000"]);
    assert_eq!(code, 0, "{stderr}");
}

#[test]
fn a_resumed_run_keeps_the_report_of_a_later_one() {
    let env = environment();
    run(&env, &["--deadline", "1ms", "--journal", "first.journal"]);
    run(&env, &[]);
    let second = env.text("plan.report.json");
    let id = env.report("plan.report.json")["run"]["id"].as_str().unwrap().to_owned();
    let Ended { code, stderr, .. } =
        env.run(["resume", "first.journal", "--yes", "--deadline", "1h", "--progress", "off"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("kept the earlier report as"), "{stderr}");
    assert_eq!(env.text(format!("plan.report.{id}.json")), second);
    // Its own earlier one was kept by the second run; the later one of the same run says all that it said.
    let resumed = env.report("plan.report.json");
    assert_eq!(resumed["run"]["resumed_from"], "first.journal");
    assert_ne!(resumed["run"]["id"], id.as_str());
}

#[test]
fn a_run_never_writes_in_the_place_of_what_it_reads_or_writes_itself() {
    let env = environment();
    fs::hard_link(env.path("plan.yaml"), env.path("hard.json")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("more.csv", env.path("soft.html")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("later.json", env.path("early.xml")).unwrap();
    let before = env.names();
    let plan = (env.text("plan.yaml"), env.text("more.csv"));
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
        let Ended { code, stderr, .. } = env.run([&["run", "plan.yaml", "--yes"], options].concat());
        assert_eq!(code, 2, "{options:?}: {stderr}");
        assert!(stderr.contains(expected), "{options:?}: {stderr}");
        assert_eq!(env.names(), before, "{options:?}");
    }
    assert_eq!((env.text("plan.yaml"), env.text("more.csv")), plan);
}

#[test]
fn places_that_take_nothing_are_told_before_anything_is_sent() {
    let env = environment();
    fs::create_dir(env.path("folder")).unwrap();
    let long = "x".repeat(300);
    let before = env.names();
    for (options, expected) in [
        (&["--report", &*long][..], "File name too long"),
        (&["--html", &*long], "File name too long"),
        (&["--journal", &*long], "File name too long"),
        (&["--journal", "folder"], "cannot write folder: is a directory"),
        (&["--report", "folder"], "cannot write folder: is a directory"),
    ] {
        let Ended { code, stderr, .. } = env.run([&["run", "plan.yaml", "--yes"], options].concat());
        assert_eq!(code, 5, "{options:?}: {stderr}");
        assert!(stderr.contains(expected) && !stderr.contains("done"), "{options:?}: {stderr}");
        assert_eq!(env.names(), before, "{options:?}");
    }
}

#[test]
fn a_report_of_ten_gigabytes_is_refused_at_once() {
    let env = environment();
    for beginning in ["{", "", "{\"journal\":1"] {
        let file = fs::File::create(env.path("huge.json")).unwrap();
        std::io::Write::write_all(&mut &file, beginning.as_bytes()).unwrap();
        file.set_len(10 << 30).unwrap();
        for args in [
            &["report", "show", "huge.json"][..],
            &["report", "convert", "huge.json", "--to", "csv"],
            &["retry", "huge.json"],
        ] {
            let Ended { code, stderr, .. } = env.run(args);
            assert_eq!(code, 2, "{stderr}");
            let is_journal = beginning.len() > 1 && args[0] == "report";
            let expected = if is_journal { "huge.json, line 1" } else { "huge.json exceeds 2 GiB" };
            assert!(stderr.contains(expected), "{beginning} {args:?}: {stderr}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_never_ends_is_not_read_for_ever() {
    let env = environment();
    let Ended { code, stderr, .. } = env.run(["report", "show", "/dev/zero"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("/dev/zero is not a report of allstop"), "{stderr}");
}

#[cfg(unix)]
mod unix {
    use std::io::Read;
    use std::process::Stdio;

    use super::*;

    /// Starts the program with standard output a pipe that does not block, and returns what comes out of it.
    fn through_a_pipe_that_does_not_block(env: &TestEnvironment, args: &[&str]) -> (Option<i32>, Vec<u8>) {
        let (mut reader, writer) = std::io::pipe().unwrap();
        rustix::fs::fcntl_setfl(&writer, rustix::fs::OFlags::NONBLOCK).unwrap();
        let mut command = env.command(args);
        let mut child = command.stdout(writer).stderr(Stdio::null()).spawn().unwrap();
        drop(command);
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        (child.wait().unwrap().code(), read)
    }

    #[test]
    fn standard_output_that_does_not_block_gets_everything() {
        let env = environment();
        let rows: String = (0..2000).map(|number| format!("etl,run-{number}\n")).collect();
        env.write("more.csv", format!("flow_name,execution_name\n{rows}"));
        guard(&env, "max_targets: 5000");
        let rehearse = ["run", "plan.yaml", "--rehearse", "--faults", "none", "--speed", "100000", "--rate", "10000/s"];
        let (code, report) = through_a_pipe_that_does_not_block(&env, &[&rehearse[..], &["--report", "-"]].concat());
        assert_eq!(code, Some(0));
        assert!(report.len() > 1 << 17, "only {} bytes", report.len());
        assert_eq!(crate::schema::valid_report(&report)["summary"]["targets"], 2001);
        env.write("whole.json", &report);
        for format in ["csv", "html", "junit"] {
            let convert = ["report", "convert", "whole.json", "--to", format];
            let (code, converted) = through_a_pipe_that_does_not_block(&env, &convert);
            assert_eq!(code, Some(0), "{format}");
            let straight = env.run(convert).stdout.into_bytes();
            assert!(converted == straight && converted.len() > 1 << 16, "{format}: {} bytes", converted.len());
        }
    }

    #[test]
    fn standard_output_that_is_closed_takes_no_report() {
        let env = environment();
        for (redirection, expected) in
            [(">&-", 5), ("</dev/null >&0", 5), ("> /dev/null", 0), ("> out.json", 0), ("| cat > out.json", 0)]
        {
            let run = "allstop run plan.yaml --rehearse --faults none --speed 1000 --report -";
            let Ended { code, stderr, .. } = Ended::of(&mut env.shell(&format!("{run} {redirection}")));
            assert_eq!(code, expected, "{redirection}: {stderr}");
            assert_eq!(stderr.contains("cannot write standard output: it is closed"), expected == 5, "{stderr}");
            assert_eq!(stderr.contains("Took"), expected == 0, "{redirection}: {stderr}");
        }
    }

    #[test]
    fn a_pipe_without_a_reader_is_told_before_anything_is_sent() {
        let env = environment();
        assert!(std::process::Command::new("mkfifo").arg(env.path("pipe")).status().unwrap().success());
        for option in ["--report", "--html", "--journal"] {
            let Ended { code, stderr, .. } = env.run(["run", "plan.yaml", "--yes", option, "pipe"]);
            assert_eq!(code, 5, "{stderr}");
            assert!(stderr.contains("cannot open pipe: no program reads from it"), "{option}: {stderr}");
        }
    }
}

#[test]
fn no_output_replaces_a_journal() {
    let env = environment();
    run(&env, &[]);
    let journal = "plan.report.json.journal";
    let before = env.text(journal);
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
        let Ended { code, stderr, .. } = env.run(&args);
        assert_eq!(code, 2, "{args:?}: {stderr}");
        assert!(stderr.contains(&format!("{option} would overwrite the journal {journal}")), "{args:?}: {stderr}");
        assert_eq!(env.text(journal), before, "{args:?}");
    }
    assert!(!env.exists("j"));
}
