//! Eight plans and what comes of them.

use allstop::clock::{Clock, SystemClock};
use allstop::simulator::{Course, Leaving, ListFault, ListTrouble, Resource, When};
use serde_json::{Value, json};

use super::ground::{ago, configured, counts, execution, ground, is_unlisted, missing, quick, resource, rows};
use crate::environment::TestEnvironment;

/// Incident: old executions, but for those of payments.
const OLD: &str = r#"
guards: {protect: ["*payments*"]}
targets:
  - {id: old-etl, kind: fnf_execution, account: ali, select: {flow_name: "etl-*", older_than: 2h}}
"#;

fn etl() -> Vec<Resource> {
    vec![
        execution("etl-orders", "a", "Running", 240),
        execution("etl-orders", "b", "Running", 60),
        execution("etl-payments", "c", "Running", 300),
        execution("report", "d", "Running", 300),
        execution("etl-orders", "e", "Starting", 121),
        execution("etl-orders", "f", "Succeeded", 240),
    ]
}

#[test]
fn e1_old_executions_in_an_incident() {
    let env = ground(OLD, etl());
    let (ended, report) = env.select(&[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let expected = [
        "fnf_execution:etl-payments/c protected",
        "fnf_execution:etl-orders/a stopped",
        "fnf_execution:etl-orders/e stopped",
    ];
    assert_eq!(rows(&report), expected);
    // Executions that began later are not even asked for.
    assert_eq!(counts(&report, 0), "seen 3 matched 3");
    assert_eq!(report["selections"][0]["requests"], 5);
    let pages = [
        "fnf:ListExecutions etl-orders?Running 1",
        "fnf:ListExecutions etl-orders?Starting 1",
        "fnf:ListExecutions etl-payments?Running 1",
        "fnf:ListExecutions etl-payments?Starting 1",
        "fnf:ListFlows  1",
    ];
    assert_eq!(env.pages(), pages.map(|page| (page.to_owned(), 1)));
    assert_eq!(env.stops(), 2);
}

#[test]
fn e1_a_service_that_ignores_bounds_shows_more_and_the_same_is_stopped() {
    let mut config = quick();
    config.quirks.ignores_filters = true;
    let env = configured(&config, OLD, etl());
    let (ended, report) = env.select(&[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(counts(&report, 0), "seen 5 matched 3 not_running 1 other 1");
    assert_eq!(rows(&report).len(), 3);
}

/// Jobs by tag.
const BY_TAG: &str = r#"
targets:
  - id: test-jobs
    kind: drs_job
    account: hw
    select: {job_type: sync, tags: {env: test}, except: [{tags: {keep: "*"}}, {name: "*golden*"}]}
    is_force_stop: true
"#;

fn jobs() -> Vec<Resource> {
    let job = |id: &str, more: Value| {
        let mut job = json!({"kind": "drs_job", "project_id": "p", "job_id": id, "since": "2026-01-02 03:04:05"});
        job.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        resource(job)
    };
    vec![
        job("j1", json!({"tags": {"env": "test"}})),
        job("j2", json!({"tags": {"env": "test", "keep": "yes"}})),
        job("j3", json!({"tags": {"env": "test"}, "name": "db-golden-1"})),
        job("j4", json!({"tags": {"env": "prod"}})),
        job("j5", json!({})),
        job("j6", json!({"tags": {"env": "test"}, "status": "RELEASE_RESOURCE_COMPLETE"})),
        job("j7", json!({"tags": {"env": "test"}, "status": "CONFIGURATION"})),
        job("p", json!({"tags": {"env": "test"}})),
        job("k", json!({"tags": {"env": "test"}, "parent": "p"})),
    ]
}

#[test]
fn e2_jobs_by_tag() {
    let env = ground(BY_TAG, jobs());
    let (ended, report) = env.select(&[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(rows(&report), ["drs_job:j1 stopped", "drs_job:j7 stopped", "drs_job:p stopped"]);
    assert_eq!(counts(&report, 0), "seen 9 matched 3 child 1 excepted 2 not_running 1 other 2");
    let pages = ["drs:ListInstanceByTags p/sync 1", "drs:ShowJobList p/sync 1"];
    assert_eq!(env.pages(), pages.map(|page| (page.to_owned(), 1)));
    let said = env.simulator().ledger().resources.iter().flat_map(|one| one.said.clone()).collect::<Vec<_>>();
    assert_eq!(said, vec!["is_force_stop: true".into(); 3]);
}

#[cfg(unix)]
#[test]
fn e2_the_question_says_that_it_cannot_be_undone() {
    let env = ground(BY_TAG, jobs());
    let (code, shown) = crate::resume::terminal::answered(&env, &["run", "plan.yaml"], "n\n");
    assert_eq!((code, env.stops()), (Some(3), 0), "{shown}");
    assert!(shown.contains("would stop 3 targets") && shown.contains("cannot be undone"), "{shown}");
}

#[test]
fn e2_tags_that_are_refused_stop_nothing() {
    let denied = ListFault::new(ListTrouble::Denied).api("drs:ListInstanceByTags").forever();
    let env = ground(BY_TAG, jobs()).script([denied]);
    let run = env.select(&[]);
    is_unlisted(&env, &run);
    let error = &run.1["selections"][0]["missing"][0]["error"];
    assert_eq!(error["class"], "denied", "{error}");
}

/// All flows of a project.
const ALL: &str = "targets: [{id: all, kind: live_flow, account: hw, select: all}]";

fn flows() -> impl Iterator<Item = Resource> {
    let status = |number| match number {
        0..40 => "ACTIVE",
        40..100 => "STANDBY",
        _ => "STARTING",
    };
    (0..101).map(move |number| {
        let (id, status) = (format!("f{number:03}"), status(number));
        resource(json!({"kind": "live_flow", "project_id": "p", "flow_id": id, "status": status}))
    })
}

#[test]
fn e3_all_flows_of_a_project() {
    let env = ground(ALL, flows());
    let (ended, report) = env.select(&[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(counts(&report, 0), "seen 101 matched 40 not_running 60 unclear 1");
    assert!(rows(&report).iter().all(|row| row.ends_with(" stopped")) && rows(&report).len() == 40);
    assert_eq!(report["selections"][0]["requests"], 2);
    assert_eq!(env.lists(), 2);
    let unclear = report["selections"][0]["unclear"].to_string();
    assert!(unclear.contains("STARTING") && ended.stderr.contains("STARTING"), "{unclear} {}", ended.stderr);
    assert_eq!(env.stops(), 40);
}

#[test]
fn e3_a_second_page_without_a_list_is_no_list() {
    let fault = ListFault::new(ListTrouble::Empty).page(2).forever();
    let env = ground(&format!("{ALL}\n"), flows()).script([fault]);
    env.edit("plan.yaml", "max_delay: 2ms", "max_delay: 2ms, max_attempts: 3");
    let run = env.select(&[]);
    is_unlisted(&env, &run);
    assert_eq!(missing(&run.1, 0), ["flows: protocol"]);
    assert_eq!(env.pages().last().unwrap().1, 3, "page 2 is tried three times");
}

/// Tasks of the test instances.
const TASKS: &str =
    "targets: [{id: rebuilds, kind: opensearch_task, account: ali, select: {tags: {env: test}, older_than: 30m}}]";

#[test]
fn e4_tasks_of_the_test_instances() {
    let task = |instance: &str, task: &str, env: &str, status: &str, list: &str, minutes| {
        resource(json!({
            "kind": "opensearch_task", "instance_id": instance, "fsm_id": task, "tags": {"env": env},
            "status": status, "in": list, "since": ago(minutes),
        }))
    };
    let tasks = [
        task("ha-1", "t1", "test", "running", "both", 40),
        task("ha-1", "t2", "test", "onlyPublished", "cluster", 50),
        task("ha-1", "t3", "test", "retry", "data", 120),
        task("ha-2", "t4", "prod", "running", "both", 40),
        task("ha-3", "t5", "test", "running", "both", 40),
    ];
    let gone = ListFault::new(ListTrouble::Error(404, "Instance.NotFound")).scope("ha-3").forever();
    let env = ground(TASKS, tasks).script([gone]);
    let (ended, report) = env.select(&[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(rows(&report), ["opensearch_task:ha-1/t3 stopped", "opensearch_task:ha-1/t1 stopped"]);
    assert_eq!(counts(&report, 0), "seen 3 matched 2 unclear 1");
    let pages = [
        "searchengine:ListClusterTasks ha-1 1",
        "searchengine:ListClusterTasks ha-3 1",
        "searchengine:ListDataSourceTasks ha-1 1",
        "searchengine:ListInstances  1",
    ];
    assert_eq!(env.pages(), pages.map(|page| (page.to_owned(), 1)));
    assert_eq!(report["selections"][0]["requests"], 4);
}

fn changes() -> Vec<Resource> {
    let change = |id: &str, more: Value| {
        let mut change = json!({"kind": "elasticsearch_task", "instance_id": id});
        change.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        resource(change)
    };
    vec![
        change("es-1", json!({"status": "activating", "since": ago(120)})),
        change("es-2", json!({"status": "activating"})),
        change("es-3", json!({"status": "active"})),
        change("es-4", json!({"status": "activating", "since": ago(30)})),
    ]
}

#[test]
fn e5_changes_that_hang() {
    let plan = "targets: [{id: hung, kind: elasticsearch_task, account: ali, select: {older_than: 1h}}]";
    let env = ground(plan, changes());
    let (ended, report) = env.select(&[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(rows(&report), ["elasticsearch_task:es-1 stopped"]);
    assert_eq!(counts(&report, 0), "seen 4 matched 1 not_running 1 other 1 unclear 1");
    let pages = ["ListActionRecords es-1", "ListActionRecords es-2", "ListActionRecords es-4", "ListInstance "];
    assert_eq!(env.pages(), pages.map(|page| (format!("elasticsearch:{page} 1"), 1)));
    assert!(ended.stderr.contains("may have been interrupted already: es-2"), "{}", ended.stderr);
}

#[test]
fn e5_without_an_age_no_records_are_read() {
    let env = ground("targets: [{kind: elasticsearch_task, account: ali, select: all}]", changes());
    let (ended, report) = env.select(&[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let expected = ["es-1", "es-2", "es-4"].map(|id| format!("elasticsearch_task:{id} stopped"));
    assert_eq!(rows(&report), expected);
    assert_eq!(env.pages(), [("elasticsearch:ListInstance  1".to_owned(), 1)]);
}

/// Ten accounts, each with a key of its own; the seventh is refused.
fn ten(executions: bool) -> TestEnvironment {
    let resources = (0..10).filter(|_| executions).map(|account| {
        let (kind, flow) = ("fnf_execution", format!("etl-{account}"));
        resource(json!({"kind": kind, "account": account, "flow_name": flow, "execution_name": "r"}))
    });
    let mut env = ground("targets: []", resources);
    let mut plan = "version: 1\nretry: {initial_delay: 1ms, max_delay: 2ms}\naccounts:\n".to_owned();
    for number in 0..10 {
        let key = env.accept_as(allstop::provider::Cloud::Alibaba, number);
        plan.push_str(&format!(
            "  ali-{}: {{cloud: alibaba, region: cn-hangzhou, endpoints: {{fnf: ENDPOINT}}, credentials: {key}}}\n",
            number + 1
        ));
    }
    plan.push_str("targets: [{id: etl, kind: fnf_execution, accounts: ['ali-*'], select: {flow_name: 'etl-*'}}]\n");
    env.write_plan(&plan);
    env.script([ListFault::new(ListTrouble::Denied).api("fnf:ListFlows").account(6).forever()])
}

#[test]
fn e6_one_of_ten_accounts_is_denied() {
    let env = ten(true);
    let run = env.select(&[]);
    is_unlisted(&env, &run);
    let asked = env.simulator().ledger().listings;
    let accounts = asked.iter().filter(|of| of.api == "fnf:ListFlows").map(|of| of.account);
    assert_eq!(accounts.collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
    let stderr = &run.0.stderr;
    assert!(stderr.contains("ali-7") && stderr.contains("fnf:ListFlows on *"), "{stderr}");
    assert_eq!(run.1["selections"][0]["missing"].as_array().unwrap().len(), 1);
}

#[test]
fn e6_partial_stops_in_the_nine_others() {
    let env = ten(true);
    let (ended, report) = env.select(&["--partial"]);
    assert_eq!((ended.code, &report["run"]["status"]), (1, &json!("completed")), "{ended:?}");
    let expected: Vec<_> = (0..10).filter(|number| *number != 6).collect();
    assert_eq!(rows(&report).len(), 9);
    assert!(expected.iter().all(|n| rows(&report).contains(&format!("fnf_execution:etl-{n}/r stopped"))), "{report}");
    let missing = report["selections"][0]["missing"].as_array().unwrap();
    assert_eq!((missing.len(), &missing[0]["account"]), (1, &json!("ali-7")));
    assert!(ended.stderr.contains("NOT COMPLETE"), "{}", ended.stderr);
    let env = ten(false);
    let (ended, report) = env.select(&["--partial"]);
    assert_eq!((ended.code, rows(&report).len()), (1, 0), "{ended:?}");
}

#[cfg(unix)]
#[test]
fn e6_the_question_names_what_is_missing_first() {
    let env = ten(true);
    let (code, shown) = crate::resume::terminal::answered(&env, &["run", "plan.yaml", "--partial"], "n\n");
    assert_eq!((code, env.stops()), (Some(3), 0), "{shown}");
    let at = |text: &str| shown.find(text).unwrap_or_else(|| panic!("{text}: {shown}"));
    assert!(at("NOT COMPLETE: ali-7 could not be listed (denied)") < at("would stop 9 targets"), "{shown}");
}

/// Every night, in stages; `WINDOW` is when it may run.
const NIGHTLY: &str = r#"
guards: {window: {WINDOW, timezone: Asia/Shanghai}}
stages:
  - name: pilot
    targets:
      - {kind: fnf_execution, account: ali, select: {flow_name: "nightly-*", limit: 20, expect: {at_least: 1, at_most: 500}}}
    canary: 3
    pause: 30s
  - name: rest
    targets: [{kind: fnf_execution, account: ali, select: {flow_name: "nightly-*"}}]
    max_failures: 10%
"#;

/// Returns the plan with a window of two hours that begins so many hours from now.
fn nightly(begins: i64) -> String {
    let now = SystemClock.now().in_tz("Asia/Shanghai").unwrap();
    let at = |hours| (&now + jiff::SignedDuration::from_hours(hours)).strftime("%H:%M").to_string();
    NIGHTLY.replace("WINDOW", &format!("from: '{}', to: '{}'", at(begins), at(begins + 2)))
}

#[test]
fn e8_nightly_in_stages() {
    let leaves = |number, how| (number, Some((When::Shown, how)));
    let courses = [leaves(0, Leaving::Ends), leaves(3, Leaving::Goes)];
    let executions = (0..120).map(|number| {
        let one = execution("nightly-load", &format!("r{number:03}"), "Running", 1000 - number);
        let leaves = courses.iter().find(|(of, _)| *of == number).and_then(|(_, leaves)| *leaves);
        Resource { course: Course { leaves, ..Course::default() }, ..one }
    });
    let env = ground(&nightly(-1), executions);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, &report["run"]["status"]), (3, &json!("aborted")), "{ended:?}");
    assert_eq!(counts(&report, 0), "seen 120 matched 20 limit 100");
    assert_eq!(counts(&report, 1), "seen 120 matched 100 named_already 20");
    let pages = [("?Running 1", 1), ("?Running 2", 1), ("?Starting 1", 1)];
    let mut expected: Vec<_> =
        pages.iter().map(|(page, count)| (format!("fnf:ListExecutions nightly-load{page}"), *count)).collect();
    expected.push(("fnf:ListFlows  1".into(), 1));
    assert_eq!(env.pages(), expected, "it is listed once for both");
    let rows = rows(&report);
    let row = |number: usize, word: &str| format!("fnf_execution:nightly-load/r{number:03} {word}");
    let first = ["already_stopped", "stopped", "stopped", "not_found"];
    assert_eq!(rows[..4], [0, 1, 2, 3].map(|number| row(number, first[number])));
    assert_eq!(rows[4..], (4..120).map(|number| row(number, "aborted")).collect::<Vec<_>>());
    let stage = |row: usize| report["targets"][row]["stage"].as_str().unwrap();
    assert_eq!((stage(19), stage(20)), ("pilot", "rest"));
    assert_eq!(env.stops(), 4);
}

#[test]
fn e8_nothing_matches_though_something_is_expected() {
    let env = ground(&nightly(-1), []);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, &report["run"]["status"]), (3, &json!("aborted")), "{ended:?}");
    assert!(ended.stderr.contains("at least 1 is expected"), "{}", ended.stderr);
}

#[test]
fn e8_outside_the_window_nothing_is_listed() {
    let env = ground(&nightly(2), [execution("nightly-load", "r", "Running", 5)]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, &report["run"]["status"]), (3, &json!("aborted")), "{ended:?}");
    assert_eq!(env.lists(), 0);
}
