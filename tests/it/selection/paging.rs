//! Pages that are lost, repeated, moved or too long: a list is whole, or nothing is stopped.

use allstop::simulator::{Config, LastToken, ListFault, ListTrouble as T, Quirks, Resource};
use serde_json::json;

use super::ground::{configured, counts, execution, ground, is_unlisted, missing, quick, resource, rows};
use crate::environment::TestEnvironment;

const ALL_FLOWS: &str = "targets: [{kind: live_flow, account: hw, select: all}]";
const ETL: &str = "targets: [{kind: fnf_execution, account: ali, select: {flow_name: etl}}]";

fn flow(number: usize) -> Resource {
    resource(json!({"kind": "live_flow", "project_id": "p", "flow_id": format!("f{number:03}")}))
}

fn flows(count: usize) -> Vec<Resource> {
    (0..count).map(flow).collect()
}

fn executions(count: usize) -> Vec<Resource> {
    (0..count).map(|number| execution("etl", &format!("r{number:03}"), "Running", 600)).collect()
}

/// Returns the environment of a plan whose requests are tried so many times.
fn tries(most: u32, plan: &str, resources: Vec<Resource>) -> TestEnvironment {
    let env = ground(plan, resources);
    env.edit("plan.yaml", "max_delay: 2ms", &format!("max_delay: 2ms, max_attempts: {most}"));
    env
}

/// Returns how often a page was asked for.
fn asked(env: &TestEnvironment, page: &str) -> u64 {
    env.pages().iter().find(|(name, _)| name == page).map_or(0, |(_, count)| *count)
}

#[test]
fn row_1_a_page_that_is_throttled_for_ever_ends_as_a_stop_would() {
    let env = ground(ETL, executions(250)).script([ListFault::new(T::Throttled).page(2).forever()]);
    env.edit("plan.yaml", "max_delay: 2ms", "max_delay: 2ms, max_elapsed: 300ms");
    let run = env.select(&[]);
    is_unlisted(&env, &run);
    assert_eq!(missing(&run.1, 0), ["flow etl: throttled"]);
    assert!(asked(&env, "fnf:ListExecutions etl?Running 2") > 1);
    assert_eq!(asked(&env, "fnf:ListExecutions etl?Running 3"), 0);
}

#[test]
fn row_2_what_is_no_list_is_tried_again_and_never_empty() {
    for trouble in [T::Empty, T::Null, T::Object, T::Missing] {
        // It fails for good.
        let env = tries(3, ALL_FLOWS, flows(3)).script([ListFault::new(trouble.clone()).forever()]);
        let run = env.select(&[]);
        is_unlisted(&env, &run);
        assert_eq!(missing(&run.1, 0), ["flows: protocol"], "{trouble:?}");
        assert_eq!(env.lists(), 3, "{trouble:?}");
        // It is there at the third try.
        let env = tries(3, ALL_FLOWS, flows(3)).script([ListFault::new(trouble.clone()).times(2)]);
        let (ended, report) = env.select(&[]);
        assert_eq!((ended.code, counts(&report, 0)), (0, "seen 3 matched 3".into()), "{trouble:?}: {ended:?}");
    }
}

#[test]
fn row_3_an_entry_that_comes_twice_is_listed_again_and_the_third_time_fails() {
    // f001 is hidden by a second f000 in the first two passes.
    for (times, is_whole) in [(2, true), (3, false)] {
        let env = ground(ALL_FLOWS, flows(101)).script([ListFault::new(T::Duplicate).page(1).times(times)]);
        let run = env.select(&[]);
        assert_eq!(asked(&env, "live:ListFlows p 1"), 3);
        if is_whole {
            assert_eq!((run.0.code, counts(&run.1, 0)), (0, "seen 101 matched 101".into()), "{:?}", run.0);
            assert_eq!(env.stops(), 101);
        } else {
            is_unlisted(&env, &run);
            assert_eq!(missing(&run.1, 0), ["flows: conflict"]);
        }
    }
}

#[test]
fn row_4_fewer_entries_than_the_total_are_listed_again_and_the_third_time_fails() {
    for (times, is_whole) in [(2, true), (3, false)] {
        let env = ground(ALL_FLOWS, flows(101)).script([ListFault::new(T::Short).page(2).times(times)]);
        let run = env.select(&[]);
        assert_eq!(asked(&env, "live:ListFlows p 2"), 3);
        if is_whole {
            assert_eq!((run.0.code, counts(&run.1, 0)), (0, "seen 101 matched 101".into()), "{:?}", run.0);
        } else {
            is_unlisted(&env, &run);
            assert_eq!(missing(&run.1, 0), ["flows: conflict"]);
        }
    }
}

