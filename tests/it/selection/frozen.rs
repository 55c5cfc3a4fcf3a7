//! Frozen before the first stop: what a kill leaves, and what a resume and a retry take.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use allstop::simulator::{Config, Course, Leaving, ListFault, ListTrouble as T, Resource, When};
use serde_json::json;

use super::ground::{REPORT, configured, counts, execution, ground, is_unlisted, lasting_port, quick, resource, rows};
use crate::environment::{Ended, RUN, TestEnvironment, program};

const PLAN: &str = "targets: [{id: etl, kind: fnf_execution, account: ali, select: {flow_name: 'etl*'}}]";
const JOURNAL: &str = "plan.report.json.journal";
const RESUME: [&str; 5] = ["resume", JOURNAL, "--yes", "--progress", "off"];
const PATIENCE: Duration = Duration::from_secs(60);

fn executions(count: u64) -> Vec<Resource> {
    (0..count).map(|number| execution("etl", &format!("r{number}"), "Running", 600 - number)).collect()
}

/// Leaves the journal of a run that was killed when it had frozen four targets and was done with so many. The simulator
/// is one that no run has reached, with these resources.
fn killed(done: usize, now: Vec<Resource>) -> TestEnvironment {
    // One that goes keeps the run from ending well, and its journal from being done with.
    let mut first = executions(4);
    first[3].course = Course { leaves: Some((When::Shown, Leaving::Goes)), ..Course::default() };
    // One by one, and at an end at once: nothing is in doubt between two of them.
    let config = Config { port: lasting_port(), stop_delay: (Duration::ZERO, Duration::ZERO), ..quick() };
    let mut env = configured(&config, PLAN, first);
    env.edit("plan.yaml", "rate: 1000/s", "rate: 1000/s, concurrency: 1");
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, rows(&report).len()), (1, 4), "{ended:?}");
    let text = env.text(JOURNAL);
    let is_fact = |line: &str| line.contains("\"f\":");
    let (mut facts, mut kept) = (0, String::new());
    for line in text.split_inclusive('\n') {
        facts += usize::from(is_fact(line));
        kept.push_str(line);
        if kept.contains("\"frozen\"") && facts == done {
            break;
        }
    }
    assert!(kept.contains("frozen") && facts == done, "{kept}");
    env.write(JOURNAL, kept);
    env.remove(REPORT);
    env.replace_resources(&config, now);
    env
}

#[test]
fn row_32_a_kill_while_listing_leaves_nothing_to_resume() {
    let env =
        ground(PLAN, executions(4)).script([ListFault::new(T::Slow(PATIENCE)).api("fnf:ListExecutions").forever()]);
    let mut child = env.command(RUN).stderr(Stdio::null()).spawn().unwrap();
    assert!(env.simulator().wait_until(PATIENCE, |requests| requests.by_api.contains_key("fnf:ListExecutions")));
    child.kill().unwrap();
    child.wait().unwrap();
    let Ended { code, stderr, .. } = env.run(RESUME);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("the run was killed while it listed; nothing was stopped"), "{stderr}");
    assert_eq!(env.stops(), 0);
}

#[test]
fn row_32_targets_that_were_not_frozen_are_none() {
    let env = killed(0, executions(4));
    let text = env.text(JOURNAL);
    let lines: Vec<_> = text.split_inclusive('\n').filter(|line| !line.contains("\"frozen\"")).collect();
    assert_eq!(lines.len() + 1, text.lines().count(), "{text}");
    env.write(JOURNAL, lines.concat());
    let Ended { code, stderr, .. } = env.run(RESUME);
    assert_eq!((code, env.lists(), env.stops()), (2, 0, 0), "{stderr}");
}

#[test]
fn row_33_a_kill_after_the_freeze_loses_nothing_and_lists_nothing() {
    let env = killed(0, executions(4));
    let Ended { code, stderr, .. } = env.run(RESUME);
    assert_eq!(code, 0, "{stderr}");
    let report = env.report(REPORT);
    assert_eq!(rows(&report), (0..4).map(|n| format!("fnf_execution:etl/r{n} stopped")).collect::<Vec<_>>());
    assert_eq!(counts(&report, 0), "seen 4 matched 4");
    assert_eq!((env.lists(), env.stops()), (0, 4));
}

