//! What a plan is after it went through a queue.

use std::path::Path;

use serde_json::{Value, json};

use crate::plan::{Filters, Guards, Plan, Target, Variables};

/// A plan with a value for every key.
const PLAN: &str = "version: 1
name: whole
accounts:
  ali:
    cloud: alibaba
    region: cn-hangzhou
    account_id: 1
    credentials: {env: {access_key_id: ALI_AK, access_key_secret: ALI_SK, security_token: ALI_TOKEN}}
    network: vpc
    endpoints: {fnf: 'https://127.0.0.1:1'}
    signature: v3
  hw: {cloud: huawei, region: cn-north-4, project_id: p, credentials: {role: {agency: a, domain: d, duration: 24h}, source: {password: {domain: d, user: u, password: {env: PW}}}}}
  ci: {cloud: alibaba, region: cn-hangzhou, credentials: {oidc: {role_arn: 'acs:ram::1:role/r', provider_arn: 'acs:ram::1:oidc-provider/p', token_file: '~/t'}}}
  tool: {cloud: alibaba, region: cn-hangzhou, credentials: {process: get-keys}}
defaults: {account: ali, labels: {env: prod}}
limits: {concurrency: 3, rate: 50/s, burst: 5, adaptive: false, per_kind: {live_flow: {rate: 7/min, burst: 2, concurrency: 1}}}
retry: {max_attempts: 2, initial_delay: 1ms, max_delay: 2s, max_elapsed: 3m, request_timeout: 4s, connect_timeout: 1s, credentials_wait: 0s}
verify: {mode: always, timeout: 1h}
guards:
  max_targets: 7
  protect: ['*payments*']
  max_failures: 2.5%
  not_found: ok
  window: {days: [mon-fri, sun], from: '20:00', to: '06:00', timezone: Asia/Shanghai, except: [2026-12-25, '2027-01-03T00:00:00Z..2027-01-03T12:00:00Z']}
  protect_until: {'*golden*': 2026-12-31}
  accounts: {deny: [2]}
notify:
  ops: {dingtalk: {url: {env: DING_URL}, secret: {env: DING_SECRET}}, when: [start, end]}
  fs: {feishu: {url: {file: ~/url.txt}, secret: {file: ~/secret.txt}}, when: [not_stopped, refused]}
  wc: {wecom: {url: {env: WC_URL}}, when: refused}
  sl: {slack: {url: {env: SL_URL}}}
  '\"hook\"': {webhook: {url: {env: HOOK_URL}, headers: {Authorization: {env: HOOK_AUTH}}, template: {text: '{{ title }}', n: [1, '2', null]}}}
  text: {webhook: {url: {env: HOOK_URL}, template: '{\"n\": {{ exit_code }}}'}}
targets:
  - {kind: fnf_execution, id: one, flow_name: f, execution_name: payments, cause: 'é:1', labels: {team: data}}
  - {kind: drs_job, account: hw, job_id: j, is_force_stop: true}
  - {kind: drs_job, account: hw, job_id: j, seen: {state: x, at: '2026-11-22T03:12:00Z'}}
  - {kind: drs_job, account: hw, select: {name: 'tmp-*', limit: 3, except: {tags: {keep: '*'}}}, is_force_stop: true}
  - {kind: fnf_execution, accounts: ['a*'], id: all, select: all, labels: {wave: first}}
";

fn plan() -> Plan {
    let environment = [("ALI_AK", "LTAI5tSecretId"), ("ALI_SK", "sEcReTsEcReT"), ("ALI_TOKEN", "toKentoKen")];
    let variables = Variables { environment: environment.into_iter().collect(), ..Variables::default() };
    let mut plan = Plan::parse(PLAN.as_bytes(), Path::new("plans/p.yaml"), &variables).unwrap().plan;
    plan.shard = "1/1".parse().ok();
    plan
}

