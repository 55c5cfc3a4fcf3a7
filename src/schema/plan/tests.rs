//! The table of keys: the reader and the schema accept the same values of every key.

use std::path::Path;

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::plan::format::{self, KeyInfo, Section, Takes};
use crate::plan::{DurationError, Plan, Variables, duration};
use crate::provider::Cloud;

/// A plan in which every section has a place.
fn base() -> Value {
    let ali = |credentials: Value| json!({"cloud": "alibaba", "region": "r", "credentials": credentials});
    let hw = |credentials: Value| json!({"cloud": "huawei", "region": "r", "credentials": credentials});
    json!({
        "version": 1,
        "accounts": {
            "ali": {"cloud": "alibaba", "region": "r", "credentials": {"env": {"access_key_id": "A", "access_key_secret": "B"}}},
            "hw": {"cloud": "huawei", "region": "r", "credentials": {"env": {"auth_token": "C"}}},
            "own": {"cloud": "alibaba", "region": "r"},
            "profile": ali(json!({"profile": "p"})),
            "process": ali(json!({"process": "p"})),
            "uri": ali(json!({"uri": "https://h/"})),
            "metadata": ali(json!({"metadata": {}})),
            "oidc": ali(json!({"oidc": {"role_arn": "acs:ram::1:role/r", "provider_arn": "acs:ram::1:oidc-provider/p", "token_file": "t"}})),
            "role": ali(json!({"role": {"arn": "acs:ram::1:role/r"}})),
            "pod": hw(json!({"pod": {}})),
            "agency_oidc": hw(json!({"oidc": {"agency_urn": "iam::1:agency:a", "provider_urn": "iam::1:oidc-provider:p", "token_file": "t"}})),
            "idp": hw(json!({"oidc": {"idp_id": "i", "token_file": "t"}})),
            "urn": hw(json!({"role": {"urn": "iam::1:agency:a"}})),
            "agency": hw(json!({"role": {"agency": "a", "domain": "d"}})),
            "domain_id": hw(json!({"role": {"agency": "a", "domain_id": "d78cbac186b744899480f25bd022f468"}})),
            "password": hw(json!({"password": {"domain": "d", "user": "u", "password": {"env": "P"}}})),
            "password_file": hw(json!({"password": {"domain": "d", "user": "u", "password": {"file": "p"}}})),
        },
        "defaults": {},
        "limits": {"per_kind": {"elasticsearch_task": {}}},
        "retry": {},
        "verify": {},
        "guards": {"window": {"from": "20:00", "to": "06:00", "timezone": "UTC"}, "accounts": {"deny": ["1"]}},
        "notify": {
            "dingtalk": {"dingtalk": {"url": {"env": "U"}}},
            "feishu": {"feishu": {"url": {"env": "U"}}},
            "wecom": {"wecom": {"url": {"env": "U"}}},
            "slack": {"slack": {"url": {"file": "u"}}},
            "webhook": {"webhook": {"url": {"env": "U"}}},
        },
        "targets": [
            {"kind": "elasticsearch_task", "account": "own", "instance_id": "es-1", "seen": {}},
            {"kind": "drs_job", "accounts": ["hw"], "select": {"job_type": "sync", "expect": {"at_most": 7}}},
        ],
    })
}

/// Returns the name of the account in that plan that has a key.
fn account_of<'k>(section: &Section, key: &'k KeyInfo, is_huawei: bool) -> &'k str {
    match (section.place.strip_prefix("accounts.NAME.credentials"), key.name) {
        (Some(""), "env") | (Some(".env"), _) | (None, _) => {
            if is_huawei {
                "hw"
            } else {
                "ali"
            }
        }
        (Some(""), "file") => "profile",
        (Some(""), "timeout") => "process",
        (Some(""), "insecure_http") => "uri",
        (Some(""), "source") => "role",
        (Some(""), form) => form,
        (Some(".metadata"), _) => "metadata",
        (Some(".oidc"), "idp_id") => "idp",
        (Some(".oidc"), _) => {
            if is_huawei {
                "agency_oidc"
            } else {
                "oidc"
            }
        }
        (Some(".role"), "urn") => "urn",
        (Some(".role"), "domain_id") => "domain_id",
        (Some(".role"), _) => {
            if is_huawei {
                "agency"
            } else {
                "role"
            }
        }
        (Some(".password.password"), "file") => "password_file",
        (Some(_), _) => "password",
    }
}

