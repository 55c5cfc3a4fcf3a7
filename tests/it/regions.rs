//! One account over several regions: the built binary, against a simulator that has the targets of two projects.

use allstop::provider::Cloud;
use allstop::simulator::{Config, Resource};
use serde_json::{Value, json};

use crate::environment::{Ended, HUAWEI_KEYS, RUN, TestEnvironment, words};

const PLAN: &str = "
version: 1
accounts:
  hw:
    cloud: huawei
    projects: {cn-north-4: p-north, cn-east-3: p-east}
    endpoints: {live: ENDPOINT, drs: ENDPOINT}
retry: {max_attempts: 1}
verify: {mode: always}
targets:
  - {kind: live_flow, account: hw@cn-north-4, flow_id: flow}
  - {kind: live_flow, account: hw@cn-east-3, flow_id: flow}
  - {kind: drs_job, account: hw@cn-east-3, job_id: job}
  - {kind: live_flow, from: flows.csv}
";

const FLOWS: &str = "flow_id,account\nmore,hw@cn-north-4\n";

const NAMES: [&str; 4] = ["hw@cn-north-4", "hw@cn-east-3", "hw@cn-east-3", "hw@cn-north-4"];

/// An environment with the plan, whose requests go to `endpoint`.
fn with_plan(env: TestEnvironment, endpoint: &str) -> TestEnvironment {
    env.with("plan.yaml", PLAN.replace("ENDPOINT", &format!("'{endpoint}'"))).with("flows.csv", FLOWS)
}

/// An environment with a simulator in which both projects have a flow of the same id.
fn simulated() -> TestEnvironment {
    let mut env = TestEnvironment::new();
    let resources = [
        json!({"kind": "live_flow", "project_id": "p-north", "flow_id": "flow"}),
        json!({"kind": "live_flow", "project_id": "p-north", "flow_id": "more"}),
        json!({"kind": "live_flow", "project_id": "p-east", "flow_id": "flow"}),
        json!({"kind": "drs_job", "project_id": "p-east", "job_id": "job"}),
    ];
    let resources = resources.map(|resource| serde_json::from_value::<Resource>(resource).unwrap());
    let config = Config { speed: 1000.0, ..Config::default() };
    env.simulate_resources(&config, Cloud::Huawei, resources);
    let endpoint = env.simulator().endpoint();
    with_plan(env, &endpoint)
}

/// An environment in which nothing answers.
fn refused() -> TestEnvironment {
    let plan = PLAN.replace("ENDPOINT", "'http://127.0.0.1:PORT'");
    TestEnvironment::new().set(HUAWEI_KEYS).with("flows.csv", FLOWS).with_refused_plan(&plan)
}

/// Returns a value of each row.
fn column(report: &Value, name: &str) -> Vec<String> {
    let rows = report["targets"].as_array().unwrap();
    rows.iter().map(|row| row[name].as_str().unwrap_or_default().to_owned()).collect()
}

/// Returns the numbers of the rows that were not left out.
fn taken(report: &Value) -> Vec<usize> {
    let words = words(report);
    (0..words.len()).filter(|number| words[*number] != "filtered").collect()
}

#[test]
fn targets_of_two_projects_are_stopped_each_in_its_own() {
    let env = simulated();
    let Ended { code, stderr, .. } = env.run(RUN);
    assert_eq!(code, 0, "{stderr}");
    let report = env.report("plan.report.json");
    assert_eq!(words(&report), ["stopped"; 4]);
    assert_eq!(column(&report, "account"), NAMES);
    assert_eq!(column(&report, "region"), ["cn-north-4", "cn-east-3", "cn-east-3", "cn-north-4"]);
    assert_eq!(column(&report, "id"), ["live_flow:flow", "live_flow:flow@cn-east-3", "drs_job:job", "live_flow:more"]);
    let accounts = report["accounts"].as_array().unwrap();
    let places = accounts.iter().map(|account| json!([account["name"], account["region"], account["project_id"]]));
    let expected = json!([["hw@cn-north-4", "cn-north-4", "p-north"], ["hw@cn-east-3", "cn-east-3", "p-east"]]);
    assert_eq!(places.collect::<Value>(), expected);
    // Both lanes of an API are there, each with the rate of its region.
    let lanes = report["lanes"].as_array().unwrap().iter().filter(|lane| lane["api"] == "live:UpdateFlowStatusStop");
    let lanes: Vec<_> = lanes.map(|lane| lane["account"].as_str().unwrap()).collect();
    assert_eq!(lanes, NAMES[..2]);
}

