//! Entries that select.

use std::path::Path;

use serde_json::json;

use crate::plan::select::{Expect, Judgement, Select};
use crate::plan::{Filters, Loaded, Plan, Selection, Variables};
use crate::service::Resource;

const ACCOUNTS: &str = "version: 1
accounts:
  ali: {cloud: alibaba, regions: [cn-hangzhou, cn-shanghai]}
  hw: {cloud: huawei, region: cn-north-4, project_id: p}
defaults: {account: hw, labels: {team: data, name: x}}
";

fn load(rest: &str) -> Loaded {
    let set =
        [("NAME", "tmp-*"), ("MOST", "7"), ("AGE", "2h")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let variables = Variables { set: set.into(), ..Variables::default() };
    let text = format!("{ACCOUNTS}{rest}");
    Plan::parse(text.as_bytes(), Path::new("p.yaml"), &variables).unwrap_or_else(|errors| panic!("{errors}"))
}

fn labels(select: &Select) -> String {
    select.labels.iter().map(|(label, value)| format!("{label}={value} ")).collect()
}

#[test]
fn an_empty_variable_is_an_error_anywhere_in_select() {
    let set = [("FLOW", ""), ("AGE", "")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let variables = Variables { set: set.into(), ..Variables::default() };
    for (select, names) in [
        ("{flow_name: '${FLOW}*'}", &["FLOW"][..]),
        ("{flow_name: [etl, '${FLOW}'], older_than: '${AGE}'}", &["FLOW", "AGE"]),
        ("{flow_name: '${NONE:-}*'}", &["NONE"]),
        ("{flow_name: x, except: [{flow_name: '*${FLOW}'}]}", &["FLOW"]),
        ("'${FLOW}'", &["FLOW"]),
    ] {
        let text = format!("{ACCOUNTS}targets: [{{kind: fnf_execution, account: ali, select: {select}}}]");
        let errors = Plan::parse(text.as_bytes(), Path::new("p.yaml"), &variables).unwrap_err().to_string();
        for name in names {
            assert!(errors.contains(&format!("the variable `{name}` is empty")), "{select}: {errors}");
        }
        // The last line counts them.
        assert_eq!(errors.matches("error: ").count(), names.len() + 1, "{select}: {errors}");
    }
}

#[test]
fn conditions_outside_of_select_are_explained() {
    for (entry, keys) in [
        ("{kind: fnf_execution, account: ali, flow_name: 'etl-*', older_than: 2h}", &["older_than"][..]),
        ("{kind: fnf_execution, account: ali, select: all, except: {flow_name: x}, limit: 3}", &["except", "limit"]),
    ] {
        let text = format!("{ACCOUNTS}targets: [{entry}]");
        let errors = Plan::parse(text.as_bytes(), Path::new("p.yaml"), &Variables::default()).unwrap_err().to_string();
        for key in keys {
            assert!(errors.contains(&format!("`{key}` stands outside of `select`")), "{errors}");
            assert!(errors.contains(&format!("inside `select`, such as `select: {{{key}: …}}`")), "{errors}");
        }
        assert_eq!(errors.matches("error: ").count(), keys.len() + 1, "{errors}");
    }
}

#[test]
fn an_entry_is_read_whole() {
    let plan = load(
        "targets:
  - {kind: drs_job, job_id: j1}
  - kind: drs_job
    select:
      name: '${NAME}'
      tags: {env: [test, dev]}
      older_than: ${AGE}
      except: [{tags: {keep: '*'}}, {name: '*golden*'}]
      order: newest
      limit: ${MOST}
      expect: {at_least: 1, at_most: 9}
      children: include
    labels: {wave: first}
    is_force_stop: true
  - {kind: drs_job, job_id: j2}
  - {kind: fnf_execution, account: ali, select: all, cause: incident}
  - {kind: fnf_execution, accounts: ['*@cn-shanghai'], select: {mode: express, state: [running, unclear]}}
  - {kind: fnf_execution, account: ali@cn-hangzhou, id: mine, select: all}
",
    )
    .plan;
    let [job, all, express, mine] = &plan.selects[..] else { panic!("{:?}", plan.selects) };
    let summary = |select: &Select| (select.id.to_string(), select.position, select.accounts.clone());
    assert_eq!(summary(job), ("select:drs_job".into(), 1, vec![2]));
    assert_eq!(summary(all), ("select:fnf_execution".into(), 2, vec![0, 1]));
    assert_eq!(summary(express), ("select:fnf_execution#2".into(), 2, vec![1]));
    assert_eq!(summary(mine), ("mine".into(), 2, vec![0]));
    assert_eq!(job.params.flag(1), Some(true));
    assert_eq!(all.params.text(2), Some("incident"));
    assert_eq!(labels(job), "selection=select:drs_job team=data wave=first ");
    assert_eq!(labels(mine), "selection=mine team=data ");
    assert_eq!((job.query.limit, job.query.expect), (Some(7), Expect { at_least: Some(1), at_most: Some(9) }));
    let written = json!({
        "name": "tmp-*", "tags": {"env": ["test", "dev"]}, "older_than": "2h",
        "except": [{"tags": {"keep": "*"}}, {"name": "*golden*"}], "order": "newest", "limit": 7,
        "expect": {"at_least": 1, "at_most": 9}, "children": "include",
    });
    assert_eq!((&job.query.written, &all.query.written), (&written, &json!("all")));
    assert_eq!(plan.targets.len(), 2);
}

#[test]
fn in_a_stage_it_has_the_label_of_the_stage() {
    let plan = load(
        "stages:
  - {name: pilot, targets: [{kind: live_flow, select: all}]}
  - {name: rest, targets: [{kind: live_flow, flow_id: f}, {kind: live_flow, select: {name: x}}]}
",
    )
    .plan;
    let of = |select: &Select| (select.stage, select.position, labels(select));
    assert_eq!(of(&plan.selects[0]), (Some(0), 0, "selection=select:live_flow stage=pilot team=data ".into()));
    assert_eq!(of(&plan.selects[1]), (Some(1), 1, "selection=select:live_flow#2 stage=rest team=data ".into()));
    let mut flow = Resource::unknown(3);
    flow.values[0] = Some("f".into());
    let target = plan.selects[1].target(2, &flow).unwrap();
    assert_eq!((target.stage, &*target.labels["stage"]), (Some(1), "rest"));
}

#[test]
fn ids_that_are_stated_are_left_to_those_who_state_them() {
    let plan = load(
        "targets:
  - {kind: live_flow, select: all}
  - {kind: live_flow, id: 'select:live_flow', select: {name: x}}
  - {kind: live_flow, id: 'select:live_flow#2', flow_id: f}
  - {kind: live_flow, select: {name: y}}
",
    )
    .plan;
    let ids: Vec<_> = plan.selects.iter().map(|select| &*select.id).collect();
    assert_eq!(ids, ["select:live_flow#3", "select:live_flow", "select:live_flow#4"]);
}

#[test]
fn what_is_written_as_a_number_in_yaml_is_text_for_a_pattern() {
    let plan = load(
        "targets: [{kind: elasticsearch_task, account: ali@cn-hangzhou, select: {version: 7.10, tags: {limit: 5}}}]\n",
    )
    .plan;
    let select = &plan.selects[0];
    assert_eq!(select.query.written, json!({"version": "7.10", "tags": {"limit": "5"}}));
    let mut found = Resource { status: Some("activating".into()), ..Resource::unknown(6) };
    found.values[3] = Some("7.10".into());
    found.tags = Some(vec![("limit".into(), "5".into())]);
    assert_eq!(select.query.judge(select.kind, &found), Judgement::Selected);
}

#[test]
fn patterns_of_tags_that_cannot_protect_are_a_warning() {
    let loaded = load(
        "guards: {protect: ['tag.keep=*', '*prod*', nothing]}
targets:
  - {kind: fnf_execution, account: ali, select: all}
  - {kind: fnf_execution, account: ali, select: {flow_name: x}}
  - {kind: drs_job, select: all}
",
    );
    let titles: Vec<_> = loaded.warnings.iter().map(|warning| warning.title().to_owned()).collect();
    let fnf = "`tag.keep=*` protects no fnf_execution: the service has no tags for executions";
    // Nothing is known of the other patterns before the listing. The variables are not used here.
    assert_eq!(titles.iter().filter(|title| !title.contains("variable")).collect::<Vec<_>>(), [fnf]);
}

#[test]
fn options_that_may_match_what_is_found_are_no_mistakes() {
    let plan = load("targets: [{kind: live_flow, select: all}, {kind: drs_job, job_id: j}]\n").plan;
    let filters = Filters {
        only: vec!["name=test-*".parse().unwrap()],
        skip: vec!["selection=x".parse().unwrap()],
        kinds: ["live_flow", "fnf_execution"].map(|name| crate::service::Kind::named(name).unwrap()).to_vec(),
        labels: vec![("tag.env".into(), "dev".into())],
        accounts: vec!["hw".parse().unwrap(), "ali*".parse().unwrap()],
        regions: Vec::new(),
    };
    let selection = Selection::new(filters, &plan).unwrap();
    let unmatched: Vec<_> = selection.unmatched(&plan).iter().map(ToString::to_string).collect();
    assert_eq!(unmatched.len(), 2, "{unmatched:?}");
    assert!(unmatched[0].contains("fnf_execution") && unmatched[1].contains("ali*"), "{unmatched:?}");
}

#[test]
fn what_a_listing_once_showed_is_kept() {
    let plan = load(
        "targets:
  - kind: drs_job
    job_id: j1
    seen: {state: INCRE_TRANSFER_STARTED, name: \"a\\nb\", since: 2026-11-13 08:00:00, at: '2026-11-22T03:12:00Z'}
  - {kind: drs_job, job_id: j2, seen: {since: 1795315200}}
  - {kind: drs_job, job_id: j3}
",
    )
    .plan;
    let [first, second, third] = &plan.targets[..] else { panic!() };
    let seen = first.seen.as_ref().unwrap();
    assert_eq!((seen.state.as_deref(), seen.name.as_deref()), (Some("INCRE_TRANSFER_STARTED"), Some("a\nb")));
    assert_eq!(seen.since.as_deref(), Some("2026-11-13 08:00:00"));
    assert_eq!(seen.at, Some("2026-11-22T03:12:00Z".parse().unwrap()));
    assert_eq!(second.seen.as_ref().unwrap().since.as_deref(), Some("1795315200"));
    assert_eq!((&third.selection, &third.seen), (&None, &None));
}
