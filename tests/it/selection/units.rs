//! Units: what is gone, what is refused, and what is shown in two lists or under an odd name.

use allstop::simulator::{Config, ListFault, ListTrouble as T, Quirks, Resource};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::ground::{ago, configured, counts, execution, ground, is_unlisted, missing, quick, resource, rows};

const ETL: &str = "targets: [{kind: fnf_execution, account: ali, select: {flow_name: etl}}]";
const ANY_ETL: &str = "targets: [{kind: fnf_execution, account: ali, select: {flow_name: 'etl*'}}]";

fn named(flow: &str, name: &str) -> Resource {
    execution(flow, name, "Running", 600)
}

#[test]
fn row_10_a_flow_that_is_deleted_between_the_lists_is_empty() {
    let env = ground(ANY_ETL, [named("etl-a", "r"), named("etl-b", "r")])
        .script([ListFault::new(T::Drop).api("fnf:ListFlows")]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, rows(&report)), (0, vec!["fnf_execution:etl-b/r stopped".to_owned()]), "{ended:?}");
    assert_eq!(missing(&report, 0), Vec::<String>::new());
}

#[test]
fn row_11_a_flow_that_the_plan_names_must_be_there_unless_the_plan_says_otherwise() {
    let env = ground(ETL, [named("other", "r")]);
    let run = env.select(&[]);
    is_unlisted(&env, &run);
    assert_eq!(missing(&run.1, 0), ["flow etl: not_found"]);
    let env = ground(&format!("guards: {{not_found: ok}}\n{ETL}"), [named("other", "r")]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, counts(&report, 0)), (4, "seen 0 matched 0".into()), "{ended:?}");
}

#[test]
fn row_12_a_service_that_cannot_list_starting_ones_is_warned_of_once() {
    let config = Config { quirks: Quirks { refuses_starting: true, ..Quirks::default() }, ..quick() };
    let env = configured(&config, ANY_ETL, [named("etl-a", "r"), named("etl-b", "r")]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, counts(&report, 0)), (0, "seen 2 matched 2".into()), "{ended:?}");
    let warnings = report["selections"][0]["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].as_str().unwrap().contains("cannot list executions that are starting"), "{warnings:?}");
}

#[test]
fn row_13_a_long_name_with_colons_is_a_target() {
    let name = format!("sync:{}", "a:".repeat(80));
    assert_eq!(name.len(), 165);
    let env = ground(ETL, [named("etl", &name)]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, rows(&report)), (0, vec![format!("fnf_execution:etl/{name} stopped")]), "{ended:?}");
    assert_eq!(env.stops(), 1);
}

#[test]
fn row_14_what_no_target_can_name_is_counted_and_the_exit_status_is_1() {
    for (name, shown) in [("line\nbreak".to_owned(), "line\\nbreak".to_owned()), ("x".repeat(600), "x".repeat(20))] {
        let env = ground(ETL, [named("etl", &name), named("etl", "good")]);
        let (ended, report) = env.select(&[]);
        assert_eq!((ended.code, &report["run"]["status"]), (1, &json!("completed")), "{ended:?}");
        assert_eq!(counts(&report, 0), "seen 2 matched 1 unusable 1");
        let unusable = report["selections"][0]["unusable"][0].as_str().unwrap();
        assert!(unusable.contains(&shown) && !unusable.contains('\n'), "{unusable}");
        assert!(ended.stderr.contains(&shown), "{}", ended.stderr);
        assert_eq!(env.stops(), 1);
    }
}

#[test]
fn row_16_ages_are_measured_by_the_clock_of_the_service() {
    let config = Config { clock_offset: SignedDuration::from_hours(-3), ..quick() };
    let plan = "targets: [{kind: fnf_execution, account: ali, select: {flow_name: etl, older_than: 2h}}]";
    // By this machine's clock they are 4 and 6 hours old; by the service's, 1 and 3.
    let executions = [("young", 240), ("old", 360)];
    let executions = executions.map(|(name, minutes)| execution("etl", name, "Running", minutes));
    let env = configured(&config, plan, executions);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, rows(&report)), (0, vec!["fnf_execution:etl/old stopped".to_owned()]), "{ended:?}");
}

