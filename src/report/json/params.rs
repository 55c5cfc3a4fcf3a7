//! A target's parameters as reports write them: a JSON object that keeps its order.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::service::{Param, Params, Value};

/// Named values in the order the kind declares them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedValues(pub Vec<(String, NamedValue)>);

/// One parameter's value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NamedValue {
    /// `true` or `false`.
    Flag(bool),
    /// Text, exactly as the plan has it.
    Text(String),
}

impl NamedValues {
    /// Takes the parameters that a target gives.
    pub(in crate::report) fn of(params: &Params, declared: &'static [Param]) -> Self {
        let named = params.given(declared).map(|(param, value)| (param.name.to_owned(), NamedValue::from(value)));
        Self(named.collect())
    }
}

impl NamedValue {
    /// Returns the text, where it is one.
    pub(in crate::report) fn text(&self) -> Option<&str> {
        match self {
            Self::Flag(_) => None,
            Self::Text(text) => Some(text),
        }
    }
}

impl From<Value<'_>> for NamedValue {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Text(text) => Self::Text(text.to_string()),
            Value::Flag(flag) => Self::Flag(flag),
        }
    }
}

impl Serialize for NamedValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for NamedValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

/// Collects an object's entries in their order.
struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = NamedValues;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of texts and flags")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NamedValues, A::Error> {
        std::iter::from_fn(|| map.next_entry().transpose()).collect::<Result<_, _>>().map(NamedValues)
    }
}
