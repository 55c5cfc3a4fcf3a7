//! Reads JSON through serde, and keeps what has a meaning.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::search::{EntrySeed, Search};
use super::{Json, KEPT, Object};

/// The most objects that are kept of the fields without a meaning: an error is in one of the first.
const MOST_OTHERS: usize = 32;

/// Reads a value whose field has a meaning.
#[derive(Default)]
pub(super) struct ValueSeed<'s, 'k> {
    /// Whether to keep objects in fields without a meaning.
    pub(super) is_deep: bool,
    /// How many levels of objects are kept from here on.
    pub(super) levels: u8,
    pub(super) scope: Scope<'s, 'k>,
}

/// Where a value stands, seen from the list that is looked for.
#[derive(Default)]
pub(super) enum Scope<'s, 'k> {
    /// It has nothing to do with any.
    #[default]
    Elsewhere,
    /// It may have the list in a field.
    Above(&'s mut Search<'k>),
    /// It is the list.
    List(&'s mut Search<'k>),
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Json<'de>, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_, '_> {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.to_string().into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.to_string().into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.to_string().into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json<'de>, A::Error> {
        let mut is_empty = true;
        if let Scope::List(search) = self.scope {
            while list.next_element_seed(EntrySeed(&mut *search))?.is_some() {
                is_empty = false;
            }
        } else {
            while list.next_element::<IgnoredAny>()?.is_some() {
                is_empty = false;
            }
        }
        Ok(Json::List { is_empty })
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Json<'de>, A::Error> {
        let mut object = Object::default();
        let Some(levels) = self.levels.checked_sub(1) else {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                object.has_fields = true;
            }
            return Ok(Json::Object(object));
        };
        let is_deep = self.is_deep;
        let wanted = if let Scope::Above(search) = &self.scope { Some(search.list) } else { None };
        while let Some(key) = map.next_key_seed(KeySeed { wanted })? {
            object.has_fields = true;
            let scope = match (&key, &mut self.scope) {
                (Key::Wanted(_), Scope::Above(search)) => Scope::List(search),
                _ => Scope::Elsewhere,
            };
            match key {
                Key::Wanted(name) | Key::Kept(name) => {
                    object.insert(name, map.next_value_seed(ValueSeed { is_deep, levels, scope })?);
                }
                Key::Misspelt(name) => {
                    if map.next_value_seed(ValueSeed::default())?.says() {
                        object.insert(name, Json::Twice);
                    }
                }
                Key::Children | Key::Other if is_deep && object.others.len() < MOST_OTHERS => {
                    object.others.extend(map.next_value_seed(OtherSeed { levels })?);
                }
                Key::Children | Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Json::Object(object))
    }
}

/// What a field's name means.
pub(super) enum Key {
    /// It is the one that is looked for.
    Wanted(&'static str),
    Kept(&'static str),
    /// It is one with a meaning in a spelling that no service has: nobody knows if it has that meaning.
    Misspelt(&'static str),
    /// It has entries like those of the list around it.
    Children,
    Other,
}

/// Reads a field's name.
pub(super) struct KeySeed {
    /// The name that is looked for.
    pub(super) wanted: Option<&'static str>,
}

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Key, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        if let Some(wanted) = self.wanted.filter(|wanted| *wanted == key) {
            return Ok(Key::Wanted(wanted));
        }
        if key == "children" {
            return Ok(Key::Children);
        }
        let names = KEPT.get(key.len()).copied().unwrap_or_default();
        if let Some(name) = names.iter().find(|name| **name == key) {
            return Ok(Key::Kept(name));
        }
        let misspelt = names.iter().find(|name| name.eq_ignore_ascii_case(key) && decides(name));
        Ok(misspelt.map_or(Key::Other, |name| Key::Misspelt(name)))
    }
}

/// Tells whether anything is decided by the field of this name. Messages and request ids are only shown.
fn decides(name: &str) -> bool {
    !matches!(name, "Message" | "message" | "RequestId" | "requestId" | "request_id")
}

/// Reads a value whose field has no meaning: what is kept of an object, and nothing of anything else.
struct OtherSeed {
    levels: u8,
}

impl<'de> DeserializeSeed<'de> for OtherSeed {
    type Value = Option<Object<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        let value = ValueSeed { is_deep: true, levels: self.levels, scope: Scope::Elsewhere }.deserialize(from)?;
        let object = if let Json::Object(object) = value { Some(object) } else { None };
        Ok(object.filter(|object| !(object.fields.is_empty() && object.others.is_empty())))
    }
}
