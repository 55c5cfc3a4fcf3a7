//! Stages: the built binary against a simulator.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use allstop::plan::{Plan, Variables};
use allstop::simulator::Config;
use serde_json::{Value, json};

use crate::environment::{Ended, RUN, TestEnvironment, words};

const REPORT: &str = "plan.report.json";
const JOURNAL: &str = "plan.report.json.journal";
const JSON: [&str; 5] = ["run", "plan.yaml", "--yes", "--log-format", "json"];

/// Makes a plan of stages, each with its settings and so many executions; `ENDPOINT` stands for the service.
fn plan(stages: &[(&str, &str, usize)]) -> String {
    let mut plan = "version: 1\naccounts: {ali: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: 'ENDPOINT'}}}\n\
                    defaults: {account: ali}\nlimits: {rate: 400/s}\nstages:\n"
        .to_owned();
    for (name, settings, count) in stages {
        plan.push_str(&format!("  - name: {name}\n    targets:\n"));
        for number in 0..*count {
            plan.push_str(&format!(
                "      - {{id: {name}-{number}, kind: fnf_execution, flow_name: f, execution_name: {name}-{number}}}\n"
            ));
        }
        settings.split(';').for_each(|setting| plan.push_str(&format!("    {}\n", setting.trim())));
    }
    plan
}

/// Starts a simulator with the plan's targets, but for those whose name has `absent` in it.
fn environment(stages: &[(&str, &str, usize)]) -> TestEnvironment {
    let text = plan(stages);
    let parsed = text.replace("ENDPOINT", "http://127.0.0.1:9");
    let mut there = Plan::parse(parsed.as_bytes(), Path::new("p.yaml"), &Variables::default()).unwrap().plan;
    there.targets.retain(|target| !target.id().contains("absent"));
    let mut env = TestEnvironment::new();
    env.simulate(&Config { speed: 100.0, quotas: false, ..Config::default() }, &mut there);
    env.write("plan.yaml", text.replace("ENDPOINT", &env.simulator().endpoint()));
    env
}

/// Returns the stages of a report: name, targets and status.
fn stages(report: &Value) -> Vec<(&str, u64, &str)> {
    let stages = report["run"]["stages"].as_array().unwrap();
    stages
        .iter()
        .map(|stage| {
            let (name, status) = (stage["name"].as_str().unwrap(), stage["status"].as_str().unwrap());
            (name, stage["targets"].as_u64().unwrap(), status)
        })
        .collect()
}

/// Returns when the first request of each row left and when its outcome was known.
fn times(report: &Value) -> Vec<(&str, &str)> {
    let rows = report["targets"].as_array().unwrap();
    rows.iter().map(|row| (row["started_at"].as_str().unwrap(), row["finished_at"].as_str().unwrap())).collect()
}

