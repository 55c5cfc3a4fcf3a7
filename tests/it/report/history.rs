//! The runs of many reports, and which reports are deleted on request.

use std::fs;

use allstop::clock::{Clock, SystemClock};
use allstop::engine::Outcome;
use allstop::report::{Report, RunMode};
use serde_json::Value;

use super::commands::put;
use super::every::{NASTY, every, outcomes};
use crate::environment::{Ended, RUN, TestEnvironment};

/// A report of run number `number`, which began so many days before now and took a minute.
fn report(number: u32, days: i64, of: &[Outcome]) -> Report {
    let mut report = outcomes(u8::from(of.contains(&Outcome::Failed)), of);
    let started = SystemClock.now() - jiff::SignedDuration::from_hours(24 * days);
    report.run.id = format!("019ab0c2-7e5f-7000-9000-{number:012}");
    report.run.started_at = started.into();
    report.run.finished_at = (started + jiff::SignedDuration::from_mins(1)).into();
    report.run.duration_ms = 60_000;
    report
}

/// Reports of one plan and of others, of several days and modes, with what is no report beside them.
fn environment() -> TestEnvironment {
    let env = TestEnvironment::new();
    fs::create_dir_all(env.path("r/below")).unwrap();
    let stopped = [Outcome::Stopped; 3];
    let nightly = |number, days, of: &[Outcome]| {
        let mut report = report(number, days, of);
        report.run.plan.name = "nightly".to_owned();
        report
    };
    put(&env, "r/a.json", &nightly(1, 400, &stopped));
    put(&env, "r/b.json", &nightly(2, 100, &[Outcome::Stopped, Outcome::Failed]));
    let mut newest = nightly(3, 95, &stopped);
    newest.run.reason = Some("incident 4711".to_owned());
    put(&env, "r/c.json", &newest);
    let mut dry = nightly(4, 200, &[Outcome::WouldStop]);
    dry.run.mode = RunMode::DryRun;
    put(&env, "r/d.json", &dry);
    put(&env, "r/other.json", &report(5, 300, &stopped));
    put(&env, "r/below/e.json", &nightly(6, 2, &[Outcome::Stopped]));
    env.write("r/list.json", "[1]");
    env.write("r/notes.txt", "text");
    env
}

