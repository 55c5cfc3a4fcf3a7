//! The entries of `targets`: by kind, a target or a file of targets.

use serde_json::{Value, json};

use super::mapping::of_keys;
use super::section::of_key;
use super::value;
use crate::plan::format::Section;
use crate::service::{self, Kind, Param};
use crate::wording::sentence;

/// Returns the schema of an entry of `targets`.
pub(super) fn schema(plan: &Section) -> Value {
    let mut entries = Vec::new();
    for kind in Kind::all() {
        for section in plan.keys.iter().filter(|key| key.name == "targets").flat_map(|key| key.takes.sections()) {
            entries.push(of_kind(*kind, section));
        }
    }
    // If the kind is a variable, nothing else is known.
    entries.push(json!({"type": "object", "properties": {"kind": {"type": "string", "pattern": r"\$\{"}}}));
    json!({"anyOf": entries, "required": ["kind"]})
}

fn of_kind(kind: Kind, section: &Section) -> Value {
    let is_bulk = section.keys.iter().any(|key| key.name == "from");
    let common = section.keys.iter().map(|key| {
        let schema = if key.name == "kind" {
            json!({"description": format!("{}.", kind.title), "const": kind.name})
        } else {
            of_key(key)
        };
        (key.name, schema, key.required)
    });
    let own = kind.params.iter().filter(|_| !is_bulk).map(|param| (param.name, of_param(param), param.identifying));
    let about = if is_bulk { format!("{}: a file of them.", kind.title) } else { format!("{}.", kind.title) };
    of_keys(&about, common.chain(own)).into()
}

fn of_param(param: &Param) -> Value {
    let mut schema = value::param(param.shape, param.identifying);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".into(), sentence(param.about).into());
        let example = match param.example {
            service::Value::Text(text) => Value::from(text),
            service::Value::Flag(flag) => flag.into(),
        };
        schema.insert("examples".into(), json!([example]));
    }
    schema
}
