//! The JSON Schemas: sound, complete, and of one mind with the program.

mod keys;
mod plans;
mod reports;
mod values;

pub(crate) use reports::valid_report;

use allstop::plan::format;
use allstop::provider::Cloud;
use allstop::service::Kind;
use jsonschema::Validator;
use serde_json::{Value, json};

/// Reads YAML as an editor does; JSON has no infinity, so another number stands for it.
fn yaml(text: &str) -> Option<Value> {
    serde_yaml::from_str(&text.replace(": .inf", ": 0.5")).ok()
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::options().build(schema).unwrap()
}

/// A plan in which every key has a value; a JSON text, which is YAML as well.
fn base() -> Value {
    let mut targets = vec![
        json!({"kind": "fnf_execution", "id": "one", "account": "ali", "labels": {"team": "data"}, "flow_name": "f",
               "seen": {"state": "Running", "name": "n", "since": "1795315200", "at": "2026-11-22T03:12:00Z"},
               "execution_name": "e", "cause": "c", "error": "r"}),
        json!({"kind": "opensearch_task", "instance_id": "ha-1", "fsm_id": "t@1"}),
        json!({"kind": "elasticsearch_task", "instance_id": "es-1", "client_token": "t"}),
        json!({"kind": "live_flow", "account": "hw", "flow_id": "l"}),
        json!({"kind": "drs_job", "account": "hw", "job_id": "j", "is_force_stop": true}),
    ];
    for target in &mut targets {
        target["seen"] = json!({"state": "Running", "name": "n", "since": "yesterday", "at": "2026-11-25T09:00:12Z"});
    }
    for kind in Kind::all() {
        targets.push(selection(*kind));
    }
    for kind in Kind::all() {
        targets.push(json!({"kind": kind.name, "from": "absent.csv", "account": "ali", "labels": {"team": "data"}}));
    }
    let env = json!({"access_key_id": "ALI_AK", "access_key_secret": "ALI_SK", "security_token": "ALI_TOKEN"});
    let endpoint = "https://127.0.0.1:1";
    let kinds: Vec<_> = Kind::all().iter().map(|kind| kind.name.to_owned()).collect();
    let per_kind: Value =
        kinds.into_iter().map(|kind| (kind, json!({"rate": "5/s", "burst": 5, "concurrency": 4}))).collect();
    let ali = |credentials: Value| json!({"cloud": "alibaba", "region": "r", "credentials": credentials});
    let hw = |credentials: Value| json!({"cloud": "huawei", "region": "r", "credentials": credentials});
    let role = json!({"arn": "acs:ram::1:role/r", "session_name": "s1", "duration": "1h", "external_id": "e1", "policy": "{}"});
    let agency = json!({"agency": "a", "domain": "d", "duration": "1h", "api": "v3"});
    let (id, token) = ("d78cbac186b744899480f25bd022f468", "t");
    let (arn, urn) = ("acs:ram::1:role/r", "iam::1:agency:a");
    let (provider_arn, provider_urn) = ("acs:ram::1:oidc-provider/p", "iam::1:oidc-provider:p");
    let session = json!({"session_name": "s1", "duration": "1h", "policy": "{}"});
    let with_session = |mut oidc: Value| {
        oidc.as_object_mut().unwrap().extend(session.as_object().unwrap().clone());
        json!({"oidc": oidc})
    };
    json!({
        "version": 1,
        "name": "whole",
        "notify": {
            "dingtalk": {"dingtalk": {"url": {"env": "U"}, "secret": {"env": "S"}}, "when": ["start", "end"]},
            "feishu": {"feishu": {"url": {"env": "U"}, "secret": {"file": "s"}}, "when": "refused"},
            "wecom": {"wecom": {"url": {"env": "U"}}},
            "slack": {"slack": {"url": {"env": "U"}}},
            "webhook": {"webhook": {"url": {"env": "U"}, "headers": {"Authorization": {"env": "H"}}, "template": {"t": "{{ text }}"}}},
        },
        "accounts": {
            "ali": {
                "cloud": "alibaba", "region": "cn-hangzhou", "account_id": "1", "credentials": {"env": env}, "network": "public",
                "endpoints": {
                    "fnf": endpoint, "searchengine": endpoint, "elasticsearch": endpoint, "sts": endpoint, "oauth": endpoint,
                    "metadata": endpoint,
                },
                "signature": "v1",
            },
            "hw": {
                "cloud": "huawei", "region": "cn-north-4", "project_id": "p", "credentials": {"env": {"auth_token": "HW_TOKEN"}},
                "endpoints": {"live": endpoint, "drs": endpoint, "iam": endpoint, "sts": endpoint, "metadata": endpoint},
            },
            "profile": ali(json!({"profile": "p", "file": "f"})),
            "process": ali(json!({"process": "p", "timeout": "5s"})),
            "uri": ali(json!({"uri": "https://127.0.0.1:1/", "insecure_http": false})),
            "metadata": ali(json!({"metadata": {"role": "r"}})),
            "oidc": ali(with_session(json!({"role_arn": arn, "provider_arn": provider_arn, "token_file": token}))),
            "role": ali(json!({"role": role, "source": {"profile": "p"}})),
            "pod": hw(json!({"pod": {}})),
            "urn": hw(with_session(json!({"agency_urn": urn, "provider_urn": provider_urn, "token_file": token}))),
            "idp": hw(json!({"oidc": {"idp_id": "i", "token_file": token}})),
            "agency": hw(json!({"role": agency, "source": "default"})),
            "domain": hw(json!({"role": {"agency": "a", "domain_id": id}})),
            "password": hw(json!({"password": {"domain": "d", "user": "u", "password": {"env": "P"}}})),
        },
        "defaults": {"account": "ali", "labels": {"env": "prod"}},
        "limits": {"concurrency": 64, "rate": "50/s", "burst": 50, "adaptive": true, "per_kind": per_kind},
        "retry": {
            "max_attempts": 8, "initial_delay": "200ms", "max_delay": "20s", "max_elapsed": "10m", "request_timeout": "10s",
            "connect_timeout": "3s", "credentials_wait": "0s",
        },
        "verify": {"mode": "auto", "timeout": "5m"},
        "guards": {
            "max_targets": 1000, "protect": ["*payments*"], "max_failures": "10%", "not_found": "ok",
            "protect_until": {"*payments*": "2026-12-31"},
            "window": {
                "days": ["mon"], "from": "20:00", "to": "06:00", "timezone": "UTC",
                "except": ["2026-12-25", {"calendar": "holidays.ics"}],
            },
            "accounts": {"deny": ["1"]},
        },
        "targets": targets,
        "stages": [{"name": "pilot", "targets": [], "canary": 3, "pause": "30s", "max_failures": "10%"}],
    })
}

