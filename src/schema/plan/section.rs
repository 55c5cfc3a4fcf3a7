//! Sections of a plan, with their keys as properties.

use serde_json::{Map, Value, json};

use super::value::{self, of_keys};
use crate::plan::format::{KeyInfo, Section, Takes};
use crate::provider::Cloud;
use crate::service::Kind;

/// Returns the schema of a mapping with fixed keys.
pub(super) fn schema(section: &Section) -> Value {
    let mut schema = of_keys(section.about, section.keys.iter().map(|key| (key.name, of_key(key), key.required)));
    match section.place {
        "the plan" => schema["oneOf"] = json!([{"required": ["targets"]}, {"required": ["stages"]}]),
        "accounts.NAME" => {
            schema["allOf"] = Cloud::ALL.into_iter().map(|cloud| rule(section, cloud)).collect();
            schema["oneOf"] = region_rules();
        }
        // One that only has exceptions is open all day.
        "guards.window" => schema["anyOf"] = window_rules(),
        "select.expect" => schema["minProperties"] = 1.into(),
        "accounts.NAME.credentials.env" => schema["anyOf"] = credential_rules(),
        "accounts.NAME.credentials" => schema["oneOf"] = source_rules(section),
        "accounts.NAME.credentials.oidc" => {
            let forms = [&["role_arn", "provider_arn"][..], &["agency_urn", "provider_urn"], &["idp_id"]];
            schema["oneOf"] = one_of(&forms);
        }
        "accounts.NAME.credentials.role" => {
            let forms = [&["arn"][..], &["urn"], &["agency", "domain"], &["agency", "domain_id"]];
            schema["oneOf"] = one_of(&forms);
        }
        "notify.NAME" => {
            let chats: Vec<_> = section.keys.iter().map(|key| [key.name]).filter(|[key]| *key != "when").collect();
            schema["oneOf"] = one_of(&chats.iter().map(|chat| &chat[..]).collect::<Vec<_>>());
        }
        "accounts.NAME.credentials.password.password" => schema["oneOf"] = one_of(&[&["env"], &["file"]]),
        _ => {}
    }
    schema
}

/// Returns the schema of a key's value, described.
pub(super) fn of_key(key: &KeyInfo) -> Value {
    let mut schema = of_value(&key.takes);
    schema["description"] = key.about.into();
    if let Some(default) = &key.default {
        schema["default"] = literal(default);
    }
    if !key.examples.is_empty() {
        let examples: Value = key.examples.iter().map(|example| literal(example)).collect();
        schema["examples"] = if schema["type"] == "array" { json!([examples]) } else { examples };
    }
    schema
}

/// Returns the rules of the accounts of one cloud: its endpoints, and no key that only another cloud has.
fn rule(account: &Section, cloud: Cloud) -> Value {
    let mut properties = Map::new();
    properties.insert("endpoints".into(), value::endpoints(&[cloud]));
    properties.insert("account_id".into(), value::account_id(Some(cloud)));
    let foreign = account.keys.iter().filter(|key| key.only_for.is_some_and(|(only, _)| only != cloud));
    properties.extend(foreign.map(|key| (key.name.to_owned(), false.into())));
    json!({
        "if": {"properties": {"cloud": {"const": cloud.name()}}, "required": ["cloud"]},
        "then": {"properties": properties},
    })
}

/// Returns the rules of where an account is: one region, several, or several with their projects.
fn region_rules() -> Value {
    json!([
        {"required": ["region"]},
        {"required": ["regions"]},
        {"required": ["projects"], "properties": {"project_id": false}},
    ])
}

/// Returns the rules of `guards.window`: when it opens and closes, or only exceptions.
fn window_rules() -> Value {
    json!([{"required": ["from", "to"]}, {"required": ["except"], "properties": {"from": false, "to": false}}])
}

/// Returns the rules of `credentials.env`: an access key's id and secret, or an auth token.
fn credential_rules() -> Value {
    let key = json!({"required": ["access_key_id", "access_key_secret"], "properties": {"auth_token": false}});
    let lacking = ["access_key_id", "access_key_secret", "security_token"];
    let none: Map<_, _> = lacking.into_iter().map(|key| (key.to_owned(), Value::Bool(false))).collect();
    let token = json!({"required": ["auth_token"], "properties": none});
    json!([key, token])
}

/// Returns the rules of `credentials`: one source, and what belongs to another one only beside that.
fn source_rules(section: &Section) -> Value {
    // Each source, and what may stand beside it.
    let details = |key: &str| -> Option<&[&str]> {
        match key {
            "profile" => Some(&["file"]),
            "process" => Some(&["timeout"]),
            "uri" => Some(&["insecure_http"]),
            "role" => Some(&["source"]),
            "timeout" | "insecure_http" | "source" => None,
            _ => Some(&[]),
        }
    };
    let names = section.keys.iter().map(|key| key.name);
    let rules = names.clone().filter_map(|source| {
        let own = details(source)?;
        let others = names.clone().filter(|name| *name != source && !own.contains(name));
        let others: Map<_, _> = others.map(|name| (name.to_owned(), Value::Bool(false))).collect();
        Some(json!({"required": [source], "properties": others}))
    });
    rules.collect()
}