/// Returns the place of a key in that plan; `None` where its value is the name of a file, or depends on the whole plan.
fn place(section: &Section, key: &KeyInfo) -> Option<String> {
    let is_huawei = key.only_for.is_some_and(|(cloud, _)| cloud == Cloud::Huawei) || key.name == "auth_token";
    let account = match (section.place.strip_prefix("notify.NAME"), key.name) {
        (Some(""), "when") => Some("slack"),
        (Some(""), chat) => Some(chat),
        (Some(chat), _) => chat.strip_prefix('.'),
        (None, _) => None,
    };
    let account = account.unwrap_or_else(|| account_of(section, key, is_huawei));
    let section = match section.place {
        "the plan" => String::new(),
        "a target" if key.name == "selection" => return None,
        "a target" => "/targets/0".to_owned(),
        // What `allstop plan` writes fits one plan alone.
        "a target with from" | "guards.window.except" | "reviewed" | "reviewed.of" => return None,
        "a target with select" => "/targets/1".to_owned(),
        "select" => "/targets/1/select".to_owned(),
        "select.expect" => "/targets/1/select/expect".to_owned(),
        "a target's seen" => "/targets/0/seen".to_owned(),
        "stages" if key.name == "targets" => return None,
        "stages" => "/stages/0".to_owned(),
        place => format!("/{}", place.replace('.', "/").replace("NAME", account).replace("KIND", "elasticsearch_task")),
    };
    Some(format!("{section}/{}", key.name))
}

/// Returns every key with its place.
fn keys() -> Vec<(KeyInfo, String)> {
    let plan = format::plan();
    let of = |section: &'_ Section| {
        section.keys.iter().filter_map(|key| Some((key.clone(), place(section, key)?))).collect::<Vec<_>>()
    };
    plan.all().into_iter().flat_map(of).collect()
}

fn with(place: &str, value: Value) -> Value {
    let mut plan = base();
    if place.starts_with("/stages") {
        let targets = plan.as_object_mut().unwrap().remove("targets").unwrap();
        plan["stages"] = json!([{"name": "all", "targets": targets}]);
    }
    let (parent, key) = place.rsplit_once('/').unwrap();
    let mapping = plan.pointer_mut(parent).unwrap_or_else(|| panic!("{place}"));
    if ["regions", "projects"].contains(&key) {
        mapping.as_object_mut().unwrap().remove("region");
    }
    mapping[key] = value;
    plan
}

fn validator() -> Validator {
    jsonschema::draft202012::options().build(&super::plan()).unwrap()
}

fn is_read(plan: &Value) -> bool {
    Plan::parse(plan.to_string().as_bytes(), Path::new("p.yaml"), &Variables::default()).is_ok()
}

/// Reads a value as a plan writes it.
fn written(text: &str, takes: &Takes) -> Value {
    let value = serde_yaml::from_str(text).unwrap_or_else(|_| text.into());
    if matches!(takes, Takes::Patterns | Takes::Names | Takes::Regions | Takes::AccountIds) {
        json!([value])
    } else {
        value
    }
}

#[test]
fn defaults_and_examples_are_accepted() {
    let validator = validator();
    let mut tried = 0;
    for (key, place) in keys() {
        let examples = key.examples.iter().map(|example| (*example).to_owned());
        for text in key.default.iter().cloned().chain(examples) {
            let plan = with(&place, written(&text, &key.takes));
            assert!(is_read(&plan), "the reader refuses {place}: {text}");
            assert!(validator.is_valid(&plan), "the schema refuses {place}: {text}");
            tried += 1;
        }
    }
    assert!(tried > 30, "only {tried} values");
}

