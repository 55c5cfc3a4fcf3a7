//! Targets of what is found.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::{Judgement, Select};
use super::world::{kind, query, resource, select, shared};
use crate::plan::pattern::Patterns;
use crate::service::{Params, Resource, Value as ParamValue};

const NOW: &str = "2026-11-22T05:00:00Z";

fn job(fields: &Value) -> Resource {
    let described =
        json!({"fields": fields, "status": "INCRE_TRANSFER_STARTED", "since": "2026-11-13 08:00:00", "tags": {}});
    resource(kind("drs_job"), &described, NOW)
}

#[test]
fn a_target_has_what_the_listing_shows_and_what_the_entry_states() {
    let kind = kind("drs_job");
    let mut select = select(kind, &json!("all"));
    select.params = Params::new([None, Some(ParamValue::Flag(true))]);
    let mut found = job(&json!({"job_id": "j1", "name": "orders-sync"}));
    found.tags = Some(vec![("env".into(), "test".into()), ("keep".into(), "".into())]);
    let target = select.target(3, &found).unwrap();
    assert_eq!(target.id(), "drs_job:j1");
    assert_eq!((target.account, target.own_id.as_deref()), (3, None));
    assert_eq!((target.params.name(0), target.params.flag(1)), ("j1", Some(true)));
    let labels = [("name", "orders-sync"), ("selection", "s"), ("tag.env", "test"), ("tag.keep", ""), ("team", "data")];
    let labels: BTreeMap<_, _> = labels.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    assert_eq!(*target.labels, labels);
    assert_eq!(target.selection.as_deref(), Some("s"));
    let seen = target.seen.unwrap();
    assert_eq!(seen.state.as_deref(), Some("INCRE_TRANSFER_STARTED"));
    assert_eq!((seen.name.as_deref(), seen.since.as_deref()), (Some("orders-sync"), Some("2026-11-13 08:00:00")));
    assert_eq!(seen.at, Some(NOW.parse().unwrap()));
}

#[test]
fn targets_without_a_name_and_tags_share_their_labels() {
    let select = select(kind("drs_job"), &json!("all"));
    let targets = ["j1", "j2"].map(|id| select.target(0, &job(&json!({"job_id": id}))).unwrap());
    assert!(shared(&targets[0].labels, &targets[1].labels) && shared(&targets[0].labels, &select.labels));
}

#[test]
fn every_tag_of_a_key_protects() {
    let select = select(kind("drs_job"), &json!("all"));
    let mut found = job(&json!({"job_id": "j1"}));
    found.tags = Some(["", "b", "c"].map(|value| ("k".into(), value.into())).to_vec());
    let target = select.target(0, &found).unwrap();
    let matches = |pattern: &str| !Patterns::new([pattern]).unwrap().matching(&target).is_empty();
    for pattern in ["tag.k=", "tag.k=b", "tag.k=c", "tag.*=c", "tag.k=*"] {
        assert!(matches(pattern), "{pattern}");
    }
    for pattern in ["tag.k=d", "tag.k=b?c", "tag.k=bc", "k=b"] {
        assert!(!matches(pattern), "{pattern}");
    }
    for (value, is_selected) in [("", false), ("b", true), ("d", false)] {
        let judgement = query(select.kind, &json!({"tags": {"k": if value.is_empty() { "x" } else { value }}}))
            .judge(select.kind, &found);
        assert_eq!(judgement == Judgement::Selected, is_selected, "{value}");
    }
}

#[test]
fn names_that_cannot_be_sent_make_no_target() {
    let select = select(kind("fnf_execution"), &json!("all"));
    let long = "x".repeat(600);
    for (name, why) in [
        (Some("a\nb"), "`execution_name` contains a control character, such as a line break"),
        (Some(&*long), "`execution_name` has 600 characters; the service accepts 1 to"),
        (Some(""), "`execution_name` has 0 characters; the service accepts 1 to"),
        (Some(".."), "`execution_name` cannot be `.` or `..`: no resource has such a name"),
        (None, "`execution_name` is not known"),
    ] {
        let described =
            json!({"fields": {"flow_name": "f", "execution_name": name}, "status": "Running", "tags": null});
        let unusable = select.target(0, &resource(select.kind, &described, NOW)).unwrap_err();
        assert!(unusable.why.starts_with(why), "{unusable}");
        assert!(unusable.id.starts_with("`fnf_execution:f/") && unusable.id.chars().count() < 100, "{unusable}");
        assert!(!unusable.to_string().contains('\n'), "{unusable}");
    }
}

