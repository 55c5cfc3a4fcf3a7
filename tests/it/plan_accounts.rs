//! One account of a cloud under two names in the plan: the built binary, with keys in its environment.

use serde_json::json;

use crate::environment::{Ended, TestEnvironment, words};

/// Two accounts whose keys are in different variables; what `b` protects by a label, `a` names without one.
const PLAN: &str = "
version: 1
accounts:
  a: {cloud: alibaba, region: cn-hangzhou, credentials: {env: {access_key_id: A_ID, access_key_secret: A_SK}}}
  b: {cloud: alibaba, region: cn-hangzhou, credentials: {env: {access_key_id: B_ID, access_key_secret: B_SK}}}
guards: {protect: [team=billing], max_targets: 2}
targets:
  - {id: pay-a, kind: fnf_execution, account: a, flow_name: pay, execution_name: e1}
  - {id: pay-b, kind: fnf_execution, account: b, flow_name: pay, execution_name: e1, labels: {team: billing}}
  - {id: other-a, kind: fnf_execution, account: a, flow_name: other, execution_name: e2}
  - {id: other-b, kind: fnf_execution, account: b, flow_name: other, execution_name: e2}
  - {id: third, kind: fnf_execution, account: b, flow_name: other, execution_name: e3}
";

/// An environment with these keys.
fn environment(keys: [&'static str; 2]) -> TestEnvironment {
    let variables = [("A_ID", keys[0]), ("A_SK", "a-secret"), ("B_ID", keys[1]), ("B_SK", "b-secret")];
    TestEnvironment::new().set(variables).with("plan.yaml", PLAN)
}

#[test]
fn check_counts_a_resource_of_one_key_once() {
    let counts = |keys| {
        let line = environment(keys).run(["check", "plan.yaml", "--output", "json"]).line();
        (line["stops"].clone(), line["skipped"].clone(), line["warnings"].to_string().contains("max_targets"))
    };
    let skipped =
        |protected, duplicate| json!({"protected": protected, "filtered": 0, "shard": 0, "duplicate": duplicate});
    assert_eq!(counts(["LTAI", "LTAI"]), (json!(2), skipped(1, 2), false));
    assert_eq!(counts(["LTAI", "LTAX"]), (json!(4), skipped(1, 0), true));
}

#[test]
fn a_run_and_its_shards_stop_a_resource_of_one_key_once() {
    let env = environment(["LTAI", "LTAI"]);
    let run = |options: &[&str]| {
        let Ended { code, stderr, .. } = env.rehearse(&[&["--report", "r.json"], options].concat());
        assert_eq!(code, 0, "{stderr}");
        words(&env.report("r.json"))
    };
    assert_eq!(run(&[]), ["protected", "duplicate", "stopped", "duplicate", "stopped"]);
    assert_eq!(run(&["--skip", "other-a"]), ["protected", "duplicate", "filtered", "stopped", "stopped"]);
    // Each resource is in one shard, under whatever name.
    let shards = [run(&["--shard", "1/2"]), run(&["--shard", "2/2"])];
    for number in 0..5 {
        let stopped = shards.iter().filter(|rows| rows[number] == "stopped").count();
        assert_eq!(stopped, usize::from(number == 2 || number == 4), "{shards:?}");
    }
}