/// Tells whether only the reader can refuse such a value of a key: it depends on other keys, or on knowledge that a
/// schema does not have.
fn is_beyond_a_schema(key: &KeyInfo, value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    match (key.name, &key.takes) {
        _ if text.contains("${") => true,
        ("account" | "cloud" | "kind" | "timezone", _) | (_, Takes::Patterns | Takes::Globs | Takes::Tags) => true,
        // Which days there are.
        (_, Takes::Until | Takes::Exceptions(_)) => true,
        ("at_least" | "at_most", _) | (_, Takes::Names | Takes::Moment) => true,
        ("initial_delay" | "max_delay" | "request_timeout" | "connect_timeout", _) if duration(text).is_ok() => true,
        // Upper and lower case, text and numbers, and what variables hold may be one region.
        (_, Takes::Regions | Takes::Projects) => matches!(value, Value::Array(_) | Value::Object(_)),
        // The domain's name goes with the other.
        ("api", _) => true,
        // The ids of other clouds, and which texts they are.
        ("domain_id", _) => true,
        (_, Takes::Fitting(_)) => !value.is_string(),
        // What is JSON, and where a word or a host ends.
        (_, Takes::Policy | Takes::Command | Takes::Url) => value.is_string(),
        // What is JSON, and which headers requests have anyway.
        (_, Takes::Template) => value.is_string() || value.is_object(),
        (_, Takes::Between(..)) if duration(text).is_ok() => true,
        (_, Takes::Between(..)) => duration(text) == Err(DurationError::TooLong),
        (_, Takes::Duration | Takes::Wait | Takes::Pause) => duration(text) == Err(DurationError::TooLong),
        _ => false,
    }
}

fn values() -> impl Strategy<Value = Value> {
    let numbers = prop_oneof![-2_i64..12, 990_i64..1010, 65_530_i64..65_540, 4_294_967_290_i64..4_294_967_300];
    let quantities = "[0-9]{1,5} ?(ns|us|ms|s|m|min|h|d|/s|/min|/h|/d|%|\\.[0-9]{1,3}%)?";
    let times = "[0-2]?[0-9]:[0-6][0-9]";
    let words = prop::sample::select(vec![
        "ok",
        "ask",
        "fail",
        "auto",
        "always",
        "off",
        "public",
        "vpc",
        "v1",
        "v3",
        "alibaba",
        "huawei",
        "ali",
        "hw",
        "mon",
        "mon-fri",
        "UTC",
        "true",
        "A_B",
        "https://h",
        "0s",
        "default",
        "v5",
        "a 'b",
        "http://127.0.0.1:1",
        "drs_job",
    ]);
    let texts = prop_oneof![quantities, times, "[ -~é]{0,12}", "[A-Za-z0-9_-]{1,40}", words.prop_map(str::to_owned)];
    let scalars = prop_oneof![
        8 => texts.prop_map(Value::from),
        4 => numbers.prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => Just(json!(1.5)),
    ];
    prop_oneof![
        8 => scalars.clone(),
        1 => prop::collection::vec(scalars.clone(), 0..3).prop_map(Value::from),
        1 => prop::collection::btree_map("[ -~]{0,6}", scalars, 0..3).prop_map(|map| json!(map)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_reader_and_the_schema_agree(value in values()) {
        thread_local!(static VALIDATOR: Validator = validator());
        for (key, place) in keys() {
            let plan = with(&place, value.clone());
            let (is_read, is_valid) = (is_read(&plan), VALIDATOR.with(|validator| validator.is_valid(&plan)));
            let is_fine = is_read == is_valid || (is_valid && is_beyond_a_schema(&key, &value));
            prop_assert!(is_fine, "{place}: {value} read {is_read}, valid {is_valid}");
        }
    }
}