/// Returns the rules of a mapping that has all keys of exactly one of these forms.
fn one_of(forms: &[&[&str]]) -> Value {
    let rule = |form: &&[&str]| {
        let others = forms.iter().flat_map(|other| other.iter()).filter(|key| !form.contains(key));
        let others: Map<_, _> = others.map(|key| ((*key).to_owned(), Value::Bool(false))).collect();
        json!({"required": form, "properties": others})
    };
    forms.iter().map(rule).collect()
}

/// Returns the schema of a source of credentials, in which another one may be.
pub(super) fn source(section: &Section) -> Value {
    json!({"anyOf": [{"const": "default"}, value::variable(), schema(section)]})
}

fn of_value(takes: &Takes) -> Value {
    match takes {
        Takes::Version => json!({"anyOf": [{"const": 1}, value::variable()]}),
        Takes::Name => value::name(),
        Takes::HostWord => value::host_word(),
        Takes::Variable => value::variable_name(),
        Takes::Word(words) => value::word(words),
        Takes::Count(from, to) => value::count(*from, *to),
        Takes::Flag => value::flag(),
        // How long it is, no schema can tell.
        Takes::Duration | Takes::Between(..) => value::duration(),
        Takes::Wait => value::wait(),
        Takes::AccountId => value::account_id(None),
        Takes::AccountIds => json!({"type": "array", "minItems": 1, "items": value::account_id(None)}),
        Takes::Path => value::name(),
        Takes::Url => value::url(),
        Takes::Command => value::command(),
        Takes::Policy => json!({"type": ["object", "string"]}),
        Takes::Secret(inner) => schema(inner),
        Takes::Secrets(inner) => json!({
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": value::header_name()},
            "additionalProperties": schema(inner),
        }),
        Takes::Template => json!({"type": ["object", "string"]}),
        Takes::Fitting(fit) => value::fitting(fit),
        Takes::Nothing => json!({"type": "object", "maxProperties": 0}),
        Takes::Source(_) | Takes::SameSource => json!({"$ref": "#/$defs/credentials"}),
        Takes::Rate => value::rate(),
        Takes::MaxFailures => value::failures(),
        Takes::Pause => value::pause(),
        Takes::TimeOfDay => value::time_of_day(),
        Takes::Wording => value::wording(),
        Takes::Generated => json!({"type": "array"}),
        Takes::Labels => json!({"$ref": "#/$defs/labels"}),
        Takes::Patterns => json!({"type": "array", "items": value::name()}),
        Takes::Globs => value::globs(),
        Takes::Tags => value::tags(),
        Takes::Names => json!({"type": "array", "minItems": 1, "items": value::name()}),
        Takes::Moment => value::moment(),
        Takes::Until => value::until(),
        Takes::Exceptions(inner) => value::one_or_more(&json!({"anyOf": [value::exception(), schema(inner)]})),
        Takes::Words(words) => value::one_or_more(&value::word(words)),
        // What is in them is another thing for each kind.
        Takes::Select(_) => json!({"type": ["string", "object"]}),
        Takes::Conditions => json!({"type": ["object", "array"]}),
        Takes::Cycle(words) => value::cycle(words),
        Takes::Endpoints => value::endpoints(&Cloud::ALL),
        Takes::Regions => {
            json!({"type": "array", "minItems": 1, "uniqueItems": true, "items": value::host_word()})
        }
        Takes::Projects => json!({
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": value::host_word()["pattern"]},
            "additionalProperties": value::host_word(),
        }),
        Takes::Kind => value::word(&Kind::all().iter().map(|kind| kind.name).collect::<Vec<_>>()),
        Takes::Section(inner) => schema(inner),
        Takes::Each(inner) => json!({
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": value::name()["pattern"]},
            "additionalProperties": schema(inner),
        }),
        Takes::PerKind(inner) => {
            let kinds = Kind::all().iter().map(|kind| (kind.name, schema(inner), false));
            of_keys(inner.about, kinds)
        }
        Takes::List(inner) => json!({"type": "array", "minItems": 1, "items": schema(inner)}),
        Takes::Targets(_) | Takes::TargetList => {
            json!({"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/target"}})
        }
    }
}

/// Reads a value as plans write it: a number or a flag where it looks like one, else text.
fn literal(text: &str) -> Value {
    let is_typed = |value: &Value| value.is_boolean() || (value.is_number() && text.len() < 10);
    serde_json::from_str(text).ok().filter(is_typed).unwrap_or_else(|| text.into())
}
