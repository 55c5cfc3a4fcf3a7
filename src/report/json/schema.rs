//! The JSON Schema of types that cannot derive it: words, moments and parameters.

use schemars::{Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::{Value, json};

use crate::engine::{Evidence, SkipReason, StageStatus};
use crate::error::ErrorClass;
use crate::wording;

/// Moments.
/// A moment in UTC with whole seconds.
pub(super) fn second(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "format": "date-time", "examples": ["2026-11-25T09:00:12Z"]})
}

pub(super) fn moment(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "format": "date-time",
        "pattern": r"^-?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
        "examples": ["2026-11-22T05:00:00.123Z"],
    })
}

/// Moments that may be missing.
pub(super) fn maybe_moment(generator: &mut SchemaGenerator) -> Schema {
    or_null(moment(generator))
}

/// Parameters: texts, and flags.
pub(super) fn params(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object", "additionalProperties": {"type": ["string", "boolean"]}})
}

/// Takes `done` out of the required fields of a row: reports of earlier versions do not have it.
pub(super) fn done_is_new(row: &mut Schema) {
    if let Some(Value::Array(required)) = row.get_mut("required") {
        required.retain(|name| name != "done");
    }
    if let Some(done) = row.pointer_mut("/properties/done").and_then(Value::as_object_mut) {
        done.remove("default");
    }
}

/// Outcomes.
pub(super) fn outcome(_: &mut SchemaGenerator) -> Schema {
    words(crate::engine::Outcome::ALL.map(|word| (word, wording::outcome(word).means)))
}

/// Evidence, which may be missing.
pub(super) fn maybe_evidence(_: &mut SchemaGenerator) -> Schema {
    or_null(words([Evidence::Answer, Evidence::ReadBack].map(|word| (word, wording::evidence(word)))))
}

/// Reasons for skipping, which may be missing.
pub(super) fn maybe_reason(_: &mut SchemaGenerator) -> Schema {
    or_null(words(SkipReason::ALL.map(|word| (word, wording::reason(word).means))))
}

/// Classes of errors.
pub(super) fn class(_: &mut SchemaGenerator) -> Schema {
    words(ErrorClass::ALL.map(|word| (word, wording::class(word))))
}

/// Classes of errors, which may be missing.
pub(super) fn maybe_class(generator: &mut SchemaGenerator) -> Schema {
    or_null(class(generator))
}

/// How runs end.
pub(super) fn status(_: &mut SchemaGenerator) -> Schema {
    words(wording::STATUSES.map(|word| (word, wording::status(word).means)))
}

/// How stages end.
pub(super) fn stage_status(_: &mut SchemaGenerator) -> Schema {
    words(StageStatus::ALL.map(|word| (word, wording::stage_status(word).means)))
}

fn words<T: Serialize, const N: usize>(words: [(T, &str); N]) -> Schema {
    let choices: Vec<Value> = words.iter().map(|(word, means)| json!({"const": word, "description": means})).collect();
    json_schema!({"oneOf": choices})
}

fn or_null(schema: Schema) -> Schema {
    json_schema!({"anyOf": [schema, {"type": "null"}]})
}