#[test]
fn row_34_what_began_since_is_not_touched_by_a_resume() {
    let env = killed(2, executions(10));
    let Ended { code, stderr, .. } = env.run(RESUME);
    assert!([0, 1].contains(&code), "{stderr}");
    let report = env.report(REPORT);
    assert_eq!(rows(&report).len(), 4);
    let ledger = env.simulator().ledger();
    let reached = ledger.resources.iter().filter(|one| one.counts.requests > 0);
    assert!(reached.clone().all(|one| ["r0", "r1", "r2", "r3"].contains(&&*one.id.name)));
    assert_eq!((env.lists(), reached.count()), (0, 2));
}

#[test]
fn row_35_a_resume_refuses_another_selection() {
    for (from, to) in
        [("'etl*'", "'*'"), ("'etl*'}", "'etl*', older_than: 1m}"), ("account: ali,", "account: ali, cause: x,")]
    {
        let env = killed(1, executions(4));
        env.edit("plan.yaml", from, to);
        let Ended { code, stderr, .. } = env.run(RESUME);
        assert_eq!((code, env.lists(), env.stops()), (2, 0, 0), "{to}: {stderr}");
    }
}

#[test]
fn row_36_a_resume_goes_on_with_other_limits_and_guards() {
    let env = killed(0, executions(4));
    env.edit("plan.yaml", "concurrency: 1", "concurrency: 7");
    env.edit("plan.yaml", "targets:", "guards: {protect: [r3]}\ntargets:");
    let Ended { code, stderr, .. } = env.run(RESUME);
    assert_eq!((code, env.lists()), (0, 0), "{stderr}");
    assert_eq!(rows(&env.report(REPORT))[3], "fnf_execution:etl/r3 protected");
    assert_eq!(env.stops(), 3);
}

#[test]
fn row_37_a_damaged_list_of_targets_is_refused() {
    let env = killed(1, executions(4));
    env.edit(JOURNAL, "r2", "r9");
    let Ended { code, stderr, .. } = env.run(RESUME);
    assert_eq!((code, env.lists(), env.stops()), (2, 0, 0), "{stderr}");
}

#[cfg(unix)]
#[test]
fn row_38_a_disk_that_is_full_while_it_freezes_lets_no_stop_out() {
    let env = ground(PLAN, executions(500));
    let bounded = "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\"";
    let mut shell = env.place(Command::new("sh"), ["-c", bounded]);
    shell.arg(program()).args(RUN).args(["--report", "-"]).args(["--journal", "run.journal"]).envs(env.keys());
    let ended = Ended::of(&mut shell);
    assert_eq!(ended.code, 5, "{}", ended.stderr);
    assert!(ended.stderr.contains("cannot write the journal"), "{}", ended.stderr);
    assert!(env.lists() > 0);
    assert_eq!(env.stops(), 0);
}

/// Starts a run that waits for a list.
#[cfg(unix)]
fn listing() -> (TestEnvironment, Child) {
    let env =
        ground(PLAN, executions(4)).script([ListFault::new(T::Slow(PATIENCE)).api("fnf:ListExecutions").forever()]);
    let child = env.command(RUN).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    assert!(env.simulator().wait_until(PATIENCE, |requests| requests.by_api.contains_key("fnf:ListExecutions")));
    (env, child)
}

#[cfg(unix)]
#[test]
fn row_39_a_signal_ends_a_listing_with_a_whole_report_and_no_stop() {
    for signal in ["INT", "TERM"] {
        let (env, child) = listing();
        let kill = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let ended = Ended::from(child.wait_with_output().unwrap());
        let report = env.report(REPORT);
        assert_eq!(
            (ended.code, &report["run"]["status"]),
            (if signal == "INT" { 130 } else { 143 }, &json!("interrupted"))
        );
        assert_eq!((rows(&report).len(), env.stops()), (0, 0));
        assert!(!env.exists(JOURNAL), "nothing can be resumed");
    }
}

#[test]
fn the_deadline_ends_a_listing_with_1() {
    let env =
        ground(PLAN, executions(4)).script([ListFault::new(T::Slow(PATIENCE)).api("fnf:ListExecutions").forever()]);
    let (ended, report) = env.select(&["--deadline", "200ms"]);
    assert_eq!((ended.code, &report["run"]["status"], env.stops()), (1, &json!("deadline"), 0), "{ended:?}");
}

