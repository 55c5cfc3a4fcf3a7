//! The entries of `targets`: by kind, a target, a selection or a file of targets.

use serde_json::{Value, json};

use super::section::of_key;
use super::select;
use super::value::{self, of_keys};
use crate::plan::format::{self, Section, Takes};
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
    let common = section.keys.iter().map(|key| {
        let schema = if let Takes::Select(inner) = &key.takes {
            select::schema(kind, key, inner)
        } else if matches!(key.takes, Takes::Kind) {
            json!({"description": format!("{}.", kind.title), "const": kind.name})
        } else {
            of_key(key)
        };
        (key.name, schema, key.required)
    });
    let own = format::params(section, kind);
    let own = own.into_iter().map(|param| (param.name, of_param(param), param.identifying));
    let has = |name: &str| section.keys.iter().any(|key| key.name == name);
    let about = match kind.title {
        title if has("from") => format!("{title}: a file of them."),
        title if has("select") => format!("{title}: all that meet conditions."),
        title => format!("{title}."),
    };
    of_keys(&about, common.chain(own))
}

fn of_param(param: &Param) -> Value {
    let mut schema = value::param(param.shape, param.identifying);
    schema["description"] = sentence(param.about).into();
    schema["examples"] = match param.example {
        service::Value::Text(text) => json!([text]),
        service::Value::Flag(flag) => json!([flag]),
    };
    schema
}
