//! Mappings with fixed keys.

use serde_json::{Map, Value};

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
