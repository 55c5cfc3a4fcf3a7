//! Sections of a plan, with their keys as properties.

use serde_json::{Map, Value, json};

use super::mapping::of_keys;
use super::{account, value};
use crate::plan::format::{KeyInfo, Section, Takes};
use crate::provider::Cloud;
use crate::service::{Kind, products};

/// Returns the schema of a mapping with fixed keys.
pub(super) fn schema(section: &Section) -> Value {
    let mut schema = of_keys(section.about, section.keys.iter().map(|key| (key.name, of_key(key), key.required)));
    let rules = match section.place {
        "accounts.NAME" => account::rules(section),
        "accounts.NAME.credentials.env" => account::credential_rules(),
        _ => Map::new(),
    };
    schema.extend(rules);
    schema.into()
}

/// Returns the schema of a key's value, described.
pub(super) fn of_key(key: &KeyInfo) -> Value {
    let mut schema = of_value(&key.takes);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".into(), key.about.into());
        if let Some(default) = &key.default {
            schema.insert("default".into(), literal(default));
        }
        if !key.examples.is_empty() {
            let examples = key.examples.iter().map(|example| literal(example));
            let is_list = schema.get("type") == Some(&json!("array"));
            let examples = if is_list { json!([examples.collect::<Value>()]) } else { examples.collect() };
            schema.insert("examples".into(), examples);
        }
    }
    schema
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
        Takes::Duration => value::duration(),
        Takes::Rate => value::rate(),
        Takes::MaxFailures => value::failures(),
        Takes::TimeOfDay => value::time_of_day(),
        Takes::Labels => json!({"$ref": "#/$defs/labels"}),
        Takes::Patterns => json!({"type": "array", "items": value::name()}),
        Takes::Cycle(words) => value::cycle(words),
        Takes::Endpoints => value::endpoints(Cloud::ALL.into_iter().flat_map(products)),
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
            of_keys(inner.about, kinds).into()
        }
        Takes::Targets(_) => json!({"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/target"}}),
    }
}

/// Reads a value as plans write it: a number or a flag where it looks like one, else text.
fn literal(text: &str) -> Value {
    let is_typed = |value: &Value| value.is_boolean() || (value.is_number() && text.len() < 10);
    serde_json::from_str(text).ok().filter(is_typed).unwrap_or_else(|| text.into())
}
