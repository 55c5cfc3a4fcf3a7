use std::path::Path;

use super::*;
use crate::plan::Variables;
use crate::service::Params;

fn plan() -> Plan {
    let text = "
version: 1
accounts:
  ali: {cloud: alibaba, region: cn-hangzhou}
  hw: {cloud: huawei, region: cn-north-4}
defaults: {account: ali, labels: {env: prod}}
targets:
  - {id: orders, kind: fnf_execution, flow_name: etl/orders, execution_name: run-1}
  - {id: clicks, kind: fnf_execution, flow_name: etl/clicks, execution_name: run-2, labels: {team: web, env: test}}
  - {id: es, kind: elasticsearch_task, instance_id: es-1, labels: {team: search}}
  - {id: job, kind: drs_job, account: hw, job_id: j-1, labels: {team: web}}
";
    Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan
}

fn patterns(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn kinds(names: &[&str]) -> Vec<Kind> {
    names.iter().map(|name| Kind::named(name).unwrap()).collect()
}

fn labels(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn taken(filters: Filters) -> String {
    let selection = Selection::new(filters, &plan()).unwrap();
    let plan = plan();
    let ids: Vec<_> = plan.targets.iter().filter(|target| selection.takes(target)).map(Target::id).collect();
    ids.join(" ")
}

#[test]
fn without_filters_everything_is_taken() {
    assert_eq!(taken(Filters::default()), "orders clicks es job");
}

#[test]
fn patterns_match_as_those_of_protect_do() {
    for (only, expected) in [
        (&["etl/*"][..], "orders clicks"),
        (&["etl"], ""),
        (&["run-[12]"], "orders clicks"),
        (&["o*", "j*"], "orders job"),
        (&["team=web"], "clicks job"),
        (&["env=*"], "orders clicks es job"),
        (&["ETL/*"], ""),
        (&["cause"], ""),
        (&[""], ""),
    ] {
        assert_eq!(taken(Filters { only: patterns(only), ..Filters::default() }), expected, "{only:?}");
    }
}

#[test]
fn any_value_of_an_option_will_do_and_all_options_must_agree() {
    let table = [
        (&["drs_job"][..], &[][..], "job"),
        (&["drs_job", "elasticsearch_task"], &[], "es job"),
        (&[], &[("team", "web"), ("team", "search")], "clicks es job"),
        (&["fnf_execution"], &[("team", "web")], "clicks"),
        (&["fnf_execution"], &[("team", "w*")], ""),
    ];
    for (kind_names, pairs, expected) in table {
        let filters = Filters { kinds: kinds(kind_names), labels: labels(pairs), ..Filters::default() };
        assert_eq!(taken(filters), expected, "{kind_names:?} {pairs:?}");
    }
}

#[test]
fn accounts_and_regions_select() {
    for (accounts, regions, expected) in [
        (&["ali"][..], &[][..], "orders clicks es"),
        (&["*w"], &[], "job"),
        (&[], &["cn-*"], "orders clicks es job"),
        (&[], &["cn-north-4", "eu-*"], "job"),
        (&["ali"], &["cn-north-4"], ""),
        (&["ALI"], &[], ""),
    ] {
        let filters = Filters { accounts: patterns(accounts), regions: patterns(regions), ..Filters::default() };
        assert_eq!(taken(filters), expected, "{accounts:?} {regions:?}");
    }
}

#[test]
fn the_name_of_an_account_takes_all_its_regions() {
    let text = "
version: 1
accounts:
  ali: {cloud: alibaba, regions: [cn-hangzhou, cn-shanghai]}
  ali2: {cloud: alibaba, region: cn-hangzhou}
targets:
  - {id: a, kind: elasticsearch_task, account: ali@cn-hangzhou, instance_id: x}
  - {id: b, kind: elasticsearch_task, account: ali@cn-shanghai, instance_id: x}
  - {id: c, kind: elasticsearch_task, account: ali2, instance_id: y}
";
    let plan = Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan;
    for (accounts, expected) in [
        (&["ali"][..], "a b"),
        (&["ali@cn-shanghai"], "b"),
        (&["ali?"], "c"),
        (&["a*i"], "a b"),
        (&["*@cn-hangzhou"], "a"),
        (&["*"], "a b c"),
        (&["ali@cn-shanghai", "ali2"], "b c"),
    ] {
        let filters = Filters { accounts: patterns(accounts), ..Filters::default() };
        let selection = Selection::new(filters, &plan).unwrap();
        let ids: Vec<_> = plan.targets.iter().filter(|target| selection.takes(target)).map(Target::id).collect();
        assert_eq!(ids.join(" "), expected, "{accounts:?}");
        assert_eq!(selection.unmatched(&plan), [], "{accounts:?}");
    }
}

#[test]
fn skip_goes_before_everything() {
    let filters = Filters { only: patterns(&["team=web"]), skip: patterns(&["job", "x"]), ..Filters::default() };
    assert_eq!(taken(filters), "clicks");
    let filters = Filters { skip: patterns(&["env=prod"]), kinds: kinds(&["fnf_execution"]), ..Filters::default() };
    assert_eq!(taken(filters), "clicks");
}

#[test]
fn what_cannot_be_read_is_left_out_where_something_is_skipped() {
    let mut plan = plan();
    plan.targets.first_mut().unwrap().params = Params::new(vec![None, None, None, None]);
    let takes = |filters| Selection::new(filters, &plan).unwrap().takes(&plan.targets[0]);
    assert!(takes(Filters { only: patterns(&["orders"]), ..Filters::default() }));
    assert!(!takes(Filters { skip: patterns(&["payments"]), ..Filters::default() }));
}

#[test]
fn unmatched_filters_are_named() {
    let filters = Filters {
        only: patterns(&["etl/*", "elt/*"]),
        skip: patterns(&["*payments*"]),
        kinds: kinds(&["live_flow", "drs_job"]),
        labels: labels(&[("team", "web"), ("team", "webb")]),
        accounts: patterns(&["hw", "al"]),
        regions: patterns(&["cn-*", "cn-north-5"]),
    };
    let unmatched = Selection::new(filters, &plan()).unwrap().unmatched(&plan());
    let shown: Vec<_> = unmatched.iter().map(ToString::to_string).collect();
    let wanted = ["--only `elt/*`", "--skip `*payments*`", "--kind `live_flow`", "--label `team=webb`"];
    let wanted = wanted.map(|option| format!("{option} matches no target of the plan"));
    assert_eq!(shown[0], format!("{}; did you mean `etl/orders`?", wanted[0]));
    assert_eq!(shown[1..3], wanted[1..3]);
    assert_eq!(shown[3], format!("{}; did you mean `team=web`?", wanted[3]));
    assert_eq!(shown[4], "--account `al` matches no target of the plan; did you mean `ali`?");
    assert_eq!(shown[5], "--region `cn-north-5` matches no target of the plan; did you mean `cn-north-4`?");
    assert_eq!(shown.len(), 6);
}

#[test]
fn what_is_no_pattern_says_why() {
    let error = "a[b".parse::<Pattern>().unwrap_err().to_string();
    assert!(error.starts_with("unclosed character class"), "{error}");
}