#[test]
fn a_rehearsal_agrees_also_where_regions_have_targets_of_one_name() {
    let alibaba = "
version: 1
accounts: {ali: {cloud: alibaba, regions: [cn-hangzhou, cn-shanghai]}}
targets:
  - {kind: fnf_execution, account: ali@cn-hangzhou, flow_name: etl, execution_name: run}
  - {kind: fnf_execution, account: ali@cn-shanghai, flow_name: etl, execution_name: run}
";
    for env in
        [with_plan(TestEnvironment::new(), "http://127.0.0.1:1"), TestEnvironment::new().with("plan.yaml", alibaba)]
    {
        let Ended { code, stderr, .. } = env.rehearse(&[]);
        assert_eq!(code, 0, "{stderr}");
        let report = env.report("plan.rehearsal.report.json");
        assert_eq!(report["rehearsal"]["agrees"], true, "{report}");
        assert!(words(&report).iter().all(|word| word == "stopped"), "{report}");
    }
}

#[test]
fn check_and_the_prompt_show_the_account_with_its_region() {
    let env = refused();
    let Ended { code, stdout, stderr } = env.run(["check", "plan.yaml", "--list"]);
    assert_eq!(code, 0, "{stderr}");
    for name in ["hw@cn-north-4", "hw@cn-east-3"] {
        assert!(stdout.contains(name), "{stdout}");
    }
    let line = env.run(["check", "plan.yaml", "--output", "json"]).line();
    let choices = line["choices"].as_array().unwrap().iter().map(|target| target["account"].as_str().unwrap());
    assert_eq!(choices.collect::<Vec<_>>(), NAMES);
    // Without keys it says once for both regions what is missing.
    let env = with_plan(TestEnvironment::new(), "http://127.0.0.1:1");
    let line = env.run(["check", "plan.yaml", "--output", "json"]).line();
    let accounts = line["credentials"].as_array().unwrap().iter().map(|account| account["account"].as_str().unwrap());
    assert_eq!(accounts.collect::<Vec<_>>(), ["hw"]);
    let Ended { code, stderr, .. } = env.run(RUN);
    assert_eq!(code, 2, "{stderr}");
    assert_eq!(stderr.matches("no credentials for hw").count(), 1, "{stderr}");
}

#[test]
fn account_and_region_options_take_one_region_or_all() {
    for (options, expected) in [
        (&["--account", "hw"][..], &[0, 1, 2, 3][..]),
        (&["--account", "hw@cn-east-3"], &[1, 2]),
        (&["--account", "h?"], &[0, 1, 2, 3]),
        (&["--account", "*@cn-north-*"], &[0, 3]),
        (&["--region", "cn-east-3"], &[1, 2]),
        (&["--account", "hw", "--region", "cn-north-4"], &[0, 3]),
    ] {
        let env = refused();
        let Ended { stderr, .. } = env.run([&RUN[..], options].concat());
        assert!(!stderr.contains("matches no target"), "{options:?}: {stderr}");
        assert_eq!(taken(&env.report("plan.report.json")), expected, "{options:?}");
    }
    let Ended { code, stderr, .. } = refused().run([&RUN[..], &["--account", "hw@cn-east-4"]].concat());
    assert_eq!(code, 4, "{stderr}");
    assert!(stderr.contains("`hw@cn-east-4` matches no target of the plan; did you mean `hw@cn-east-3`?"), "{stderr}");
}

#[test]
fn retry_and_resume_go_on_in_the_regions() {
    let env = refused();
    env.run([&RUN[..], &["--journal", "j"]].concat());
    assert_eq!(words(&env.report("plan.report.json")), ["failed"; 4]);
    env.cut_to_header("j");
    let Ended { code, stderr, .. } = env.run(["resume", "j", "--yes", "--progress", "off"]);
    assert_eq!(code, 1, "{stderr}");
    assert_eq!(column(&env.report("plan.report.json"), "account"), NAMES);
    let retry = ["retry", "plan.report.json", "--yes", "--progress", "off", "--account", "hw@cn-east-3"];
    let Ended { code, stderr, .. } = env.run(retry);
    assert_eq!(code, 1, "{stderr}");
    assert_eq!(taken(&env.report("plan.retry.report.json")), [1, 2]);
    // Another project is another place.
    env.edit("plan.yaml", "cn-east-3: p-east", "cn-east-3: p-other");
    let Ended { code, stderr, .. } = env.run(retry);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("hw@cn-east-3") && stderr.contains("p-other"), "{stderr}");
    env.cut_to_header("j");
    let Ended { code, stderr, .. } = env.run(["resume", "j", "--yes", "--progress", "off"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("its accounts or targets have changed"), "{stderr}");
}
