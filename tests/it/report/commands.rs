//! `allstop report …` as a person runs it.

use std::io::Read;
use std::process::Stdio;

use allstop::engine::Outcome;
use allstop::report::{Report, RunMode};

use super::every::{every, outcomes};
use crate::environment::{Ended, TestEnvironment};

/// An environment with a report that has nothing.
pub(crate) fn environment() -> TestEnvironment {
    let env = TestEnvironment::new();
    put(&env, "empty.json", &outcomes(4, &[]));
    env
}

/// Writes a report.
pub(crate) fn put(env: &TestEnvironment, name: &str, report: &Report) {
    let mut text = Vec::new();
    report.write_json(&mut text).unwrap();
    env.write(name, text);
}

/// Every command that reads a report, but for its path.
const READERS: [&[&str]; 6] = [
    &["report", "show"],
    &["report", "show", "--by", "kind"],
    &["report", "convert", "--to", "markdown"],
    &["report", "convert", "--to", "junit"],
    &["report", "convert", "--to", "csv"],
    &["report", "diff", "empty.json"],
];

#[test]
fn show_ends_with_0_whatever_the_report_says() {
    let env = environment();
    put(&env, "a.json", &every());
    let Ended { code, stdout, stderr } = env.run(["report", "show", "a.json"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.starts_with("11 of 14 targets are NOT known to be stopped"), "{stdout}");
    assert!(!stdout.contains("etl/nightly") && !stdout.contains('\u{1b}'), "{stdout}");
    let Ended { code, stdout, .. } = env.run(["report", "show", "a.json", "--all"]);
    assert_eq!(code, 0);
    assert!(stdout.contains("etl/nightly"), "{stdout}");
}

#[test]
fn the_help_has_examples_that_parse() {
    let env = environment();
    for command in [
        &["report"][..],
        &["report", "show"],
        &["report", "convert"],
        &["report", "merge"],
        &["report", "diff"],
        &["report", "undo"],
    ] {
        let Ended { code, stdout, .. } = env.run([command, &["--help"]].concat());
        assert_eq!(code, 0);
        let examples: Vec<_> = stdout.lines().filter_map(|line| line.trim().strip_prefix("allstop report ")).collect();
        assert!(!examples.is_empty(), "{stdout}");
        for example in examples {
            let args: Vec<_> = example.split([' ', '|', '>']).filter(|word| !word.is_empty()).collect();
            let end = args.iter().position(|word| ["allstop", "grep", "jq"].contains(word) || word.starts_with('"'));
            let args = [&["report"], &args[..end.unwrap_or(args.len())]].concat();
            let Ended { code, stderr, .. } = env.run(&args);
            assert_eq!(code, 2, "{args:?}");
            assert!(stderr.starts_with("error: cannot read the report "), "{args:?}: {stderr}");
        }
    }
}

#[test]
fn a_dash_is_standard_input() {
    let env = environment();
    put(&env, "a.json", &every());
    let Ended { code, stdout: piped, .. } = env.run_on(&env.text("a.json"), ["report", "show", "-"]);
    assert_eq!(code, 0);
    let named = env.run(["report", "show", "a.json"]).stdout;
    let all_but_next = |text: &str| text.rsplit_once("Next: ").unwrap().0.to_owned();
    assert_eq!(all_but_next(&piped), all_but_next(&named));
    assert!(named.ends_with("run: allstop retry a.json\n") && !piped.contains("allstop retry"), "{piped}{named}");
    let Ended { code, stderr, .. } = env.run_on("{}", ["report", "show", "-"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("standard input is not a report of allstop"));
}

#[test]
fn the_command_that_goes_on_is_that_of_the_runs_mode() {
    let env = environment();
    for (mode, expected) in [
        (RunMode::Live, "run: allstop retry a.json\n"),
        (RunMode::Rehearsal, "run: allstop retry a.json --rehearse\n"),
        (RunMode::DryRun, "run without --dry-run to stop them.\n"),
    ] {
        let mut report = every();
        report.run.mode = mode;
        put(&env, "a.json", &report);
        let Ended { stdout, .. } = env.run(["report", "show", "a.json"]);
        assert!(stdout.ends_with(expected), "{stdout}");
    }
}

#[test]
fn convert_writes_to_standard_output_or_replaces_a_file() {
    let env = environment();
    put(&env, "a b.json", &every());
    let Ended { code, stdout, stderr } = env.run(["report", "convert", "a b.json", "--to", "markdown"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.ends_with("`allstop retry 'a b.json'`\n"), "{stdout}");
    env.write("out.md", "old");
    let to_file = ["report", "convert", "a b.json", "--to", "markdown", "-o", "out.md"];
    assert_eq!(env.run(to_file), Ended::quiet());
    assert_eq!(env.text("out.md"), stdout);
    let Ended { code, stderr, .. } = env.run(["report", "convert", "a b.json", "--to", "markdown", "-o", "no/out.md"]);
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
    let env = environment();
    put(&env, "whole.json", &every());
    let whole = env.text("whole.json");
    for (text, expected) in [
        ("", "is not a report of allstop"),
        ("version: 1\n", "is not a report of allstop"),
        ("[1]", "is not a report of allstop"),
        ("{\"version\": 2, \"more\": []}", "version 2, which this program does not support"),
        (&whole[..whole.len() / 2], "is truncated at line"),
        (&whole.replacen("\"failed\"", "\"fine\"", 2), "is not a report of allstop"),
        (&without_a_row(&whole), " targets but has "),
    ] {
        env.write("bad.json", text);
        for reader in READERS {
            let Ended { code, stdout, stderr } = env.run([reader, &["bad.json"]].concat());
            assert_eq!((code, stdout.as_str()), (2, ""), "{reader:?} {expected}: {stderr}");
            assert!(stderr.contains(expected) && stderr.contains("hint: "), "{reader:?} {expected}: {stderr}");
        }
    }
    std::fs::create_dir(env.path("folder")).unwrap();
    for reader in READERS {
        for name in ["absent.json", "folder"] {
            let Ended { code, stdout, stderr } = env.run([reader, &[name]].concat());
            assert_eq!((code, stdout.as_str()), (2, ""), "{reader:?}: {stderr}");
            assert!(stderr.contains(&format!("cannot read the report {name}: ")), "{reader:?}: {stderr}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let env = environment();
    put(&env, "a.json", &outcomes(1, &[Outcome::Failed; 20_000]));
    for reader in READERS {
        let mut command = env.command([reader, &["a.json"]].concat());
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
    let env = environment();
    put(&env, "a.json", &every());
    for reader in READERS {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let Ended { code, stderr, .. } = Ended::of(env.command([reader, &["a.json"]].concat()).stdout(full));
        assert_eq!(code, 5, "{reader:?}");
        assert!(stderr.contains("cannot write to standard output"), "{reader:?}");
    }
}

#[test]
fn times_are_in_the_zone_that_the_plan_states() {
    let env = environment();
    let window = "guards: {window: {from: '09:00', to: '09:01', timezone: Asia/Shanghai}}";
    for (guards, zone) in [(window, " +08:00 (Asia/Shanghai), took"), ("", " UTC, took")] {
        let plan = format!(
            "version: 1\naccounts: {{a: {{cloud: alibaba, region: cn-hangzhou}}}}\n{guards}\ntargets: [{{kind: \
             elasticsearch_task, account: a, instance_id: es-1}}]\n"
        );
        env.write("plan.yaml", plan);
        let run = ["run", "plan.yaml", "--rehearse", "--faults", "none", "--report", "r.json", "--html", "r.html"];
        let Ended { code, stderr, .. } = env.run(run);
        assert_eq!(code, 0, "{stderr}");
        let shown = env.run(["report", "show", "r.json"]).stdout;
        assert!(shown.lines().nth(1).unwrap().contains(zone), "{shown}");
        let shown = env.run(["report", "convert", "r.json", "--to", "markdown"]).stdout;
        assert!(shown.contains(zone), "{shown}");
        let started = env.text("r.html").split("<dt>Started</dt>").nth(1).unwrap().to_owned();
        let started = started.split("</dd>").next().unwrap().to_owned();
        assert!(started.contains(zone.trim_end_matches(", took")), "{started}");
    }
}