#[test]
fn it_is_the_same_plan() {
    let plan = plan();
    let written = serde_json::to_value(&plan).unwrap();
    let from_json: Plan = serde_json::from_value(written.clone()).unwrap();
    let from_bytes: Plan = postcard::from_bytes(&postcard::to_stdvec(&plan).unwrap()).unwrap();
    for again in [from_json, from_bytes] {
        assert_eq!(serde_json::to_value(&again).unwrap(), written);
        assert!(again.choices(|_, _| true).eq(plan.choices(|_, _| true)));
        assert_eq!((again.limits, again.retry, again.verify), (plan.limits.clone(), plan.retry, plan.verify));
        assert_eq!(again.targets, plan.targets);
        assert_eq!(again.selects.len(), 2);
        for (again, select) in again.selects.iter().zip(&plan.selects) {
            assert_eq!((&again.id, &again.query.written), (&select.id, &select.query.written));
            assert_eq!(
                (&again.accounts, &again.params, &again.labels),
                (&select.accounts, &select.params, &select.labels)
            );
            assert_eq!((again.position, again.query.limit), (3, select.query.limit));
        }
        assert_eq!(again.accounts, plan.accounts);
        assert_eq!(again.guards.protects(&again.targets[0]), Some("*payments*"));
    }
}

/// A plan with stages.
fn staged() -> Plan {
    let head = PLAN.split("\ntargets:").next().unwrap();
    let text = format!(
        "{head}
stages:
  - {{name: pilot, canary: 5%, pause: 30s, max_failures: 2, targets: [{{kind: drs_job, account: hw, job_id: a}}]}}
  - {{name: rest, pause: ask, targets: [{{kind: drs_job, account: hw, job_id: b}}]}}
"
    );
    Plan::parse(text.as_bytes(), Path::new("p.yaml"), &Variables::default()).unwrap().plan
}

