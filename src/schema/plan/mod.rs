//! The schema of plans.

mod section;
mod select;
mod target;
mod value;

use serde_json::{Value, json};

use crate::plan::format;

/// Returns the JSON Schema of plans.
///
/// It accepts every plan that the program accepts, and refuses errors that show in the text alone. A value with `${…}` in
/// it is accepted everywhere, since the value of the variable is not known yet.
#[must_use]
pub fn plan() -> Value {
    let plan = format::plan();
    let mut schema = section::schema(&plan);
    schema["$schema"] = super::DIALECT.into();
    schema["title"] = "A plan of allstop, version 1".into();
    schema["$defs"] = json!({"labels": value::labels(), "target": target::schema(&plan)});
    let source = plan.all().into_iter().find(|section| section.place == "accounts.NAME.credentials");
    source.into_iter().for_each(|source| schema["$defs"]["credentials"] = section::source(source));
    schema
}

#[cfg(test)]
mod tests;
