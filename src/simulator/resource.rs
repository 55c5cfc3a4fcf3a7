//! What the simulator holds: resources, how they are named, and how people's scripts write them.

use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::service::{Model, Name};

/// The name of one resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id {
    /// The model of the service that has it.
    pub model: Model,
    /// The number of the account, as the access key tells it.
    pub account: u16,
    /// What it is part of, such as the flow, the instance or the project; empty if its kind has no such thing.
    pub scope: Box<str>,
    /// Its own name within that.
    pub name: Box<str>,
}

/// A resource at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its name.
    pub id: Id,
    /// The state it is in.
    pub initial: Initial,
}

/// The state of a resource at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Initial {
    /// It runs.
    #[default]
    Running,
    /// Somebody stopped it before.
    Stopped,
    /// It came to its own end.
    Ended,
    /// Somebody told it to stop before, and it stands still soon after a request first reaches it.
    Stopping,
}

impl Id {
    /// Names a resource of an account.
    pub(super) fn new(model: Model, account: u16, name: Name<'_>) -> Self {
        Self { model, account, scope: name.scope.into(), name: name.name.into() }
    }

    /// Returns its name within the account.
    pub(super) fn name(&self) -> Name<'_> {
        Name { scope: &self.scope, name: &self.name }
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let info = self.model.info();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", info.kind)?;
        map.serialize_entry("account", &self.account)?;
        if let Some(scope) = info.scope {
            map.serialize_entry(scope, &*self.scope)?;
        }
        map.serialize_entry(info.name, &*self.name)?;
        map.end()
    }
}

/// Reads `{"kind": "fnf_execution", "flow_name": "…", "execution_name": "…", "state": "running", "account": 0}`:
/// the names a plan uses, and a `project_id` for Huawei Cloud; `state` and `account` may be left out.
impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Resource;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a resource")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Resource, A::Error> {
                let (mut texts, mut initial, mut account) = (Vec::<(String, String)>::new(), Initial::default(), 0);
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "state" => initial = map.next_value()?,
                        "account" => account = map.next_value()?,
                        _ => texts.push((key, map.next_value()?)),
                    }
                }
                let mut take = |name: &'static str| {
                    let at = texts.iter().position(|(key, _)| key == name);
                    at.map(|at| texts.swap_remove(at).1).ok_or_else(|| de::Error::missing_field(name))
                };
                let kind: String = take("kind")?;
                let model = Model::of_kind(&kind).ok_or_else(|| de::Error::custom(format!("no kind {kind:?}")))?;
                let info = model.info();
                let scope: String = info.scope.map_or_else(|| Ok(String::new()), &mut take)?;
                let name: String = take(info.name)?;
                match texts.first() {
                    Some((key, _)) => Err(de::Error::custom(format!("{kind} has no {key:?}"))),
                    None => Ok(Resource { id: Id { model, account, scope: scope.into(), name: name.into() }, initial }),
                }
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

#[cfg(test)]
mod tests {
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