#[test]
fn row_42_a_retry_takes_its_rows_from_the_report() {
    let mut some = executions(4);
    some[0].course = Course { leaves: Some((When::Shown, Leaving::Goes)), ..Course::default() };
    // The first one is gone, so that the canary fails and the others are left.
    let config = Config { port: lasting_port(), ..quick() };
    let mut env = configured(&config, &format!("stages: [{{name: one, canary: 1, {PLAN}}}]"), some);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, &rows(&report)[3][..]), (3, "fnf_execution:etl/r3 aborted"), "{ended:?}");
    // The plan selects something else now.
    env.replace_resources(&quick(), executions(6));
    env.edit("plan.yaml", "flow_name: 'etl*'", "flow_name: other");
    let Ended { code, stderr, .. } = env.run(["retry", REPORT, "--yes", "--progress", "off", "--report", "again.json"]);
    assert_eq!(code, 0, "{stderr}");
    let report = env.report("again.json");
    let tried: Vec<_> = rows(&report).into_iter().filter(|row| row.ends_with(" stopped")).collect();
    assert_eq!(tried, ["r1", "r2", "r3"].map(|name| format!("fnf_execution:etl/{name} stopped")));
    assert_eq!((env.lists(), env.stops()), (0, 3));
    // The account must be there.
    env.edit("plan.yaml", "  ali: {", "  ali-2: {");
    env.edit("plan.yaml", "account: ali,", "account: ali-2,");
    let Ended { code, stderr, .. } = env.run(["retry", REPORT, "--yes", "--progress", "off"]);
    assert_eq!((code, env.stops()), (2, 3), "{stderr}");
}

#[test]
fn row_43_of_a_run_that_listed_in_vain_nothing_can_be_retried() {
    let env = ground(PLAN, executions(4)).script([ListFault::new(T::Denied).api("fnf:ListFlows").forever()]);
    is_unlisted(&env, &env.select(&[]));
    let Ended { code, stderr, .. } = env.run(["retry", REPORT, "--yes", "--progress", "off"]);
    assert_eq!((code, env.stops()), (2, 0), "{stderr}");
    assert!(stderr.contains("nothing was selected") && stderr.contains("allstop run"), "{stderr}");
}

#[test]
fn row_44_a_shard_takes_no_selection() {
    let env = ground(PLAN, executions(4));
    let Ended { code, stderr, .. } = env.run([&RUN[..], &["--shard", "1/4"]].concat());
    assert_eq!((code, env.lists(), env.stops()), (2, 0, 0), "{stderr}");
    assert!(stderr.contains("allstop plan"), "{stderr}");
}

#[test]
fn row_41_a_wrong_key_closes_its_account_and_the_others_are_listed() {
    let execution = |account: u16| {
        let kind = "fnf_execution";
        resource(json!({"kind": kind, "account": account, "flow_name": "etl", "execution_name": "r"}))
    };
    let mut env = ground("targets: []", (0..10).map(execution));
    let mut plan = "version: 1\nretry: {initial_delay: 1ms, max_delay: 2ms}\naccounts:\n".to_owned();
    for number in 0..10 {
        let key = env.accept_as(allstop::provider::Cloud::Alibaba, number);
        let place = "cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: ENDPOINT}";
        plan.push_str(&format!("  a{number}: {{{place}, credentials: {key}}}\n"));
    }
    plan.push_str("targets: [{kind: fnf_execution, accounts: ['a*'], select: {flow_name: 'etl*'}}]\n");
    env.write_plan(&plan);
    let ended = env.run_with([("KEY_3_SECRET", "wrong")], RUN);
    let report = env.report(REPORT);
    is_unlisted(&env, &(ended, report.clone()));
    let missing = report["selections"][0]["missing"].as_array().unwrap();
    assert_eq!(
        (missing.len(), &missing[0]["account"], &missing[0]["error"]["class"]),
        (1, &json!("a3"), &json!("auth"))
    );
    let ledger = env.simulator().ledger();
    assert_eq!(ledger.requests.by_api["fnf:ListFlows"], 9);
    // The first refusal may be a gateway's trouble; the second closes the account.
    assert!(ledger.requests.bad_auth <= 2, "{:?}", ledger.requests.refused);
}
