//! The report of a run in further formats.

use crate::environment::{ALIBABA_KEYS, Ended, REHEARSE, RUN, TestEnvironment};

const PLAN: &str = "
version: 1
accounts: {ali: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: 'http://127.0.0.1:1'}}}
defaults: {account: ali}
retry: {max_attempts: 1}
targets:
  - {id: a, kind: fnf_execution, flow_name: etl, execution_name: run-a}
";

fn environment() -> TestEnvironment {
    TestEnvironment::new().set(ALIBABA_KEYS).with("plan.yaml", PLAN)
}

#[test]
fn are_what_convert_makes_of_the_report() {
    let env = environment();
    let Ended { code, stdout, stderr } = env.rehearse(&["--markdown", "m.md", "--junit", "j.xml"]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    for (name, format) in [("m.md", "markdown"), ("j.xml", "junit")] {
        let Ended { stdout: converted, .. } =
            env.run(["report", "convert", "plan.rehearsal.report.json", "--to", format]);
        assert_eq!(env.text(name), converted);
    }
    assert!(env.text("m.md").contains("Rehearsal, no cloud was touched: the one target is stopped"));
}

#[test]
fn need_no_file_with_the_report() {
    let env = environment();
    let Ended { code, stdout, stderr } = env.rehearse(&["--report", "-", "--junit", "j.xml"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.starts_with("{\n  \"version\": 1"), "{stdout}");
    assert!(env.text("j.xml").contains("<testcase name=\"a\""));
    let Ended { code, stdout, stderr } = env.rehearse(&["--report", "/dev/null", "--markdown", "-"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.starts_with("## Rehearsal"), "{stdout}");
}

#[test]
fn a_failed_run_and_its_retry_say_how_to_go_on() {
    let env = environment();
    assert_eq!(env.run([&RUN[..], &["--markdown", "m.md"]].concat()).code, 1);
    let text = env.text("m.md");
    assert!(text.starts_with("## The one target is NOT stopped."), "{text}");
    assert!(text.ends_with("run: `allstop retry plan.report.json`\n"), "{text}");
    let retry = [&["retry", "plan.report.json", "--markdown", "m.md"], &REHEARSE[..]].concat();
    assert_eq!(env.run(retry).code, 0);
    assert!(env.text("m.md").starts_with("## Rehearsal"), "{}", env.text("m.md"));
}

#[test]
fn two_files_at_one_place_are_refused_before_the_run() {
    let env = environment();
    for (options, place) in [
        (&["--markdown", "x", "--junit", "./x"][..], "--markdown and --junit both write to ./x"),
        (&["--markdown", "-", "--junit", "-"], "both write to standard output"),
        (&["--report", "-", "--markdown", "-"], "--report and --markdown both write to standard output"),
        (&["--junit", "plan.rehearsal.report.json"], "--report and --junit both write to plan.rehearsal.report.json"),
        (&["--junit", "j", "--journal", "j"], "--journal and --junit both write to j"),
    ] {
        let Ended { code, stdout, stderr } = env.rehearse(options);
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(place), "{stderr}");
        assert!(!env.exists("plan.rehearsal.report.json"));
    }
}

#[test]
fn a_place_that_takes_no_file_is_told_before_the_run() {
    let env = environment();
    let Ended { code, stderr, .. } = env.rehearse(&["--junit", "absent/j.xml"]);
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("absent: ") && !env.exists("plan.rehearsal.report.json"), "{stderr}");
}

#[cfg(target_os = "linux")]
#[test]
fn one_that_cannot_be_written_is_told_and_costs_nothing_else() {
    let env = environment();
    let Ended { code, stderr, .. } = env.rehearse(&["--markdown", "/dev/full", "--junit", "j.xml"]);
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("cannot write /dev/full"), "{stderr}");
    assert!(env.exists("plan.rehearsal.report.json") && env.exists("j.xml"));
    let Ended { code, stderr, .. } =
        env.rehearse(&["--report", "/dev/full", "--markdown", "m.md", "--junit", "/dev/full"]);
    assert_eq!((code, stderr.matches("cannot write /dev/full").count()), (5, 2), "{stderr}");
    assert!(env.text("m.md").starts_with("## Rehearsal"));
}
