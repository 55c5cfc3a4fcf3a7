//! How people's scripts write resources.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::draft::Draft;
use super::facts::Tags;
use super::resource::Resource;

/// Reads `{"kind": "fnf_execution", "flow_name": "…", "execution_name": "…", "state": "running", "account": 0}`:
/// the names a plan uses, and a `project_id` for Huawei Cloud. What listings show may be stated, too: fields by the names
/// that plans use, `status` (the service's word), `since` and `tags`; `null` tags are not shown.
impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Resource;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a resource")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Resource, A::Error> {
                let mut draft = Draft::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "state" => draft.initial = Some(map.next_value()?),
                        "account" => draft.account = map.next_value()?,
                        "tags" => draft.tags = Some(tags(&map.next_value()?).map_err(de::Error::custom)?),
                        _ => draft.texts.push((key, map.next_value()?)),
                    }
                }
                draft.build(None).map_err(de::Error::custom)
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

/// Reads `{"env": "test"}`, or `[["env", "test"]]`, where a key may come twice, or `null`.
fn tags(value: &Value) -> Result<Tags, &'static str> {
    let wrong = "tags are a mapping of texts, a list of pairs of texts, or null";
    let pair = |key: Option<&str>, value: Option<&str>| Some((key?.into(), value?.into()));
    let read: Option<Vec<_>> = match value {
        Value::Null => return Ok(Tags::Hidden),
        Value::Object(tags) => tags.iter().map(|(key, value)| pair(Some(key), value.as_str())).collect(),
        Value::Array(tags) => tags.iter().map(|tag| pair(tag.get(0)?.as_str(), tag.get(1)?.as_str())).collect(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    };
    read.map(Tags::Known).ok_or(wrong)
}

#[cfg(test)]
mod tests {
    use super::super::resource::Initial;
    use super::*;

    #[test]
    fn resources_are_read_as_plans_name_them() {
        let text = r#"{"kind": "drs_job", "project_id": "p", "job_id": "j", "state": "ended", "account": 3}"#;
        let resource: Resource = serde_json::from_str(text).expect("a resource");
        assert_eq!(resource.initial, Initial::Ended);
        let id = serde_json::to_string(&resource.id).expect("JSON");
        assert_eq!(id, r#"{"kind":"drs_job","account":3,"project_id":"p","job_id":"j"}"#);
    }

    #[test]
    fn what_is_no_resource_is_refused_with_a_reason() {
        for (text, reason) in [
            (r#"{"flow_id": "f"}"#, "missing field `kind`"),
            (r#"{"kind": "volcano"}"#, "no kind \"volcano\""),
            (r#"{"kind": "live_flow", "flow_id": "f"}"#, "missing field `project_id`"),
            (
                r#"{"kind": "elasticsearch_task", "instance_id": "e", "size": "1"}"#,
                "elasticsearch_task has no \"size\"",
            ),
            ("[]", "expected a resource"),
        ] {
            let error = serde_json::from_str::<Resource>(text).expect_err(text).to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