#[test]
fn stages_are_the_same_too() {
    let plan = staged();
    let from_json: Plan = serde_json::from_value(serde_json::to_value(&plan).unwrap()).unwrap();
    let from_bytes: Plan = postcard::from_bytes(&postcard::to_stdvec(&plan).unwrap()).unwrap();
    for again in [from_json, from_bytes] {
        assert_eq!(again.stages, plan.stages);
        assert_eq!(again.targets, plan.targets);
    }
    for (stages, said) in [
        ([json!(0), json!(2)], "target number 1 has no stage of the plan"),
        ([json!(0), json!(null)], "target number 1 has no stage of the plan"),
        ([json!(1), json!(0)], "not in the order of their stages"),
    ] {
        let mut written = serde_json::to_value(&plan).unwrap();
        for (number, stage) in stages.into_iter().enumerate() {
            written["targets"][number]["stage"] = stage;
        }
        let error = serde_json::from_value::<Plan>(written).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn selections_that_no_plan_can_have_are_errors() {
    for (place, value, said) in [
        ("/selects/0/accounts", json!([]), "the selection select:drs_job has no account of its cloud"),
        ("/selects/0/accounts", json!([0]), "the selection select:drs_job has no account of its cloud"),
        ("/selects/0/accounts", json!([9]), "the selection select:drs_job has no account of its cloud"),
        ("/selects/0/position", json!(4), "the selection select:drs_job has no place among the targets"),
        ("/selects/1/position", json!(2), "the selections are not in the order of the plan"),
        ("/selects/1/stage", json!(0), "the selection all has no stage of the plan"),
        ("/selects/0/kind", json!("lambda"), "unknown kind `lambda`"),
        ("/selects/0/select", json!("{}"), "`select` has no condition"),
        ("/selects/0/select", json!("{\"flow_name\": \"x\"}"), "drs_job has no field `flow_name`"),
        ("/selects/0/select", json!("{"), "EOF"),
        ("/selects/0/params", json!({"job_id": {"text": "j"}}), "a selection of the kind drs_job has `job_id`"),
    ] {
        let mut written = serde_json::to_value(plan()).unwrap();
        *written.pointer_mut(place).unwrap() = value;
        let error = serde_json::from_value::<Plan>(written).unwrap_err().to_string();
        assert!(error.contains(said), "{place}: {error}");
    }
}

#[test]
fn a_plan_of_a_version_without_stages_is_read() {
    let plan = plan();
    let mut written = serde_json::to_value(&plan).unwrap();
    for key in ["stages", "selects"] {
        written.as_object_mut().unwrap().remove(key);
    }
    for key in ["selection", "seen"] {
        written["targets"][0].as_object_mut().unwrap().remove(key);
    }
    written["targets"][0].as_object_mut().unwrap().remove("stage");
    let again: Plan = serde_json::from_value(written).unwrap();
    assert_eq!((again.targets, again.stages), (plan.targets, Vec::new()));
}

#[test]
fn it_names_what_it_has_as_plans_do_and_holds_no_secret() {
    let written = serde_json::to_value(plan()).unwrap();
    assert_eq!(written["targets"][1]["kind"], "drs_job");
    assert_eq!(written["targets"][1]["params"], json!({"job_id": {"text": "j"}, "is_force_stop": {"flag": true}}));
    assert_eq!(written["accounts"][0]["cloud"], "alibaba");
    assert_eq!(written["limits"]["rate"], "50/s");
    assert_eq!(written["guards"]["max_failures"], "2.5%");
    let text = written.to_string();
    assert!(text.contains("ALI_SK"));
    for secret in ["LTAI5tSecretId", "sEcReTsEcReT", "toKentoKen"] {
        assert!(!text.contains(secret));
    }
}

#[test]
fn what_refers_to_nothing_is_an_error() {
    let refused = |pointer: &str, value: Value| {
        let mut written = serde_json::to_value(plan()).unwrap();
        *written.pointer_mut(pointer).unwrap() = value;
        serde_json::from_value::<Plan>(written).unwrap_err().to_string()
    };
    for (pointer, value, said) in [
        ("/targets/0/account", json!(7), "target number 0 has no account"),
        ("/targets/0/account", json!(1), "target number 0 has no account"),
        ("/targets/2/duplicate_of", json!(2), "target number 2 duplicates no earlier one"),
        ("/targets/1/kind", json!("lambda"), "unknown kind `lambda`"),
        ("/targets/1/params", json!({}), "a target of the kind drs_job has no `job_id`"),
        ("/targets/1/params/x", json!({"flag": true}), "unknown parameter `x`"),
        ("/accounts/0/cloud", json!("amazon"), "unknown word `amazon`"),
        ("/limits/per_kind", json!({"lambda": {"rate": null, "burst": null, "concurrency": null}}), "unknown kind"),
        ("/guards/protect", json!(["[a-"]), "unclosed character class"),
        ("/shard", json!("2/1"), "shard 2"),
    ] {
        let mut written = serde_json::to_value(plan()).unwrap();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        written.pointer_mut(parent).unwrap()[key] = value;
        let error = serde_json::from_value::<Plan>(written).unwrap_err().to_string();
        assert!(error.contains(said), "{pointer}: {error}");
    }
    assert!(refused("/targets/0", json!(null)).contains("invalid type"));
    assert!(serde_json::from_value::<Target>(json!({})).is_err());
    assert!(serde_json::from_value::<Guards>(json!({})).is_err());
}

#[test]
fn filters_come_back_as_they_were_stated() {
    let pattern = |text: &str| vec![text.parse().unwrap()];
    let filters = Filters {
        only: pattern("etl/{a,b}*"),
        skip: pattern(r"name\*"),
        kinds: vec![crate::service::Kind::named("drs_job").unwrap()],
        labels: vec![("env".to_owned(), "é=1".to_owned())],
        accounts: pattern("prod"),
        regions: pattern("cn-*"),
    };
    let written = serde_json::to_value(&filters).unwrap();
    let stated = json!({
        "only": ["etl/{a,b}*"], "skip": [r"name\*"], "kinds": ["drs_job"], "labels": [["env", "é=1"]],
        "accounts": ["prod"], "regions": ["cn-*"],
    });
    assert_eq!(written, stated);
    assert_eq!(serde_json::from_value::<Filters>(written).unwrap(), filters);
    let error = serde_json::from_value::<Filters>(json!({
        "only": ["[a-"], "skip": [], "kinds": [], "labels": [], "accounts": [], "regions": [],
    }));
    assert!(error.unwrap_err().to_string().contains("unclosed character class"));
}
