//! The report of a run in further formats.

use super::commands::Desk;

const PLAN: &str = "
version: 1
accounts: {ali: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: 'http://127.0.0.1:1'}}}
defaults: {account: ali}
retry: {max_attempts: 1}
targets:
  - {id: a, kind: fnf_execution, flow_name: etl, execution_name: run-a}
";

fn desk() -> Desk {
    let desk = Desk::new();
    std::fs::write(desk.path("plan.yaml"), PLAN).unwrap();
    desk
}

/// Runs the plan against the built-in cloud.
fn rehearse(desk: &Desk, options: &[&str]) -> (i32, String, String) {
    let run = ["run", "plan.yaml", "--rehearse", "--faults", "none", "--speed", "1000", "--progress", "off"];
    desk.allstop(&[&run, options].concat())
}

#[test]
fn are_what_convert_makes_of_the_report() {
    let desk = desk();
    let (code, stdout, stderr) = rehearse(&desk, &["--markdown", "m.md", "--junit", "j.xml"]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    for (name, format) in [("m.md", "markdown"), ("j.xml", "junit")] {
        let (_, converted, _) = desk.allstop(&["report", "convert", "plan.rehearsal.report.json", "--to", format]);
        assert_eq!(desk.text(name), converted);
    }
    assert!(desk.text("m.md").contains("Rehearsal, no cloud was touched: the one target is stopped"));
}

#[test]
fn need_no_file_with_the_report() {
    let desk = desk();
    let (code, stdout, stderr) = rehearse(&desk, &["--report", "-", "--junit", "j.xml"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.starts_with("{\n  \"version\": 1"), "{stdout}");
    assert!(desk.text("j.xml").contains("<testcase name=\"a\""));
    let (code, stdout, stderr) = rehearse(&desk, &["--report", "/dev/null", "--markdown", "-"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.starts_with("## Rehearsal"), "{stdout}");
}

#[test]
fn a_failed_run_and_its_retry_say_how_to_go_on() {
    let desk = desk();
    let live = |args: &[&str]| {
        let mut command = desk.command(args);
        command.env("ALIBABA_CLOUD_ACCESS_KEY_ID", "id").env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret");
        command.output().unwrap().status.code()
    };
    assert_eq!(live(&["run", "plan.yaml", "--yes", "--progress", "off", "--markdown", "m.md"]), Some(1));
    let text = desk.text("m.md");
    assert!(text.starts_with("## 1 of 1 target is NOT stopped."), "{text}");
    assert!(text.ends_with("run: `allstop retry plan.report.json`\n"), "{text}");
    let retry =
        ["retry", "plan.report.json", "--rehearse", "--faults", "none", "--speed", "1000", "--markdown", "m.md"];
    assert_eq!(live(&retry), Some(0));
    assert!(desk.text("m.md").starts_with("## Rehearsal"), "{}", desk.text("m.md"));
}

#[test]
fn two_files_at_one_place_are_refused_before_the_run() {
    let desk = desk();
    for (options, place) in [
        (&["--markdown", "x", "--junit", "./x"][..], "--markdown and --junit both write to ./x"),
        (&["--markdown", "-", "--junit", "-"], "both write to standard output"),
        (&["--report", "-", "--markdown", "-"], "--report and --markdown both write to standard output"),
        (&["--junit", "plan.rehearsal.report.json"], "--report and --junit both write to plan.rehearsal.report.json"),
        (&["--junit", "j", "--journal", "j"], "--journal and --junit both write to j"),
    ] {
        let (code, stdout, stderr) = rehearse(&desk, options);
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(place), "{stderr}");
        assert!(!desk.path("plan.rehearsal.report.json").exists());
    }
}

#[test]
fn a_place_that_takes_no_file_is_told_before_the_run() {
    let desk = desk();
    let (code, _, stderr) = rehearse(&desk, &["--junit", "absent/j.xml"]);
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("absent: ") && !desk.path("plan.rehearsal.report.json").exists(), "{stderr}");
}

#[cfg(target_os = "linux")]
#[test]
fn one_that_cannot_be_written_is_told_and_costs_nothing_else() {
    let desk = desk();
    let (code, _, stderr) = rehearse(&desk, &["--markdown", "/dev/full", "--junit", "j.xml"]);
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("cannot write /dev/full"), "{stderr}");
    assert!(desk.path("plan.rehearsal.report.json").exists() && desk.path("j.xml").exists());
    let (code, _, stderr) = rehearse(&desk, &["--report", "/dev/full", "--markdown", "m.md", "--junit", "/dev/full"]);
    assert_eq!((code, stderr.matches("cannot write /dev/full").count()), (5, 2), "{stderr}");
    assert!(desk.text("m.md").starts_with("## Rehearsal"));
}