#[test]
fn row_5_an_entry_that_moves_between_the_pages_is_seen_by_the_second_try() {
    let env = ground(ALL_FLOWS, flows(150)).script([ListFault::new(T::Move).page(1)]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, counts(&report, 0)), (0, "seen 150 matched 150".into()), "{ended:?}");
    assert!(rows(&report).contains(&"live_flow:f100 stopped".to_owned()), "{report}");
    assert_eq!((env.lists(), env.stops()), (4, 150));
}

#[test]
fn row_6_a_token_that_comes_back_ends_the_listing_at_once() {
    let env = ground(ETL, executions(250)).script([ListFault::new(T::TokenBack).page(2).forever()]);
    let run = env.select(&[]);
    is_unlisted(&env, &run);
    assert_eq!(missing(&run.1, 0), ["flow etl: protocol"]);
    assert_eq!(asked(&env, "fnf:ListExecutions etl?Running 2"), 1);
}

#[test]
fn row_7_a_last_page_may_end_in_three_ways() {
    for last_token in [LastToken::Absent, LastToken::Empty, LastToken::Null] {
        let config = Config { quirks: Quirks { last_token, ..Quirks::default() }, ..quick() };
        let env = configured(&config, ETL, executions(100));
        let (ended, report) = env.select(&[]);
        assert_eq!((ended.code, counts(&report, 0)), (0, "seen 100 matched 100".into()), "{ended:?}");
        assert_eq!(asked(&env, "fnf:ListExecutions etl?Running 2"), 1);
        assert_eq!(env.lists(), 3);
    }
}

#[test]
fn row_8_an_empty_page_with_a_token_leads_on() {
    let env = ground(ETL, executions(10)).script([ListFault::new(T::Hollow).page(1).status("Running")]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, counts(&report, 0)), (0, "seen 10 matched 10".into()), "{ended:?}");
}

#[test]
fn row_9_one_that_begins_to_run_in_between_is_one_target() {
    let starting = json!({
        "kind": "fnf_execution", "flow_name": "etl", "execution_name": "r", "status": "Starting", "later": "Running",
    });
    let env = ground(ETL, [resource(starting)]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, counts(&report, 0)), (0, "seen 1 matched 1".into()), "{ended:?}");
    assert_eq!(report["targets"][0]["seen"]["state"], "Running");
    let listed = env.simulator().ledger().resources[0].life.listed;
    assert_eq!((listed, env.stops()), (2, 1));
}

#[test]
fn row_15_pages_that_are_too_long_are_halved() {
    // 9 entries of 4 MiB: 9 are 36 MiB, and a page of at most 6 is asked for.
    let fat = |size: usize| ListFault::new(T::Fat(size)).api("live:ListFlows").forever();
    let env = ground(ALL_FLOWS, flows(9)).script([fat(4 << 20)]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, counts(&report, 0)), (0, "seen 9 matched 9".into()), "{ended:?}");
    let pages: Vec<_> = env.pages().into_iter().map(|(_, count)| count).collect();
    // 100, 50, 25 and 12 at a time are too many.
    assert_eq!(pages, [5, 1]);
}

#[test]
fn row_19_no_page_is_asked_for_beyond_the_last() {
    let jobs = (0..200)
        .map(|number| resource(json!({"kind": "drs_job", "project_id": "p", "job_id": format!("j{number:03}")})));
    let env = ground("targets: [{kind: drs_job, account: hw, select: {job_type: sync}}]", jobs);
    let report = env.run(["run", "plan.yaml", "--dry-run"]);
    assert_eq!(report.code, 0, "{report:?}");
    assert_eq!(env.pages(), [1, 2].map(|page| (format!("drs:ShowJobList p/sync {page}"), 1)));
}

#[test]
fn row_18_the_error_that_says_that_there_is_nothing_is_an_empty_list() {
    let config = Config { quirks: Quirks { empty_is_an_error: true, ..Quirks::default() }, ..quick() };
    let env = configured(&config, "targets: [{kind: drs_job, account: hw, select: {job_type: sync}}]", []);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, counts(&report, 0)), (4, "seen 0 matched 0".into()), "{ended:?}");
    assert_eq!(missing(&report, 0), Vec::<String>::new());
}
