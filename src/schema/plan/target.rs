//! The entries of `targets`: by kind, a target or a file of targets.

use serde_json::{Value, json};

use super::{section, value};
use crate::plan::format::{self, Section};
use crate::service::{self, Kind, Param};
use crate::wording::sentence;

/// Returns the schema of an entry of `targets`.
pub(super) fn schema() -> Value {
    let kinds = Kind::all().iter();
    let entries = kinds.flat_map(|kind| [of_kind(*kind, &format::TARGET), of_kind(*kind, &format::BULK)]);
    // Where the kind is a variable, no more can be told.
    let unknown = json!({"type": "object", "properties": {"kind": {"type": "string", "pattern": r"\$\{"}}});
    let entries: Vec<_> = entries.chain([unknown]).collect();
    json!({"anyOf": entries, "required": ["kind"]})
}

fn of_kind(kind: Kind, section: &'static Section) -> Value {
    let is_bulk = *section == format::BULK;
    let common = section.keys.iter().map(|key| {
        let schema = if key.name == "kind" {
            json!({"description": format!("{}.", kind.title()), "const": kind.name()})
        } else {
            section::of_key(key)
        };
        (key.name, schema, key.required)
    });
    let own = kind.params().iter().filter(|_| !is_bulk).map(|param| (param.name, of_param(param), param.identifying));
    let about = if is_bulk { format!("{}: a file of them.", kind.title()) } else { format!("{}.", kind.title()) };
    section::of_keys(&about, common.chain(own)).into()
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