/// Returns an entry that selects, with a value for every key that it has for a kind.
fn selection(kind: Kind) -> Value {
    let mut conditions = json!({
        "status": "Running", "older_than": "2h", "newer_than": "1d", "started_before": "2026-11-22T03:12:00Z",
        "started_after": "2026-11-22T03:12:00+08:00", "tags": {"env": ["test", "dev"]},
    });
    let fields = kind.service().lister().selectable().fields;
    conditions.as_object_mut().unwrap().extend(fields.iter().map(|field| (field.name.to_owned(), json!("a*"))));
    conditions.as_object_mut().unwrap().retain(|key, _| format::objection(kind, key).is_none());
    let mut select = conditions.clone();
    for (key, value) in [
        ("state", json!("running")),
        ("except", json!([conditions])),
        ("order", json!("newest")),
        ("limit", json!(3)),
        ("expect", json!({"at_least": 1, "at_most": 50})),
        ("children", json!("include")),
    ] {
        if format::objection(kind, key).is_none() {
            select[key] = value;
        }
    }
    let account = if kind.cloud == Cloud::Huawei { "hw" } else { "ali" };
    json!({"kind": kind.name, "id": format!("some-{kind}"), "account": account, "labels": {"team": "data"}, "select": select})
}

/// Calls `visit` with every schema of a mapping in a schema.
pub(crate) fn each_mapping(schema: &Value, visit: &mut impl FnMut(&Value)) {
    match schema {
        Value::Object(object) => {
            if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
                visit(schema);
            }
            object.values().for_each(|inner| each_mapping(inner, visit));
        }
        Value::Array(items) => items.iter().for_each(|inner| each_mapping(inner, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn both_are_sound_and_every_property_is_described() {
    for schema in [allstop::schema::plan(), allstop::schema::report()] {
        assert!(jsonschema::draft202012::meta::is_valid(&schema));
        let mut seen = 0;
        each_mapping(&schema, &mut |mapping| {
            for (name, property) in mapping["properties"].as_object().unwrap() {
                let about = property["description"].as_str().unwrap_or_default();
                assert!(about.ends_with('.') || about.contains('`'), "{name}: {about:?}");
                seen += 1;
            }
        });
        assert!(seen > 40, "only {seen} properties");
    }
}
