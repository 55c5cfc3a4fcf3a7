//! The values of the entries of a list, as loosely as services write them.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A text, or a number in its place. Anything else says nothing.
#[derive(Debug, Default)]
pub(super) struct Text(pub(super) Option<Box<str>>);

/// A tag of a resource.
#[derive(Deserialize)]
pub(super) struct Tag {
    #[serde(alias = "tagKey")]
    key: Box<str>,
    #[serde(default, alias = "tagValue")]
    value: Text,
}

impl Text {
    /// Returns the number that it is.
    pub(super) fn number(&self) -> Option<u64> {
        self.0.as_deref()?.parse().ok()
    }
}

/// Returns the tags by key and value. A tag without a value has an empty one.
pub(super) fn tags(tags: Vec<Tag>) -> Vec<(Box<str>, Box<str>)> {
    tags.into_iter().map(|tag| (tag.key, tag.value.0.unwrap_or_else(|| "".into()))).collect()
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(TextVisitor).map(Self)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Option<Box<str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(text.into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string().into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string().into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string().into()))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