#[test]
fn labels_of_the_defaults_give_way() {
    let defaults = ["name", "selection", "stage", "tag.env", "team"].map(|label| (label.to_owned(), "x".to_owned()));
    let labels = |in_stage| {
        let labels = Select::labels(defaults.clone().into(), "s", in_stage);
        labels.into_iter().map(|(label, value)| format!("{label}={value}")).collect::<Vec<_>>()
    };
    assert_eq!(labels(false), ["selection=s", "team=x"]);
    assert_eq!(labels(true), ["selection=s", "stage=x", "team=x"], "that of the stage stays");
}

#[test]
fn states_are_those_that_are_stated_and_what_has_ended_is_none() {
    let kind = kind("opensearch_task");
    let judged = |written: Value, status: Option<&str>| {
        let described = json!({"fields": {"instance_id": "ha-1", "fsm_id": "t"}, "status": status, "tags": {}});
        let judgement = query(kind, &written).judge(kind, &resource(kind, &described, NOW));
        match judgement {
            Judgement::Unclear(why) => why.into(),
            Judgement::Selected | Judgement::Other | Judgement::NotRunning | Judgement::Excepted | Judgement::Child => {
                format!("{judgement:?}")
            }
        }
    };
    let states = |states: Value| json!({"instance_id": "*", "state": states});
    for (written, status, expected) in [
        (states(json!("running")), Some("onlyPublished"), "status onlyPublished"),
        (states(json!("unclear")), Some("onlyPublished"), "Selected"),
        (states(json!("unclear")), Some("running"), "NotRunning"),
        // No word is not a word that nobody explains.
        (states(json!("unclear")), None, "no status"),
        (states(json!(["running", "stopping"])), Some("stopping"), "Selected"),
        (states(json!(["running", "stopping", "unclear"])), Some("success"), "NotRunning"),
        (json!({"status": "*"}), Some("stopping"), "Selected"),
        (json!({"status": "*"}), Some("success"), "NotRunning"),
        (json!({"status": "*"}), None, "no status"),
        // A state that is stated counts beside the status.
        (json!({"status": "*", "state": "running"}), Some("stopping"), "NotRunning"),
    ] {
        assert_eq!(judged(written.clone(), status), expected, "{written} {status:?}");
    }
    let long = judged(json!("all"), Some(&"x".repeat(500)));
    assert!(long.chars().count() < 80 && long.ends_with('…'), "{long}");
}

#[test]
fn what_is_not_clear_says_why() {
    let kind = kind("drs_job");
    let job = |tags: Value, since: Option<&str>| {
        let described = json!({"fields": {"job_id": "j"}, "status": "CONFIGURATION", "since": since, "tags": tags});
        resource(kind, &described, NOW)
    };
    for (written, job, why) in [
        (json!({"name": "x"}), job(json!({}), None), "no name"),
        (json!({"tags": {"a": "b"}}), job(json!(null), None), "tags not read"),
        (json!({"older_than": "1h"}), job(json!({}), None), "no start time"),
        (json!({"older_than": "1h"}), job(json!({}), Some("soon")), "start time not readable"),
        (json!({"older_than": "9d"}), job(json!({}), Some("2026-11-13 08:00:00")), "start time not exact"),
        (json!({"job_id": "j", "except": {"name": "x"}}), job(json!({}), None), "perhaps excepted: no name"),
    ] {
        assert_eq!(query(kind, &written).judge(kind, &job), Judgement::Unclear(why.into()), "{written}");
    }
}
