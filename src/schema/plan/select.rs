//! `select`: what it says of one kind.

use serde_json::{Value, json};

use super::section::of_key;
use super::value::{self, of_keys};
use crate::plan::format::{self, KeyInfo, Section, Takes};
use crate::service::{Field, Kind};
use crate::wording::sentence;

/// Returns the schema of `select` of a kind.
pub(super) fn schema(kind: Kind, key: &KeyInfo, section: &Section) -> Value {
    let keys: Vec<_> = section.keys.iter().filter(|key| format::objection(kind, key.name).is_none()).collect();
    let (conditions, others): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| format::is_condition(key.name));
    let mut except = narrowing(kind, "What is left out: all conditions are true.", &conditions, &[]);
    except = value::one_or_more(&except);
    let mut mapping = narrowing(kind, section.about, &conditions, &others);
    for key in others.iter().filter(|key| matches!(key.takes, Takes::Conditions)) {
        except["description"] = key.about.into();
        mapping["properties"][key.name] = except.clone();
    }
    json!({"description": key.about, "anyOf": [{"const": "all"}, value::variable(), mapping]})
}

/// Returns the schema of a mapping with at least one condition.
fn narrowing(kind: Kind, about: &str, conditions: &[&KeyInfo], others: &[&KeyInfo]) -> Value {
    let fields = kind.service().lister().selectable().fields;
    let own = fields.iter().map(|field| (field.name, of_field(field), false));
    let keys = conditions.iter().chain(others).map(|key| (key.name, of_key(key), false));
    let mut schema = of_keys(about, own.chain(keys));
    let names = fields.iter().map(|field| field.name).chain(conditions.iter().map(|key| key.name));
    schema["anyOf"] = names.map(|name| json!({"required": [name]})).collect();
    schema
}

fn of_field(field: &Field) -> Value {
    let mut schema = value::globs();
    schema["description"] = sentence(field.about).into();
    schema["examples"] = json!([field.example]);
    schema
}
