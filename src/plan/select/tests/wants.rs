//! What is wanted of a listing that several selections share.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::{Select, Wants};
use super::world::{kind, resource, select};
use crate::plan::pattern::could_match_tag;
use crate::service::{Resource, Wanted};

const NOW: &str = "2026-11-22T05:00:00Z";

fn executions<const N: usize>(written: [Value; N]) -> [Select; N] {
    written.map(|written| select(kind("fnf_execution"), &written))
}

fn wants(selects: &[Select]) -> Wants<'_> {
    Wants { selects: selects.iter().collect(), needs_tags: false, takes_missing_for_none: false }
}

fn flow(name: &str) -> Resource {
    resource(kind("fnf_execution"), &json!({"fields": {"flow_name": name}}), NOW)
}

#[test]
fn what_is_certainly_not_wanted_is_left_out() {
    let selects = executions([
        json!({"flow_name": "etl-*", "older_than": "2h", "except": {"flow_name": "*-payments"}}),
        json!({"flow_name": "report", "except": {"execution_name": "keep-*"}}),
    ]);
    let wants = wants(&selects);
    for (name, is_wanted) in [("etl-orders", true), ("etl-payments", false), ("report", true), ("reports", false)] {
        assert_eq!(wants.may_match(&flow(name)), is_wanted, "{name}");
    }
    assert!(wants.may_match(&Resource::unknown(4)), "nothing is known yet");
    assert!(!wants.may_match(&Resource { status: Some("Succeeded".into()), ..flow("report") }));
    assert!(wants.may_match(&Resource { status: Some("Starting".into()), ..flow("report") }));
    let kind = kind("drs_job");
    let child = Resource { is_child: true, ..Resource::unknown(7) };
    for (written, is_wanted) in [(json!("all"), false), (json!({"job_type": "*", "children": "include"}), true)] {
        let selects = [select(kind, &written)];
        assert_eq!(
            super::super::Wants { selects: selects.iter().collect(), ..wants_of_nothing() }.may_match(&child),
            is_wanted
        );
    }
}

fn wants_of_nothing() -> Wants<'static> {
    Wants { selects: Vec::new(), needs_tags: false, takes_missing_for_none: true }
}

#[test]
fn exact_values_are_those_of_all_selections() {
    let exactly = |written: [Value; 2]| wants(&executions(written)).exactly(0);
    let literal = json!({"flow_name": ["etl", "a\\*"]});
    let both = exactly([literal.clone(), json!({"flow_name": ["report", "etl"]})]);
    assert_eq!(both, Some(["etl", "a*", "report"].map(str::to_owned).to_vec()));
    for other in [json!({"flow_name": "e*"}), json!("all"), json!({"execution_name": "x"}), json!({"flow_name": "é"})]
    {
        assert_eq!(exactly([literal.clone(), other.clone()]), None, "{other}");
    }
    assert_eq!(wants(&executions([literal])).exactly(1), None);
}

#[test]
fn literals_are_the_exact_values_of_any_selection() {
    let literals = |written: [Value; 2]| wants(&executions(written)).literals(0);
    let all = literals([
        json!({"flow_name": ["etl", "b*"], "except": {"flow_name": "no"}}),
        json!({"flow_name": ["a\\*", "etl", "é"]}),
    ]);
    assert_eq!(all, ["etl", "a*"]);
    assert!(literals([json!("all"), json!({"flow_name": "e*"})]).is_empty());
    assert_eq!(literals([json!("all"), json!({"flow_name": "etl"})]), ["etl"]);
}

