//! `--shard`: the built binary with a part of a plan in each of several processes.

use serde_json::Value;

use crate::environment::{ALIBABA_KEYS, Ended, REHEARSE, TestEnvironment, words};

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
fn plan() -> String {
    let mut plan = HEAD.to_owned();
    for n in 0..12 {
        plan.push_str(&format!("  - {{id: t{n}, kind: fnf_execution, flow_name: etl, execution_name: run-{n}}}\n"));
    }
    plan + "  - {id: again, kind: fnf_execution, flow_name: etl, execution_name: run-0}\n"
}

fn environment() -> TestEnvironment {
    TestEnvironment::new().set(ALIBABA_KEYS).with_refused_plan(&plan())
}

#[test]
fn all_shards_together_stop_everything_once() {
    let env = environment();
    let shards: Vec<_> = (1..=3)
        .map(|number| {
            let Ended { code, stderr, .. } = env.rehearse(&["--shard", &format!("{number}/3")]);
            assert_eq!(code, 0, "{stderr}");
            let report = env.report(&format!("plan.{number}-of-3.rehearsal.report.json"));
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
    let env = environment();
    let empty = (1..=999).map(|number| format!("{number}/999")).find(|shard| {
        let Ended { code, stdout, stderr } = env.run(["check", "plan.yaml", "--shard", shard]);
        assert_eq!(code, 0, "{stderr}");
        stdout.contains("would stop nothing.")
    });
    let shard = empty.unwrap();
    // Nobody is asked and no key is needed: nothing is sent.
    let Ended { code, stderr, .. } = Ended::of(env.command(["run", "plan.yaml", "--shard", &shard]).env_clear());
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("Nothing to do: every target is in another shard."), "{stderr}");
    assert!(!stderr.contains("Next:"), "{stderr}");
    for nothing in ["no-such-thing", "run-7"] {
        let Ended { code, stderr, .. } = env.rehearse(&["--shard", &shard, "--only", nothing]);
        assert_eq!(code, 4, "{nothing}: {stderr}");
        let Ended { code, .. } = env.run(["check", "plan.yaml", "--shard", &shard, "--only", nothing]);
        assert_eq!(code, 4, "{nothing}");
    }
}

#[test]
fn the_selection_goes_before_the_shard() {
    let env = environment();
    env.rehearse(&["--shard", "1/3", "--skip", "t1*"]);
    let rows = words(&env.report("plan.1-of-3.rehearsal.report.json"));
    assert_eq!((&*rows[1], &*rows[10], &*rows[11]), ("filtered", "filtered", "filtered"));
    assert!(rows.iter().any(|row| row == "shard"), "{rows:?}");
}

#[test]
fn the_bound_of_targets_is_that_of_all_shards() {
    let env = environment();
    env.edit("plan.yaml", "max_targets: 12", "max_targets: 10");
    let Ended { code, stderr, .. } = env.rehearse(&["--shard", "1/3"]);
    assert_eq!(code, 3, "{stderr}");
    assert!(stderr.contains("the plan selects 11 targets"), "{stderr}");
}

#[test]
fn the_rates_are_shared() {
    let env = environment();
    let shown = |options: &[&str]| env.run([&["check", "plan.yaml"], options].concat()).stdout;
    env.edit("plan.yaml", "400/s", "2/s");
    assert!(shown(&[]).contains(" at 2/s"), "{}", shown(&[]));
    assert!(shown(&["--shard", "1/4"]).contains(" at 30/min"), "{}", shown(&["--shard", "1/4"]));
}

#[test]
fn the_job_system_says_which_one() {
    let env = environment();
    let variables = [("JOB_COMPLETION_INDEX", "1"), ("ALLSTOP_SHARDS", "3")];
    let args = [&["run", "plan.yaml"], &REHEARSE[..], &["--shard", "auto"]].concat();
    let Ended { code, stderr, .. } = env.run_with(variables, args);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("shard 2/3 (from JOB_COMPLETION_INDEX and ALLSTOP_SHARDS)"), "{stderr}");
    assert_eq!(env.report("plan.2-of-3.rehearsal.report.json")["run"]["shard"], "2/3");
    let Ended { code, stderr, .. } = env.rehearse(&["--shard", "auto"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("none of JOB_COMPLETION_INDEX"), "{stderr}");
}

#[test]
fn what_is_no_shard_is_refused() {
    for (shard, expected) in [
        ("0/4", "shards are numbered from 1"),
        ("5/4", "shard 5 does not exist: there are 4"),
        ("1/0", "shard 1 does not exist: there are 0"),
        ("1", "expected I/N"),
        ("one/four", "expected I/N"),
    ] {
        let env = environment();
        let Ended { code, stderr, .. } = env.rehearse(&["--shard", shard]);
        assert_eq!(code, 2, "{shard}: {stderr}");
        assert!(stderr.contains(expected), "{shard}: {stderr}");
        assert_eq!(env.names().len(), 1, "nothing but the plan is there");
    }
}

#[test]
fn a_shard_goes_on_as_the_same_shard() {
    let env = environment();
    let Ended { code, stderr, .. } = env.run(["run", "plan.yaml", "--yes", "--shard", "2/3", "--skip", "t1"]);
    assert_eq!(code, 1, "{stderr}");
    let before = env.report("plan.2-of-3.report.json");
    let rows = words(&before);
    assert!(
        ["failed", "shard", "filtered", "protected"].iter().all(|word| rows.contains(&(*word).to_owned())),
        "{rows:?}"
    );

    // As if it had been killed right after it began.
    env.cut_to_header("plan.2-of-3.report.json.journal");
    env.remove("plan.2-of-3.report.json");
    let Ended { code, stderr, .. } = env.run(["resume", "plan.2-of-3.report.json.journal", "--yes"]);
    assert_eq!(code, 1, "{stderr}");
    let after = env.report("plan.2-of-3.report.json");
    assert_eq!((words(&after), &after["run"]["shard"]), (rows.clone(), &Value::from("2/3")));

    let retry = [&["retry", "plan.2-of-3.report.json"], &REHEARSE[..]].concat();
    let Ended { code, stderr, .. } = env.run([&retry[..], &["--shard", "1/3"]].concat());
    assert_eq!(code, 2);
    assert!(stderr.contains("the report covers shard 2/3"), "{stderr}");
    let Ended { code, stderr, .. } = env.run(&retry);
    assert_eq!(code, 0, "{stderr}");
    let retried = env.report("plan.2-of-3.retry.rehearsal.report.json");
    assert_eq!(retried["run"]["shard"], "2/3");
    let stopped = |report: &Value, word: &str| -> Vec<usize> {
        words(report).iter().enumerate().filter(|(_, found)| *found == word).map(|(number, _)| number).collect()
    };
    assert_eq!(stopped(&retried, "stopped"), stopped(&after, "failed"));
}

#[test]
fn the_report_of_a_whole_run_is_retried_in_shards() {
    let env = environment();
    assert_eq!(env.run(["run", "plan.yaml", "--yes"]).code, 1);
    let mut stopped = 0;
    for shard in 1..=2 {
        let retry = ["retry", "plan.report.json", "--shard", &format!("{shard}/2")];
        let Ended { code, stderr, .. } = env.run([&retry, &REHEARSE[..]].concat());
        assert_eq!(code, 0, "{stderr}");
        let report = env.report(&format!("plan.retry.{shard}-of-2.rehearsal.report.json"));
        stopped += words(&report).iter().filter(|word| *word == "stopped").count();
    }
    assert_eq!(stopped, 11);
}

/// Merges the reports of shards 1 and 3 of 4, which have failed, into `part.json`; returns its rows.
fn merged_in_part(env: &TestEnvironment) -> Vec<String> {
    for shard in ["1/4", "3/4"] {
        let Ended { code, stderr, .. } = env.run(["run", "plan.yaml", "--yes", "--shard", shard]);
        assert_eq!(code, 1, "{stderr}");
    }
    let parts = ["plan.1-of-4.report.json", "plan.3-of-4.report.json"];
    let Ended { code, stderr, .. } =
        env.run([&["report", "merge"], &parts[..], &["--partial", "-o", "part.json"]].concat());
    assert_eq!(code, 0, "{stderr}");
    words(&env.report("part.json"))
}

#[test]
fn the_command_that_a_report_of_some_shards_names_works() {
    let env = environment();
    let before = merged_in_part(&env);
    assert!(["failed", "shard"].iter().all(|word| before.contains(&(*word).to_owned())), "{before:?}");

    let shown = env.run(["report", "show", "part.json"]).stdout;
    let (_, command) = shown.rsplit_once("run: allstop ").expect("a command");
    let command: Vec<_> = command.split_whitespace().collect();
    let Ended { code, stderr, .. } = env.run([&command[..], &REHEARSE].concat());
    assert_eq!(code, 0, "{command:?}: {stderr}");
    assert!(stderr.contains("note: retrying shards 1,3/4 together"), "{stderr}");
    let after = env.report("part.retry.rehearsal.report.json");
    for (before, after) in before.iter().zip(words(&after)) {
        assert_eq!(after, if before == "failed" { "stopped" } else { "filtered" }, "it was {before}");
    }
    assert_eq!(after["run"]["shard"], Value::Null);
}

#[test]
fn one_of_some_shards_can_be_retried_and_no_other() {
    let env = environment();
    let failed = merged_in_part(&env).iter().filter(|word| *word == "failed").count();
    let retry = [&["retry", "part.json"], &REHEARSE[..]].concat();
    let mut stopped = 0;
    for (shard, name) in
        [("1/4", "part.retry.1-of-4.rehearsal.report.json"), ("3/4", "part.retry.3-of-4.rehearsal.report.json")]
    {
        let Ended { code, stderr, .. } = env.run([&retry[..], &["--shard", shard]].concat());
        assert_eq!(code, 0, "{stderr}");
        let report = env.report(name);
        assert_eq!(report["run"]["shard"], shard);
        stopped += words(&report).iter().filter(|word| *word == "stopped").count();
    }
    assert_eq!(stopped, failed);
    for (shard, expected) in [("2/4", "the report covers shards 1,3/4"), ("1/3", "the report covers shards 1,3/4")] {
        let Ended { code, stderr, .. } = env.run([&retry[..], &["--shard", shard]].concat());
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains(expected), "{stderr}");
    }
    env.edit("part.json", "1,3/4", "1,x/4");
    let Ended { code, stderr, .. } = env.run(&retry);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("invalid shard in report: 1,x/4: expected I/N"), "{stderr}");
}
