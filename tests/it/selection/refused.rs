//! What a guard refused, or an option leaves out, and the ways round it that there are none of.

use allstop::simulator::{Config, ListFault, ListTrouble, Resource};
use serde_json::json;

use super::ground::{REPORT, configured, execution, ground, lasting_port, quick, resource, rows};
use crate::environment::Ended;

const RETRY: [&str; 5] = ["retry", REPORT, "--yes", "--progress", "off"];

fn executions(flow: &str, count: u64) -> Vec<Resource> {
    (0..count).map(|number| execution(flow, &format!("r{number}"), "Running", 100 - number)).collect()
}

#[test]
fn what_an_expectation_refused_is_not_retried() {
    let plan =
        "targets: [{id: old, kind: fnf_execution, account: ali, select: {flow_name: etl, expect: {at_most: 3}}}]";
    let env = ground(plan, executions("etl", 5));
    assert_eq!(env.select(&[]).0.code, 3);
    let Ended { code, stderr, .. } = env.run(RETRY);
    assert_eq!((code, env.stops()), (3, 0), "{stderr}");
    assert!(stderr.contains("old: 5 match, at most 3 are expected"), "{stderr}");
}

#[test]
fn a_run_that_was_ended_while_it_listed_has_nothing_to_retry() {
    let plan = "guards: {max_targets: 3}\n\
                targets: [{kind: fnf_execution, account: ali, select: {flow_name: etl}},\n\
                {kind: fnf_execution, account: ali, flow_name: own, execution_name: r0}]";
    let env = ground(plan, executions("etl", 5).into_iter().chain(executions("own", 1)));
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, rows(&report)), (3, vec!["fnf_execution:own/r0 aborted".to_owned()]), "{ended:?}");
    assert!(!ended.stderr.contains("protocol"), "{}", ended.stderr);
    let Ended { code, stderr, .. } = env.run(RETRY);
    assert_eq!((code, env.stops()), (2, 0), "{stderr}");
    assert!(stderr.contains("allstop run"), "{stderr}");
}

#[test]
fn a_retry_does_not_call_everything_stopped_where_a_list_could_not_be_read() {
    let plan = "targets: [{kind: fnf_execution, account: ali, select: {flow_name: [etl, tmp]}}]";
    let fault = ListFault::new(ListTrouble::Denied).api("fnf:ListExecutions").scope("tmp").forever();
    let env = ground(plan, executions("etl", 2).into_iter().chain(executions("tmp", 2))).script([fault]);
    let (ended, report) = env.select(&["--partial"]);
    assert_eq!((ended.code, rows(&report).len()), (1, 2), "{ended:?}");
    let Ended { code, stderr, .. } = env.run(RETRY);
    assert_eq!((code, env.stops()), (1, 2), "{stderr}");
    assert!(stderr.contains("could not be read"), "{stderr}");
}

#[test]
fn a_selection_that_the_options_spare_breaks_no_expectation_and_is_not_called_empty() {
    let plan = "targets: [{id: a, kind: fnf_execution, account: ali, select: {flow_name: etl}},\n\
                {id: b, kind: fnf_execution, account: ali, select: {flow_name: tmp, expect: {at_least: 9}}}]";
    let env = ground(plan, executions("etl", 2));
    let (ended, _) = env.select(&["--skip", "selection=b"]);
    assert_eq!((ended.code, env.stops()), (0, 2), "{ended:?}");
    let wrong = ["Nothing matches b", "expected", "did you mean"];
    assert!(wrong.iter().all(|text| !ended.stderr.contains(text)), "{}", ended.stderr);
}

#[test]
fn what_the_plan_names_itself_counts_once() {
    let plan = "guards: {max_targets: 3}\n\
                targets: [{kind: fnf_execution, account: ali, select: {flow_name: etl}},\n\
                {kind: fnf_execution, account: ali, flow_name: etl, execution_name: r0}]";
    let env = ground(plan, executions("etl", 3));
    let (ended, _) = env.select(&[]);
    assert_eq!((ended.code, env.stops()), (0, 3), "{ended:?}");
}

#[test]
fn a_tag_that_came_after_the_review_is_seen_by_skip() {
    let job = |id: &str, tags: serde_json::Value| {
        resource(json!({"kind": "drs_job", "project_id": "p", "job_id": id, "tags": tags}))
    };
    let config = Config { port: lasting_port(), ..quick() };
    let plan = "targets: [{kind: drs_job, account: hw, select: {job_type: sync}}]";
    let mut env = configured(&config, plan, [job("j1", json!({})), job("j2", json!({}))]);
    let Ended { code, stderr, .. } = env.run(["plan", "plan.yaml", "-o", "r.yaml"]);
    assert_eq!(code, 0, "{stderr}");
    env.replace_resources(&quick(), [job("j1", json!({})), job("j2", json!({"keep": "yes"}))]);
    let Ended { code, stderr, .. } = env.run(["run", "r.yaml", "--yes", "--progress", "off", "--skip", "tag.keep=*"]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(rows(&env.report("r.report.json")), ["drs_job:j1 stopped", "drs_job:j2 filtered"], "{stderr}");
}
