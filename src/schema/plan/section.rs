//! Mappings: a section's keys as properties.

use serde_json::{Map, Value, json};

use super::{account, value};
use crate::plan::format::{self, Key, Section};

/// Returns the schema of a mapping with fixed keys.
pub(super) fn schema(section: &'static Section) -> Value {
    let mut schema = of_keys(section.about, section.keys.iter().map(|key| (key.name, of_key(key), key.required)));
    let rules = if *section == format::ACCOUNT {
        account::rules()
    } else if *section == format::ENV {
        account::credential_rules()
    } else {
        Map::new()
    };
    schema.extend(rules);
    schema.into()
}

/// Returns the schema of a mapping with these keys: the name of each, its schema, and whether it is required.
pub(super) fn of_keys(about: &str, keys: impl Iterator<Item = (&'static str, Value, bool)>) -> Map<String, Value> {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for (name, schema, is_required) in keys {
        properties.insert(name.to_owned(), schema);
        if is_required {
            required.push(name);
        }
    }
    let mut schema = Map::new();
    schema.insert("description".into(), about.into());
    schema.insert("type".into(), "object".into());
    schema.insert("properties".into(), properties.into());
    schema.insert("required".into(), required.into());
    schema.insert("additionalProperties".into(), false.into());
    schema
}

/// Returns the schema of a key's value, described.
pub(super) fn of_key(key: &Key) -> Value {
    let mut schema = value::schema(key.takes);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".into(), key.about.into());
        if let Some(default) = key.default {
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

/// Reads a value as plans write it: a number or a flag where it looks like one, else text.
fn literal(text: &str) -> Value {
    let is_typed = |value: &Value| value.is_boolean() || (value.is_number() && text.len() < 10);
    serde_json::from_str(text).ok().filter(is_typed).unwrap_or_else(|| text.into())
}