#[test]
fn a_run_goes_from_stage_to_stage_and_every_output_says_so() {
    let env = environment(&[("pilot", "canary: 2; pause: 300ms", 4), ("rest", "max_failures: 10%", 3)]);
    let exports = ["--junit", "r.xml", "--markdown", "r.md"];
    let ended = env.run([&RUN[..], &exports[..], &["--html", "r.html", "--output", "json"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let report = env.report(REPORT);
    assert_eq!(stages(&report), [("pilot", 4, "done"), ("rest", 3, "done")]);
    assert_eq!(ended.line()["stages"], report["run"]["stages"]);
    for row in report["targets"].as_array().unwrap() {
        let stage = row["id"].as_str().unwrap().split('-').next().unwrap();
        assert_eq!((&row["stage"], &row["labels"]["stage"]), (&json!(stage), &json!(stage)));
    }
    // The canary, the rest of the stage, the next stage.
    let times = times(&report);
    let ends = |rows: &[(&str, &str)]| rows.iter().map(|(_, end)| (*end).to_owned()).max().unwrap();
    let begins = |rows: &[(&str, &str)]| rows.iter().map(|(begin, _)| (*begin).to_owned()).min().unwrap();
    for at in [2, 4] {
        let gap = begins(&times[at..])
            .parse::<jiff::Timestamp>()
            .unwrap()
            .duration_since(ends(&times[..at]).parse().unwrap());
        assert!(gap.as_millis() >= 295, "{gap:?} before target {at}");
    }
    assert!(ended.stderr.contains("Stages: pilot done (4 targets), rest done (3 targets)."), "{}", ended.stderr);
    let csv = env.run(["report", "convert", REPORT, "--to", "csv"]).stdout;
    assert!(
        csv.lines().next().unwrap().ends_with(",done,stage") && csv.lines().nth(1).unwrap().ends_with(",true,pilot")
    );
    assert!(env.text("r.xml").contains(r#"<property name="stage" value="rest"/>"#));
    assert!(env.text("r.md").contains("Stages: `pilot done (4 targets), rest done (3 targets)`"));
    assert!(env.text("r.html").contains("pilot done (4 targets), rest done (3 targets)"));
    // Each stage is in the journal before the intents of its targets.
    let journal = env.text(JOURNAL);
    let place = |mark: &str| journal.find(mark).unwrap_or_else(|| panic!("no {mark} in {journal}"));
    let order = ["{\"stage\":0,\"at\":", "{\"b\":0,", "{\"b\":3,", "{\"stage\":1,\"at\":", "{\"b\":4,"].map(place);
    assert!(order.is_sorted(), "{order:?}");
    // Who has only the journal sees the same.
    let shown = env.run(["report", "convert", JOURNAL, "--to", "markdown"]).stdout;
    assert!(shown.contains("Stages: `pilot done (4 targets), rest done (3 targets)`"), "{shown}");
}

#[test]
fn a_plan_without_stages_says_nothing_of_them() {
    let env = environment(&[("all", "", 2)]);
    let text = env.text("plan.yaml").replace("stages:\n  - name: all\n    targets:\n", "targets:\n");
    env.write("plan.yaml", text);
    let ended = env.run([&RUN[..], &["--output", "json"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let csv = env.run(["report", "convert", REPORT, "--to", "csv"]).stdout;
    for output in [env.text(REPORT), env.text(JOURNAL), csv, ended.stdout, ended.stderr] {
        assert!(!output.contains("stage"), "{output}");
    }
}

#[test]
fn a_canary_that_fails_ends_the_run_with_3() {
    let mut text = vec![("absent", "canary: 1", 3), ("rest", "", 2)];
    let env = environment(&text);
    let Ended { code, stderr, .. } = env.run(RUN);
    assert_eq!(code, 3, "{stderr}");
    let report = env.report(REPORT);
    assert_eq!(report["run"]["status"], "aborted");
    assert_eq!(words(&report), ["not_found", "aborted", "aborted", "aborted", "aborted"]);
    assert_eq!(stages(&report), [("absent", 3, "failed"), ("rest", 2, "not_begun")]);
    assert!(stderr.contains("the canary of the stage `absent` failed: absent-0 is not_found"), "{stderr}");
    // It is a proof where the plan accepts it.
    text[0].1 = "canary: 1; pause: 1ms";
    let env = environment(&text);
    env.write("plan.yaml", env.text("plan.yaml") + "guards: {not_found: ok}\n");
    let Ended { code, stderr, .. } = env.run(RUN);
    assert_eq!(code, 0, "{stderr}");
}

#[test]
fn only_takes_one_stage_by_its_label_and_a_retry_takes_what_is_left() {
    let env = environment(&[("pilot", "pause: 1h", 2), ("rest", "", 2)]);
    let Ended { code, stderr, .. } = env.run([&RUN[..], &["--only", "stage=rest"]].concat());
    assert_eq!(code, 0, "{stderr}");
    let report = env.report(REPORT);
    assert_eq!(words(&report), ["filtered", "filtered", "stopped", "stopped"]);
    assert_eq!(stages(&report), [("pilot", 2, "not_begun"), ("rest", 2, "done")]);

    let env = environment(&[("pilot", "canary: 1; pause: ask", 2), ("rest", "", 1)]);
    assert_eq!(env.run(RUN).code, 1);
    let Ended { code, stderr, .. } = env.run(["retry", REPORT, "--yes"]);
    assert_eq!(code, 1, "a retry is a run of what is left, with its pauses: {stderr}");
    let report = env.report("plan.retry.report.json");
    assert_eq!(words(&report), ["filtered", "stopped", "paused"]);
    assert_eq!(stages(&report), [("pilot", 2, "done"), ("rest", 1, "not_begun")]);
}

#[test]
fn where_nobody_can_be_asked_a_run_ends_as_paused_and_resume_is_the_yes() {
    let env = environment(&[("pilot", "pause: ask", 2), ("rest", "pause: ask", 2)]);
    let ended = env.run([&RUN[..], &["--output", "json"]].concat());
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let report = env.report(REPORT);
    assert_eq!(
        (&report["run"]["status"], words(&report)),
        (&json!("paused"), ["stopped", "stopped", "paused", "paused"].map(str::to_owned).to_vec())
    );
    let line = ended.line();
    assert_eq!(line["status"], "paused");
    assert!(line["next"].as_str().unwrap().starts_with("allstop resume plan.report.json.journal"), "{line}");
    assert!(ended.stderr.contains("a `pause: ask` of a stage ended it"), "{}", ended.stderr);
    assert!(env.text(JOURNAL).contains(r#"{"end":{"status":"paused","exit_code":1,"#));
    // The last stage has nothing to pause for.
    let Ended { code, stderr, .. } = env.run(["resume", JOURNAL, "--yes"]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(stages(&env.report(REPORT)), [("pilot", 2, "done"), ("rest", 2, "done")]);
    let explained = env.run(["explain", "paused"]);
    assert!(explained.code == 0 && explained.stdout.contains("allstop resume JOURNAL"), "{}", explained.stdout);
}

#[test]
fn a_run_that_is_killed_in_a_pause_waits_it_again() {
    let env = environment(&[("pilot", "canary: 1; pause: 400ms", 3), ("rest", "", 2)]);
    env.edit("plan.yaml", "400ms", "1h");
    let mut command = env.command(JSON);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap())).map(Result::unwrap);
    let events = |line: &String| serde_json::from_str::<Value>(line).unwrap();
    let pause = lines.by_ref().find(|line| line.contains(r#""event":"pausing""#)).unwrap();
    let pause = events(&pause);
    assert_eq!((&pause["stage"], &pause["name"], &pause["pause_ms"]), (&json!(0), &json!("pilot"), &json!(3_600_000)));
    child.kill().unwrap();
    child.wait().unwrap();
    // How long the pause is may be changed meanwhile.
    env.edit("plan.yaml", "1h", "400ms");
    let mut resume = env.command(["resume", JOURNAL, "--yes", "--log-format", "json"]);
    let Ended { code, stderr, .. } = Ended::within(Duration::from_secs(60), &mut resume);
    assert_eq!(code, 0, "{stderr}");
    let told: Vec<Value> = stderr.lines().map(|line| events(&line.to_owned())).collect();
    let pauses = told.iter().filter(|line| line["event"] == "pausing").count();
    assert_eq!(pauses, 2, "the one that was cut, and the one after the stage: {stderr}");
    let begun: Vec<_> = told.iter().filter(|line| line["event"] == "stage").map(|line| &line["name"]).collect();
    assert_eq!(begun, ["pilot", "rest"]);
    let ledger = env.simulator().ledger();
    assert!(ledger.resources.iter().all(|resource| resource.counts.requests == 1), "each was stopped once");
    assert_eq!(stages(&env.report(REPORT)), [("pilot", 3, "done"), ("rest", 2, "done")]);
}

#[test]
fn the_deadline_and_a_signal_end_a_pause() {
    let env = environment(&[("pilot", "pause: 1h", 1), ("rest", "", 2)]);
    let Ended { code, stderr, .. } = env.run([&RUN[..], &["--deadline", "500ms"]].concat());
    assert_eq!(code, 1, "{stderr}");
    let report = env.report(REPORT);
    assert_eq!(
        (&report["run"]["status"], words(&report)),
        (&json!("deadline"), ["stopped", "deadline", "deadline"].map(str::to_owned).to_vec())
    );
    assert_eq!(stages(&report), [("pilot", 1, "done"), ("rest", 2, "not_begun")]);
}

#[test]
fn no_barrier_reaches_across_processes() {
    for (settings, is_refused) in [("canary: 1", true), ("pause: 1s", true), ("max_failures: 1", true), ("", false)] {
        let env = environment(&[("pilot", settings, 2), ("rest", "", 2)]);
        for command in ["check", "run"] {
            let yes: &[&str] = if command == "run" { &["--yes"] } else { &[] };
            let Ended { code, stderr, .. } = env.run([&[command, "plan.yaml", "--shard", "1/2"], yes].concat());
            if is_refused {
                assert_eq!(code, 2, "{command} {settings}: {stderr}");
                let words =
                    "the stage `pilot` has a canary, a pause or max_failures, and no barrier reaches across processes";
                assert!(stderr.contains(words), "{stderr}");
            } else {
                assert_eq!(code, 0, "{command}: {stderr}");
            }
        }
    }
}

#[test]
fn check_shows_the_stages() {
    let env = environment(&[("pilot", "canary: 5%; pause: 30s; max_failures: 1", 4), ("rest", "pause: ask", 3)]);
    let Ended { code, stdout, stderr } = env.run(["check", "plan.yaml"]);
    assert_eq!(code, 0, "{stderr}");
    let table = "Stages run one after the other, in this order:\n\n  \
                 stage  canary  pause  stops  ends the run\n  \
                 pilot  1       30 s       4  at 1 failed\n  \
                 rest   none    asks       3\n";
    assert!(stdout.contains(table), "{stdout}");
    let line = env.run(["check", "plan.yaml", "--output", "json"]).line();
    let expected = json!([
        {"name": "pilot", "stops": 4, "canary": 1, "pause_seconds": 30.0, "asks": false, "max_failures": "1"},
        {"name": "rest", "stops": 3, "canary": null, "pause_seconds": null, "asks": true, "max_failures": null},
    ]);
    assert_eq!(line["stages"], expected);
}

#[test]
fn a_rehearsal_goes_by_stages_and_a_dry_run_does_not() {
    let env = environment(&[("pilot", "canary: 1; pause: 10s", 3), ("rest", "pause: 10s", 2), ("last", "", 1)]);
    let Ended { code, stderr, .. } = env.rehearse(&[]);
    assert_eq!(code, 0, "{stderr}");
    let report = env.report("plan.rehearsal.report.json");
    assert_eq!(report["rehearsal"]["agrees"], true);
    assert_eq!(stages(&report), [("pilot", 3, "done"), ("rest", 2, "done"), ("last", 1, "done")]);
    let mut command = env.command(["run", "plan.yaml", "--dry-run", "--progress", "off"]);
    let Ended { code, stderr, .. } = Ended::within(Duration::from_secs(9), &mut command);
    assert_eq!(code, 0, "{stderr}");
    let report = env.report("plan.dry-run.report.json");
    assert!(words(&report).iter().all(|word| word == "would_stop"));
    assert!(stages(&report).iter().all(|(_, _, status)| *status == "not_begun"));
}

#[cfg(unix)]
#[test]
fn on_a_terminal_a_pause_asks() {
    use crate::resume::terminal::answered;
    for (answer, exit, status) in [("y\n", 0, "completed"), ("n\n", 1, "paused"), ("\n", 1, "paused")] {
        let env = environment(&[("pilot", "pause: ask", 2), ("rest", "", 3)]);
        let (code, shown) = answered(&env, &RUN, answer);
        assert_eq!(code, Some(exit), "{shown}");
        assert_eq!(env.report(REPORT)["run"]["status"], status);
        assert!(
            shown.contains("The stage pilot is done: 2 stopped so far. 3 targets are left.\n\nGo on? [y/N] "),
            "{shown}"
        );
    }
}