/// Returns the reports that a history lists, in its order.
fn listed(env: &TestEnvironment, args: &[&str]) -> Vec<String> {
    let Ended { stdout, stderr, .. } = env.run([&["report", "history"], args, &["--json"]].concat());
    let found: Value = serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stdout}{stderr}"));
    assert_eq!(found["version"], 1);
    found["runs"].as_array().unwrap().iter().map(|run| run["report"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn runs_are_listed_with_the_newest_last() {
    let env = environment();
    let Ended { code, stdout, stderr } = env.run(["report", "history", "r"]);
    assert_eq!((code, stderr.as_str()), (0, "note: skipped 1 file that is no report\n"));
    let lines: Vec<_> = stdout.lines().collect();
    assert_eq!(lines.len(), 8, "{stdout}");
    assert!(lines[0].starts_with("  STARTED (UTC)        PLAN           MODE      RESULT"), "{stdout}");
    for (line, report) in lines[1..6].iter().zip(["a", "other", "d", "b", "c"]) {
        assert!(line.ends_with(&format!("r/{report}.json")), "{stdout}");
    }
    assert!(lines[4].contains("live run  1 stopped, 1 failed  1 min     1 "), "{stdout}");
    assert!(lines[5].contains("incident 4711"), "{stdout}");
    assert_eq!(lines[7], "5 runs: 4 with exit status 0, 1 with exit status 1.");
}

#[test]
fn paths_and_options_choose_the_runs() {
    let env = environment();
    assert_eq!(listed(&env, &["r", "--plan", "nightly"]), ["r/a.json", "r/d.json", "r/b.json", "r/c.json"]);
    assert_eq!(listed(&env, &["r", "--plan", "nightly", "--live", "--since", "30w"]), ["r/b.json", "r/c.json"]);
    assert_eq!(listed(&env, &["r", "-r", "--since", "1mo"]), ["r/below/e.json"]);
    assert_eq!(listed(&env, &["r/c.json", "r/a.json", "r"]).len(), 5);
    assert_eq!(listed(&env, &["r", "--plan", "nobody's"]), Vec::<String>::new());
    // Of several reports of one run, one is shown.
    fs::copy(env.path("r/a.json"), env.path("r/copy.json")).unwrap();
    let Ended { stdout, stderr, .. } = env.run(["report", "history", "r"]);
    assert_eq!(stdout.matches("2 stopped").count() + stdout.matches("3 stopped").count(), 3, "{stdout}");
    assert!(stderr.contains("note: left out 1 further report of a run in the list"), "{stderr}");
    // The working directory, if none is named.
    fs::copy(env.path("r/b.json"), env.path("b.json")).unwrap();
    assert_eq!(listed(&env, &[]), ["b.json"]);
    let empty = env.run(["report", "history", "r/below", "--since", "1d"]);
    assert_eq!((empty.code, empty.stdout.as_str()), (0, "No runs.\n"));
}

#[test]
fn what_is_damaged_is_a_warning_and_what_is_absent_an_error() {
    let env = environment();
    let text = env.text("r/a.json");
    env.write("r/cut.json", &text[..text.len() / 2]);
    env.write("r/new.json", text.replacen("\"version\": 1", "\"version\": 2", 1));
    let Ended { code, stdout, stderr } = env.run(["report", "history", "r"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("5 runs"), "{stdout}");
    assert!(stderr.contains("warning: cannot read the report r/cut.json: it is damaged: "), "{stderr}");
    assert!(stderr.contains("warning: cannot read the report r/new.json: it is of version 2"), "{stderr}");
    let found: Value = serde_json::from_str(&env.run(["report", "history", "r", "--json"]).stdout).unwrap();
    assert_eq!(found["not_read"].as_array().unwrap().len(), 2);
    for (args, expected) in [
        (&["absent"][..], "cannot read the report or directory absent: "),
        (&["r", "--since", "30"], "expected a time such as"),
        (&["r", "--since=-1d"], "expected a time such as"),
        (&["r", "--json", "--html", "h.html"], "--html"),
    ] {
        let Ended { code, stderr, .. } = env.run([&["report", "history"], args].concat());
        assert_eq!(code, 2, "{args:?}");
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
    }
}

#[test]
fn the_page_shows_texts_as_texts_and_has_no_script() {
    let env = environment();
    let mut report = every();
    (report.run.plan.name, report.run.reason, report.run.shard) =
        (NASTY.to_owned(), Some(NASTY.to_owned()), Some(NASTY.to_owned()));
    put(&env, "r/nasty.json", &report);
    let Ended { code, stdout, stderr } = env.run(["report", "history", "r", "--html", "-"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(!stdout.contains("<script") && stdout.contains("&#60;script&#62;"), "{stdout}");
    assert!(!stdout.chars().any(|ch| ch == '\u{1b}' || ch == '\u{202e}'), "{stdout}");
    assert_eq!(stdout.matches("<tr>").count(), 7);
    assert!(stdout.contains("default-src &#39;none&#39;") && !stdout.contains("script-src"));
    let shown = env.run(["report", "history", "r"]).stdout;
    assert!(!shown.chars().any(|ch| ch.is_control() && ch != '\n'), "{shown}");
}

/// Returns the reports that are left.
fn left(env: &TestEnvironment) -> Vec<String> {
    let names = fs::read_dir(env.path("r")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.ends_with(".json")).collect();
    names.sort();
    names
}

#[test]
fn old_reports_are_deleted_on_request_and_the_newest_of_each_plan_and_mode_stays() {
    let env = environment();
    let before = left(&env);
    let prune = |args: &[&str]| env.run([&["report", "prune", "r", "--keep", "90d"], args].concat());
    let Ended { code, stdout, .. } = prune(&["--dry-run"]);
    assert_eq!(code, 0);
    let rows: Vec<Vec<_>> = stdout.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    let paths: Vec<_> = rows.iter().take_while(|row| !row.is_empty()).filter_map(|row| row.last()).collect();
    assert_eq!(paths, [&"r/a.json", &"r/b.json"]);
    assert!(stdout.contains("AGE") && stdout.contains(" days  r/a.json\n"), "{stdout}");
    assert!(stdout.contains("Kept as the newest run of its plan, shard and mode: r/"), "{stdout}");
    assert!(stdout.ends_with("2 reports would be deleted.\n"), "{stdout}");
    assert_eq!(left(&env), before);
    // Nobody is there to be asked.
    let Ended { code, stderr, .. } = prune(&[]);
    assert_eq!((code, left(&env)), (3, before));
    assert!(stderr.contains("hint: add --yes"), "{stderr}");
    let Ended { code, stdout, .. } = prune(&["--yes"]);
    assert_eq!(code, 0);
    assert!(stdout.ends_with("2 reports deleted.\n"), "{stdout}");
    assert_eq!(left(&env), ["c.json", "d.json", "list.json", "other.json"]);
    assert_eq!(prune(&["--yes"]).stdout, "No report to delete.\n");
    assert!(env.exists("r/below/e.json") && env.exists("r/notes.txt"));
    let Ended { code, stderr, .. } = env.run(["report", "prune", "r"]);
    assert_eq!(code, 2, "{stderr}");
}

#[test]
fn a_damaged_report_a_link_and_one_with_an_open_journal_stay() {
    let mut env = environment();
    let text = env.text("r/a.json");
    env.write("r/cut.json", &text[..text.len() / 2]);
    // Its beginning and its end are those of a report.
    let rows = text.find("\"targets\": [").unwrap();
    env.write("r/garbage.json", format!("{}\"targets\": [{{\0}}]\n}}\n", &text[..rows]));
    #[cfg(unix)]
    std::os::unix::fs::symlink("../r/b.json", env.path("r/link.json")).unwrap();
    // The journal of a run that was killed.
    env.simulate_anything(allstop::simulator::Config::default());
    let endpoint = env.simulator().endpoint();
    env.write(
        "plan.yaml",
        format!(
            "version: 1\naccounts: {{a: {{cloud: alibaba, region: cn-hangzhou, endpoints: {{fnf: '{endpoint}', sts: \
             '{endpoint}'}}}}}}\ntargets: [{{kind: fnf_execution, account: a, flow_name: f, execution_name: e}}]\n"
        ),
    );
    let Ended { stderr, .. } = env.run([&RUN[..], &["--report", "x.json", "--journal", "x.journal"]].concat());
    let journal = env.text("x.journal");
    env.write("r/a.json.journal", &journal);
    let prune = || env.run(["report", "prune", "r", "--keep", "90d", "--dry-run"]);
    // A journal of a run that has ended says nothing against it.
    assert!(prune().stdout.contains("r/a.json"), "{stderr}");
    env.cut_to_header("r/a.json.journal");
    let Ended { code, stdout, stderr } = prune();
    assert!(!stdout.contains("r/a.json") && stdout.contains("r/b.json"), "{stdout}");
    assert!(stderr.contains("note: kept r/a.json: its run can be resumed from its journal"), "{stderr}");
    // Something could not be read.
    assert_eq!(code, 1);
    assert!(["link.json", "cut.json", "garbage.json"].iter().all(|kept| !stdout.contains(kept)), "{stdout}");
    assert!(stderr.contains("warning: kept the report r/garbage.json: it is damaged"), "{stderr}");
}

#[test]
#[cfg(unix)]
fn nobody_waits_for_a_pipe() {
    let env = environment();
    assert!(env.shell("mkfifo r/pipe.json").status().unwrap().success());
    let Ended { code, stdout, stderr } = env.run(["report", "history", "r"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(!stdout.contains("pipe.json") && stderr.contains("skipped 2 files that are no reports"), "{stderr}");
}
