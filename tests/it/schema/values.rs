//! Values: what the reader takes, the schema takes, and what the schema takes, the reader takes but for the reasons here.

use std::path::Path;

use allstop::plan::{Plan, Variables};
use allstop::schema;
use serde_json::{Value, json};

use super::base;

/// Values of all sorts, each right for some key and wrong for others.
fn pool() -> Vec<Value> {
    let texts = [
        "",
        " ",
        ".",
        "..",
        "a",
        "a b",
        "a\nb",
        "é",
        "é\u{7f}",
        "[a-",
        "*x*",
        "auto",
        "always",
        "off",
        "ok",
        "fail",
        "alibaba",
        "huawei",
        "public",
        "vpc",
        "v1",
        "v3",
        "ali",
        "hw",
        "true",
        "3",
        "0",
        "-1",
        "50/s",
        "0/s",
        "80/min",
        "1/d",
        "1/s ",
        "200ms",
        "0s",
        "0m30s",
        "1h30m",
        "1d",
        "2 hours",
        "10 minuets",
        "1mo",
        "30",
        "10%",
        "0%",
        "0.01%",
        "100%",
        "100.01%",
        "1.234%",
        ".5%",
        "20:00",
        "24:00",
        "8:00",
        "08:60",
        "UTC",
        "Asia/Shanghai",
        "ALI_AK",
        "2AK",
        "A-B",
        "https://fnf.example.com",
        "https://fnf.example.com:8443/",
        "https://a/b",
        "http://example.com",
        "http://127.0.0.1:1",
        "http://[::1]:80",
        "http://localhost",
        "https://u@example.com",
        "ftp://x",
        "${X}",
        "a${X:-}",
    ];
    let long = [64, 65, 128, 129, 512, 513, 4096, 4097].map(|length| json!("x".repeat(length)));
    let numbers =
        [0_i64, 1, 2, 3, 1000, 1001, 65_536, 65_537, 4_294_967_295, 4_294_967_296, -1].map(|number| json!(number));
    let lists =
        [json!([]), json!(["mon"]), json!(["mon", "tomorrow"]), json!(["*payments*", 7]), json!([null]), json!([""])];
    let mappings =
        [json!({}), json!({"a": "b"}), json!({"a": 1}), json!({"a": null}), json!({"": "b"}), json!({"a": {}})];
    let others = [json!(null), json!(true), json!(false), json!(1.5)];
    texts
        .map(|text| json!(text))
        .into_iter()
        .chain(long)
        .chain(numbers)
        .chain(lists)
        .chain(mappings)
        .chain(others)
        .collect()
}

/// Tells whether only the reader can know that this value is wrong here: it depends on other places of the plan, on
/// what is known outside of it, or on how long a duration is.
fn is_beyond_a_schema(place: &str, value: &Value) -> bool {
    let key = place.rsplit('/').next().unwrap();
    let text = value.as_str().unwrap_or_default();
    match key {
        _ if text.contains("${") => true,
        // Which accounts there are, and of which cloud.
        "account" | "cloud" | "accounts" | "defaults" | "kind" => true,
        // Which zones there are, and what is a pattern.
        "timezone" | "protect" => true,
        _ if place.contains("/select/") && matches!(key, "at_least" | "at_most") => true,
        _ if place.contains("/select/") && text == "[a-" => true,
        // Which cloud an id is of, and how agencies go with `api`.
        "domain_id" | "api" => true,
        // What is JSON, what a program is called, where a host is, and how long a name is.
        "policy" | "process" | "uri" | "session_name" => true,
        // YAML has numbers, which are texts where one is expected.
        "role_arn" | "provider_arn" | "agency_urn" | "provider_urn" | "external_id" | "arn" => !value.is_string(),
        "duration" => true,
        "timeout" if place.contains("/credentials/") => true,
        // How one duration compares with another.
        "initial_delay" | "connect_timeout" | "max_delay" | "request_timeout" => true,
        // What no YAML may hold unescaped.
        "cause" | "error" | "state" | "since" => text.contains('\u{7f}'),
        _ if place.ends_with("/seen/name") => text.contains('\u{7f}'),
        _ => false,
    }
}

/// Returns the places of all single values of a plan.
fn leaves(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            if !place.is_empty() {
                found.push(place.to_owned());
            }
            object.iter().for_each(|(key, inner)| leaves(inner, &format!("{place}/{key}"), found));
        }
        Value::Array(items) if ["/targets", "/stages"].contains(&place) => {
            items.iter().enumerate().for_each(|(number, inner)| leaves(inner, &format!("{place}/{number}"), found));
        }
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.push(place.to_owned())
        }
    }
}

/// Returns small plans that together have every key, and the places to try in each of them.
fn plans() -> Vec<(Value, Vec<String>)> {
    let mut whole = base();
    // What a file has is not here to be read.
    whole["guards"]["window"]["except"] = json!(["2026-12-25", "2026-12-24..2027-01-02"]);
    let targets = whole["targets"].as_array().unwrap().iter().filter(|target| target.get("from").is_none());
    let mut small =
        json!({"version": 1, "accounts": {"ali": {"cloud": "alibaba", "region": "r"}}, "defaults": {"account": "ali"}});
    small["accounts"]["hw"] = json!({"cloud": "huawei", "region": "r"});
    small["targets"] = json!([{"kind": "elasticsearch_task", "instance_id": "es-1"}]);
    let mut plans: Vec<(Value, Vec<String>)> = Vec::new();
    for key in ["version", "name", "defaults", "limits", "retry", "verify", "guards"] {
        plans.push(with(&small, &format!("/{key}"), &whole[key]));
    }
    let mut staged = small.clone();
    let mut stage = whole["stages"][0].clone();
    stage["targets"] = staged.as_object_mut().unwrap().remove("targets").unwrap();
    plans.push(with(&staged, "/stages", &json!([stage])));
    for account in whole["accounts"].as_object().unwrap().keys() {
        plans.push(with(&small, &format!("/accounts/{account}"), &whole["accounts"][account]));
    }
    plans.extend(targets.map(|target| with(&small, "/targets", &json!([target]))));
    plans
}

/// Puts a value into a plan, and returns the plan and the places in that value.
fn with(plan: &Value, place: &str, value: &Value) -> (Value, Vec<String>) {
    let mut plan = plan.clone();
    let (parent, key) = place.rsplit_once('/').unwrap();
    plan.pointer_mut(parent).unwrap()[key] = value.clone();
    let mut places = Vec::new();
    leaves(value, place, &mut places);
    // All kinds have the same limits.
    places.retain(|place| !place.contains("/per_kind/") || place.contains("/drs_job"));
    (plan, places)
}

#[test]
fn the_reader_and_the_schema_judge_alike() {
    let validator = super::validator(&schema::plan());
    let variables = Variables { set: [("X".to_owned(), "1".to_owned())].into(), ..Variables::default() };
    let (pool, mut tried, mut wrong) = (pool(), 0, Vec::new());
    for (base, places) in plans() {
        for place in &places {
            for value in &pool {
                let mut plan = base.clone();
                *plan.pointer_mut(place).unwrap() = value.clone();
                let is_read = Plan::parse(plan.to_string().as_bytes(), Path::new("p.yaml"), &variables).is_ok();
                let is_valid = validator.is_valid(&plan);
                tried += 1;
                if is_read != is_valid && (is_read || !is_beyond_a_schema(place, value)) {
                    wrong.push(format!("{place}: {value} read {is_read}, valid {is_valid}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(tried > 6000, "only {tried}");
}