#[test]
fn a_prefix_is_shared_by_all_that_may_match() {
    let of = |patterns: Value| wants(&executions([json!({"execution_name": patterns})])).prefix(&flow("f"), 1);
    for (patterns, prefix) in [
        (json!("run-*"), "run-"),
        (json!("run-7"), "run-7"),
        (json!(["run-1*", "run-2*"]), "run-"),
        (json!(["run-*", "walk-*"]), ""),
        (json!("{a,b}*"), ""),
        (json!("ru{n,m}*"), "ru"),
        (json!("run[0-9]"), "run"),
        (json!("r?n"), "r"),
        (json!("a\\*b*"), "a*b"),
        (json!("run-é*"), "run-"),
    ] {
        assert_eq!(of(patterns.clone()), prefix, "{patterns}");
    }
    let selects = executions([
        json!({"flow_name": "etl-*", "execution_name": "run-1*"}),
        json!({"flow_name": "*", "execution_name": ["run-2*"]}),
        json!({"flow_name": "report"}),
    ]);
    let wants = wants(&selects);
    assert_eq!(wants.prefix(&flow("etl-a"), 1), "run-");
    assert_eq!(wants.prefix(&flow("other"), 1), "run-2");
    assert_eq!(wants.prefix(&flow("report"), 1), "");
}

#[test]
fn bounds_of_the_start_are_the_loosest() {
    let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    let started = |written: Vec<Value>| {
        let selects: Vec<_> = written.iter().map(|written| select(kind("fnf_execution"), written)).collect();
        wants(&selects).started(&flow("f"), NOW.parse().unwrap())
    };
    let (older, newer) = (json!({"older_than": "2h"}), json!({"newer_than": "1h"}));
    assert_eq!(started(vec![older.clone()]), (None, at("2026-11-22T03:00:00Z")));
    assert_eq!(started(vec![newer.clone()]), (at("2026-11-22T04:00:00Z"), None));
    assert_eq!(started(vec![older.clone(), newer]), (None, None));
    let both = json!({"older_than": "2h", "started_before": "2026-11-22T01:00:00Z", "started_after": "2026-11-21T00:00:00Z", "newer_than": "1d"});
    assert_eq!(started(vec![both.clone()]), (at("2026-11-21T05:00:00Z"), at("2026-11-22T01:00:00Z")));
    assert_eq!(started(vec![both.clone(), older.clone()]), (None, at("2026-11-22T03:00:00Z")));
    // What cannot match has no say.
    assert_eq!(started(vec![older, json!({"flow_name": "g"})]), (None, at("2026-11-22T03:00:00Z")));
}

#[test]
fn what_must_be_known_is_what_is_asked_for() {
    for (written, start) in [
        (json!({"flow_name": "f"}), false),
        (json!("all"), false),
        (json!({"flow_name": "f", "older_than": "1h"}), true),
        (json!({"flow_name": "f", "except": {"newer_than": "1h"}}), true),
        (json!({"flow_name": "f", "order": "oldest"}), true),
        (json!({"flow_name": "f", "limit": 1}), true),
    ] {
        assert_eq!(wants(&executions([written.clone()])).needs_start(), start, "{written}");
    }
    for (written, names, tags) in [
        (json!("all"), false, false),
        (json!({"name": "x"}), true, false),
        (json!({"job_id": "x", "except": [{"status": "x"}, {"name": "x", "tags": {"a": "b"}}]}), true, true),
        (json!({"tags": {"name": "x"}}), false, true),
    ] {
        let selects = [select(kind("drs_job"), &written)];
        let wants = wants(&selects);
        assert_eq!((wants.names(1), wants.needs_tags()), (names, tags), "{written}");
        assert!(Wants { needs_tags: true, ..wants }.needs_tags());
    }
    assert!(wants_of_nothing().takes_missing_for_none());
}

#[test]
fn tags_are_needed_where_a_pattern_could_match_one() {
    for pattern in ["*prod*", "?ag.*", "[t]ag.*", "{tag.a,b}=*", "tag.keep=*", "team=*", "\\tag.keep=*"] {
        assert!(could_match_tag(pattern), "{pattern}");
    }
    for pattern in ["name=golden-*", "drs_job:*", "", "Tag.keep=*"] {
        assert!(!could_match_tag(pattern), "{pattern}");
    }
}
