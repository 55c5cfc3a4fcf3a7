//! What a changed plan is, and what is only a mended one.

use super::world::at;
use crate::journal::Header;
use crate::journal::fingerprint::fingerprint;
use crate::plan::{Plan, Variables};

const PLAN: &str = "
version: 1
name: incident
accounts:
  ali-prod: {cloud: alibaba, region: cn-hangzhou}
  hw: {cloud: huawei, region: cn-north-4, project_id: 054ba152d480d55b2f5dc0069e7ddef0}
limits: {rate: 5/s}
guards: {max_targets: 10}
targets:
  - {kind: fnf_execution, account: ali-prod, flow_name: etl, execution_name: run-1, labels: {team: one}}
  - {kind: drs_job, account: hw, job_id: job-1, is_force_stop: true}
";

fn plan(text: &str) -> Plan {
    Plan::parse(text.as_bytes(), "plans/incident.yaml".as_ref(), &Variables::default()).unwrap().plan
}

fn with(from: &str, to: &str) -> Plan {
    let text = PLAN.replace(from, to);
    assert_ne!(text, PLAN, "{from} is not in the plan");
    plan(&text)
}

#[test]
fn other_things_to_stop_are_another_plan() {
    let changes = [
        ("cn-hangzhou", "cn-shanghai"),
        ("054ba152", "154ba152"),
        ("region: cn-hangzhou", "region: cn-hangzhou, network: vpc"),
        ("region: cn-hangzhou", "region: cn-hangzhou, account_id: '1865410598556969'"),
        ("region: cn-hangzhou", "region: cn-hangzhou, endpoints: {fnf: 'http://127.0.0.1:1'}"),
        ("run-1", "run-2"),
        ("execution_name: run-1", "execution_name: run-1, cause: test"),
        ("is_force_stop: true", "is_force_stop: false"),
        ("team: one", "team: two"),
        ("- {kind: drs_job", "- {id: mine, kind: drs_job"),
        ("ali-prod", "other"),
    ];
    let mut seen = vec![fingerprint(&plan(PLAN))];
    for (from, to) in changes {
        seen.push(fingerprint(&with(from, to)));
    }
    seen.sort();
    assert_eq!(seen.len(), changes.len() + 1);
    seen.dedup();
    assert_eq!(seen.len(), changes.len() + 1, "two of the plans look the same");
}

#[test]
fn every_region_of_an_account_counts_also_where_no_target_is() {
    const REGIONS: &str = "
version: 1
accounts:
  ali: {cloud: alibaba, regions: [cn-hangzhou, cn-shanghai]}
  hw: {cloud: huawei, projects: {cn-north-4: p, cn-east-3: q}}
targets: [{kind: fnf_execution, account: ali@cn-hangzhou, flow_name: etl, execution_name: run-1}]
";
    let first = fingerprint(&plan(REGIONS));
    for (from, to) in
        [("cn-shanghai", "cn-beijing"), (", cn-shanghai", ""), ("cn-east-3: q", "cn-east-3: r"), (", cn-east-3: q", "")]
    {
        assert_ne!(fingerprint(&plan(&REGIONS.replace(from, to))), first, "{from}");
    }
    // How the same accounts are written does not.
    let turned = REGIONS.replace("[cn-hangzhou, cn-shanghai]", "[cn-shanghai, cn-hangzhou]");
    let apart = REGIONS.replace(
        "ali: {cloud: alibaba, regions: [cn-hangzhou, cn-shanghai]}",
        "ali@cn-hangzhou: {cloud: alibaba, region: cn-hangzhou}\n  ali@cn-shanghai: {cloud: alibaba, region: cn-shanghai}",
    );
    for text in [turned, apart] {
        assert_ne!(text, REGIONS);
        assert_eq!(fingerprint(&plan(&text)), first);
    }
}

#[test]
fn another_order_is_another_plan() {
    let mut turned = plan(PLAN);
    turned.targets.reverse();
    assert_ne!(fingerprint(&turned), fingerprint(&plan(PLAN)));
}

#[test]
fn pace_guards_names_and_keys_may_be_mended() {
    let changes = [
        ("name: incident", "name: other"),
        ("rate: 5/s", "rate: 9/s"),
        ("max_targets: 10", "max_targets: 20, protect: ['*payments*'], max_failures: 3"),
        ("limits:", "retry: {max_attempts: 3}\nverify: {mode: always}\nlimits:"),
        ("region: cn-hangzhou", "region: cn-hangzhou, credentials: {env: {access_key_id: A, access_key_secret: B}}"),
    ];
    for (from, to) in changes {
        assert_eq!(fingerprint(&with(from, to)), fingerprint(&plan(PLAN)), "{to}");
    }
    let mut sorted = plan(PLAN);
    sorted.accounts.reverse();
    for target in &mut sorted.targets {
        target.account = 1 - target.account;
    }
    assert_eq!(fingerprint(&sorted), fingerprint(&plan(PLAN)), "the order of accounts says nothing");
}

#[test]
fn a_header_tells_how_its_plan_changed() {
    let header = Header::new(&plan(PLAN), "run", at(0));
    assert!(header.plan.path.is_absolute());
    header.check(&with("rate: 5/s", "rate: 9/s")).unwrap();
    let error = header.check(&with("run-1", "run-2")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the plan plans/incident.yaml is not the one the run began with: its accounts or targets have changed"
    );
    let mut shorter = plan(PLAN);
    shorter.targets.pop();
    let error = header.check(&shorter).unwrap_err();
    assert!(error.to_string().ends_with("it had 2 targets, and has 1 now"), "{error}");
}

#[test]
fn other_selections_are_another_plan() {
    let plan = |select: &str| plan(&format!("{PLAN}{select}"));
    let base = "  - {kind: drs_job, account: hw, select: {name: 'tmp-*', tags: {env: [test, dev]}, limit: 3}, is_force_stop: true}\n";
    let mut seen = vec![fingerprint(&plan("")), fingerprint(&plan(base))];
    let changes = [
        ("name: 'tmp-*'", "name: ['tmp-*']"),
        ("tmp-*", "tmp*"),
        ("[test, dev]", "[dev, test]"),
        (", limit: 3", ""),
        ("limit: 3", "limit: 4"),
        ("limit: 3", "limit: 3, state: stopping"),
        (", is_force_stop: true", ""),
        ("kind", "id: mine, kind"),
        ("kind", "labels: {team: one}, kind"),
    ];
    for (from, to) in changes {
        seen.push(fingerprint(&plan(&base.replace(from, to))));
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count, "two of the plans look the same");
    let turned = base.replace("name: 'tmp-*', tags: {env: [test, dev]}", "tags: {env: [test, dev]}, name: 'tmp-*'");
    assert_eq!(fingerprint(&plan(&turned)), fingerprint(&plan(base)), "the order of keys says nothing");
    let several = base.replace("account: hw", "accounts: [h*]");
    assert_eq!(fingerprint(&plan(&several)), fingerprint(&plan(base)), "the accounts are the same");
}
