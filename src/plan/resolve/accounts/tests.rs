use std::fmt::Write;
use std::path::Path;

use crate::plan::{Account, Loaded, Plan, PlanErrors, Variables};

/// Two accounts with several regions around one that has one.
const ACCOUNTS: &str = "version: 1
accounts:
  ali-prod:
    cloud: alibaba
    regions: [cn-shanghai, '${REGION}', cn-beijing]
    account_id: 1865410598556969
    network: vpc
    signature: v3
    endpoints: {fnf: 'http://127.0.0.1:1'}
    credentials: {env: {access_key_id: ALI_AK, access_key_secret: ALI_SK}}
  mail@example.com: {cloud: alibaba, region: cn-hangzhou}
  hw: {cloud: huawei, projects: {cn-north-4: '${PROJECT}', cn-east-3: p-east}}
";

fn read(text: &str) -> Result<Loaded, PlanErrors> {
    let set = [("REGION", "cn-hangzhou"), ("PROJECT", "p-north")];
    let set = set.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables { set, ..Variables::default() })
}

/// Returns the accounts that the targets are of.
fn owners(targets: &str) -> Vec<String> {
    let plan = read(&format!("{ACCOUNTS}{targets}")).unwrap().plan;
    plan.targets.iter().map(|target| plan.account_of(target).name.clone()).collect()
}

#[test]
fn each_region_is_an_account_in_the_order_written() {
    let targets = "targets: [{kind: drs_job, account: hw@cn-east-3, job_id: j}]";
    let plan = read(&format!("{ACCOUNTS}{targets}")).unwrap().plan;
    let place = |account: &Account| {
        let Account { name, region, project_id, .. } = account.clone();
        assert_eq!(name != account.base_name(), account.base.is_some());
        (name, account.base_name().to_owned(), region, project_id.unwrap_or_default())
    };
    let expected = [
        ("ali-prod@cn-shanghai", "ali-prod", "cn-shanghai", ""),
        ("ali-prod@cn-hangzhou", "ali-prod", "cn-hangzhou", ""),
        ("ali-prod@cn-beijing", "ali-prod", "cn-beijing", ""),
        ("mail@example.com", "mail@example.com", "cn-hangzhou", ""),
        ("hw@cn-north-4", "hw", "cn-north-4", "p-north"),
        ("hw@cn-east-3", "hw", "cn-east-3", "p-east"),
    ];
    let expected =
        expected.map(|(name, base, region, project)| (name.into(), base.into(), region.into(), project.into()));
    assert_eq!(plan.accounts.iter().map(place).collect::<Vec<_>>(), expected);
    // All the rest is the same, and as it would be with one region.
    let single = ACCOUNTS.replace("regions: [cn-shanghai, '${REGION}', cn-beijing]", "region: '${REGION}'");
    let single = read(&format!("{single}{targets}")).unwrap().plan.accounts.swap_remove(0);
    for account in &plan.accounts[..3] {
        let Account { name, base, region, .. } = account.clone();
        assert_eq!(*account, Account { name, base, region, ..single.clone() });
    }
}

#[test]
fn a_target_names_its_account_with_the_region() {
    let owned = owners(
        "defaults: {account: ali-prod@cn-beijing}
targets:
  - {kind: fnf_execution, account: ali-prod@cn-hangzhou, flow_name: f, execution_name: e}
  - {kind: fnf_execution, flow_name: f, execution_name: e}
  - {kind: fnf_execution, account: mail@example.com, flow_name: f, execution_name: e}
  - {kind: drs_job, account: hw@cn-north-4, job_id: j}
",
    );
    assert_eq!(owned, ["ali-prod@cn-hangzhou", "ali-prod@cn-beijing", "mail@example.com", "hw@cn-north-4"]);
}

#[test]
fn a_default_that_stands_for_all_regions_is_an_error_only_where_it_is_needed() {
    let target = "{kind: fnf_execution, account: ali-prod@cn-hangzhou, flow_name: f, execution_name: e}";
    let plan = |target: &str| format!("{ACCOUNTS}defaults: {{account: ali-prod}}\ntargets: [{target}]");
    read(&plan(target)).unwrap();
    let errors = read(&plan(&target.replace("account: ali-prod@cn-hangzhou, ", ""))).unwrap_err();
    assert!(
        errors.errors().iter().next().unwrap().title().starts_with("the default account `ali-prod` stands for all"),
        "{errors:?}"
    );
}

#[test]
fn one_endpoint_for_all_regions_is_a_warning_unless_it_is_this_machine() {
    let warnings = |account: &str, name: &str| {
        let target = format!("{{kind: fnf_execution, account: {name}, flow_name: f, execution_name: e}}");
        let text = format!("version: 1\naccounts: {{a: {{cloud: alibaba, {account}}}}}\ntargets: [{target}]");
        let warnings = Plan::parse(text.as_bytes(), Path::new("p.yaml"), &Variables::default()).unwrap().warnings;
        warnings.iter().map(|warning| warning.title().to_owned()).collect::<Vec<_>>()
    };
    let shared = "all regions of this account send their requests to the same `endpoints`";
    let vendor = "endpoints: {elasticsearch: 'http://[::1]:1', fnf: 'https://cn-hangzhou.fnf.aliyuncs.com'}";
    let here = "endpoints: {elasticsearch: 'http://[::1]:1', fnf: 'https://127.0.0.1:1'}";
    assert_eq!(warnings(&format!("regions: [cn-hangzhou, cn-beijing], {vendor}"), "a@cn-beijing"), [shared]);
    assert_eq!(warnings(&format!("regions: [cn-hangzhou, cn-beijing], {here}"), "a@cn-beijing"), [""; 0]);
    assert_eq!(warnings(&format!("region: cn-hangzhou, {vendor}"), "a"), [""; 0]);
}

#[test]
fn the_accounts_of_all_regions_are_counted() {
    let plan = |regions: usize| {
        let mut text = "version: 1\naccounts:\n".to_owned();
        for (name, regions) in [("a", 0..65_534), ("b", 65_534..65_534 + regions)] {
            let regions: Vec<_> = regions.map(|number| format!("r{number}")).collect();
            writeln!(text, "  {name}: {{cloud: alibaba, regions: [{}]}}", regions.join(", ")).unwrap();
        }
        text + "targets: [{kind: fnf_execution, account: b@r65534, flow_name: f, execution_name: e}]"
    };
    let read = |regions| read(&plan(regions));
    assert_eq!(read(1).unwrap().plan.targets[0].account, 65_534);
    let errors = read(2).unwrap_err();
    assert_eq!(errors.errors().iter().count(), 1);
    assert_eq!(errors.errors().iter().next().unwrap().title(), "a plan has at most 65,535 accounts");
}