#[test]
fn row_17_times_are_read_exactly_however_they_are_written() {
    let begun: jiff::Timestamp = "2026-01-02T03:04:05.123456789Z".parse().unwrap();
    let written =
        ["2026-01-02T03:04:05.123456789Z", "2026-01-02T11:04:05.123456789+08:00", "2026-01-02t03:04:05.123456789z"];
    for since in written {
        // What the simulator writes as it is, is no time of its own: zones and nanoseconds come through.
        let mut one = named("etl", "r");
        let facts = allstop::simulator::Facts {
            start: Some(allstop::simulator::Start::At(since.into())),
            status: Some("Running".into()),
            ..allstop::simulator::Facts::default()
        };
        one.facts = Some(std::sync::Arc::new(facts));
        for (condition, matches) in [
            ("started_after: '2026-01-02T03:04:05.123456789Z'", 1),
            ("started_after: '2026-01-02T03:04:05.123456790Z'", 0),
            ("started_before: '2026-01-02T03:04:05.123456789Z'", 0),
            ("started_before: '2026-01-02T03:04:05.123456790Z'", 1),
        ] {
            let plan = ETL.replace("flow_name: etl", &format!("flow_name: etl, {condition}"));
            let env = ground(&plan, [one.clone()]);
            let (ended, report) = env.select(&[]);
            assert_eq!(report["selections"][0]["matched"], matches, "{since} {condition}: {ended:?}");
        }
        let env = ground(ETL, [one]);
        let (_, report) = env.select(&[]);
        let shown: jiff::Timestamp = report["targets"][0]["seen"]["since"].as_str().unwrap().parse().unwrap();
        assert_eq!(shown, begun);
    }
}

fn job(id: &str, more: &Value) -> Resource {
    let mut job = json!({"kind": "drs_job", "project_id": "p", "job_id": id});
    job.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    resource(job)
}

#[test]
fn row_20_a_job_in_the_lists_of_two_types_is_one_target() {
    let env = ground(
        "targets: [{kind: drs_job, account: hw, select: all}]",
        [job("j", &json!({"job_type": "migration,sync"}))],
    );
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, counts(&report, 0)), (0, "seen 1 matched 1".into()), "{ended:?}");
    assert_eq!((env.lists(), env.simulator().ledger().resources[0].life.listed, env.stops()), (3, 2, 1));
}

#[test]
fn row_21_a_job_that_the_list_of_tags_lacks_has_none() {
    let plan = "targets: [{kind: drs_job, account: hw, select: {job_type: sync, except: {tags: {keep: '*'}}}}]";
    let jobs = [job("bare", &json!({"tagged": "no"})), job("kept", &json!({"tags": {"keep": "1"}}))];
    let plan = plan.replace("job_type: sync, ", "job_type: sync, name: '*', ");
    let env = ground(&plan, jobs);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, rows(&report)), (0, vec!["drs_job:bare stopped".to_owned()]), "{ended:?}");
    assert_eq!(counts(&report, 0), "seen 2 matched 1 excepted 1");
}

#[test]
fn row_22_tags_may_be_empty_and_one_key_may_have_several() {
    let of = |id: &str, tags: Value| {
        let (kind, status) = ("opensearch_task", "running");
        resource(json!({"kind": kind, "instance_id": id, "fsm_id": "t", "status": status, "tags": tags}))
    };
    let tasks = [
        of("ha-empty", json!({"env": ""})),
        of("ha-two", json!([["env", "prod"], ["env", "test"]])),
        of("ha-none", json!({})),
    ];
    for (condition, expected) in [("{env: '*'}", &["ha-empty", "ha-two"][..]), ("{env: test}", &["ha-two"])] {
        let plan = format!("targets: [{{kind: opensearch_task, account: ali, select: {{tags: {condition}}}}}]");
        let env = ground(&plan, tasks.clone());
        let (ended, report) = env.select(&[]);
        let mut found = rows(&report);
        found.sort();
        let expected: Vec<_> = expected.iter().map(|id| format!("opensearch_task:{id}/t stopped")).collect();
        assert_eq!((ended.code, found), (0, expected), "{condition}: {ended:?}");
    }
}

#[test]
fn row_23_a_task_runs_if_either_list_says_so() {
    let task = json!({
        "kind": "opensearch_task", "instance_id": "ha", "fsm_id": "t", "in": "both", "status": "success",
        "data_status": "retry", "state": "running", "since": ago(60),
    });
    let env = ground("targets: [{kind: opensearch_task, account: ali, select: all}]", [resource(task)]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, counts(&report, 0)), (0, "seen 1 matched 1".into()), "{ended:?}");
    assert_eq!(report["targets"][0]["seen"]["state"], "retry");
}

#[test]
fn row_24_a_flow_of_another_region_is_shown_and_stopped_through_the_account() {
    let flow = json!({"kind": "live_flow", "project_id": "p", "flow_id": "f", "region": "cn-south-1"});
    let env = ground("targets: [{kind: live_flow, account: hw, select: all}]", [resource(flow)]);
    let (ended, report) = env.select(&[]);
    assert_eq!((ended.code, rows(&report)), (0, vec!["live_flow:f stopped".to_owned()]), "{ended:?}");
    assert_eq!((&report["targets"][0]["account"], env.stops()), (&json!("hw"), 1));
}
