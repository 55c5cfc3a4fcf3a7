//! The schema of reports.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::report::Report;

/// Returns the JSON Schema of reports, version 1.
#[must_use]
pub fn report() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Report>();
    schema.insert("$schema".into(), super::DIALECT.into());
    schema.insert("description".into(), "What came of a run: one row for every target of its plan.".into());
    schema.insert("title".into(), "A report of allstop, version 1".into());
    schema.into()
}
