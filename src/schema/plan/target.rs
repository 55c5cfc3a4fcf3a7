//! The entries of `targets`: by kind, a target or a file of targets.

use serde_json::{Value, json};

use super::mapping::of_keys;
use super::{section, value};
use crate::plan::format::{self, Section};
use crate::service::{self, Kind, Param};
use crate::wording::sentence;

/// Returns the schema of an entry of `targets`.
pub(super) fn schema() -> Value {
    let kinds = Kind::all().iter();
    let entries = kinds.flat_map(|kind| {
        let title = kind.title();
        [
            of_kind(*kind, &format!("{title}."), &format::TARGET, kind.params()),
            of_kind(*kind, &format!("{title}: a file of them."), &format::BULK, &[]),
        ]
    });
    // If the kind is a variable, nothing else is known.
    let unknown = json!({"type": "object", "properties": {"kind": {"type": "string", "pattern": r"\$\{"}}});
    let entries: Vec<_> = entries.chain([unknown]).collect();
    json!({"anyOf": entries, "required": ["kind"]})
}

fn of_kind(kind: Kind, about: &str, section: &'static Section, params: &'static [Param]) -> Value {
    let common = section.keys().map(|key| {
        let schema = if key.name == "kind" {
            json!({"description": format!("{}.", kind.title()), "const": kind.name()})
        } else {
            section::of_key(&key)
        };
        (key.name, schema, key.required)
    });
    let own = params.iter().map(|param| (param.name, of_param(param), param.identifying));
    of_keys(about, common.chain(own)).into()
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
