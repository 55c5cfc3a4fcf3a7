//! Reads JSON through serde, and keeps the fields that have a meaning.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::names::{self, Meaning};
use super::search::Search;
use super::value::{Json, Object};

/// The most objects that are kept of the fields without a meaning: an error is in one of the first.
const MOST_OTHERS: usize = 32;

/// Reads a value whose field has a meaning.
#[derive(Default)]
pub(super) struct ValueSeed<'s, 'k> {
    /// Which fields are kept besides those of the envelopes.
    pub(super) fields: &'static [&'static str],
    /// Whether to keep objects in fields without a meaning.
    pub(super) is_deep: bool,
    /// How many levels of objects are kept from here on.
    pub(super) levels: u8,
    pub(super) scope: Scope<'s, 'k>,
}

/// Where a value is, seen from the list that is searched.
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
        let Self { fields, is_deep, .. } = self;
        let list = if let Scope::Above(search) = &self.scope { Some(search.list) } else { None };
        while let Some(key) = map.next_key_seed(KeySeed { list, fields })? {
            object.has_fields = true;
            let scope = match (&key, &mut self.scope) {
                (Key::List(_), Scope::Above(search)) => Scope::List(search),
                _ => Scope::Elsewhere,
            };
            match key {
                Key::List(name) | Key::Of(Meaning::Kept(name)) => {
                    object.insert(name, map.next_value_seed(ValueSeed { fields, is_deep, levels, scope })?);
                }
                Key::Of(Meaning::Misspelt(name)) => {
                    if map.next_value_seed(ValueSeed::default())?.says() {
                        object.insert(name, Json::Twice);
                    }
                }
                Key::Of(Meaning::Nothing) if is_deep && object.others.len() < MOST_OTHERS => {
                    object.others.extend(map.next_value_seed(OtherSeed { fields, levels })?);
                }
                Key::Of(Meaning::Nothing) => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Json::Object(object))
    }
}

/// The name of a field of an object.
enum Key {
    /// It is the field of the list that is searched.
    List(&'static str),
    Of(Meaning),
}

/// Reads the name of a field of an object.
struct KeySeed {
    list: Option<&'static str>,
    fields: &'static [&'static str],
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
        let list = self.list.filter(|list| *list == key).map(Key::List);
        Ok(list.unwrap_or_else(|| Key::Of(names::meaning(key, self.fields))))
    }
}

/// Reads a value whose field has no meaning: what is kept of an object, and nothing of anything else.
struct OtherSeed {
    fields: &'static [&'static str],
    levels: u8,
}

impl<'de> DeserializeSeed<'de> for OtherSeed {
    type Value = Option<Object<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        let Self { fields, levels } = self;
        let value = ValueSeed { fields, is_deep: true, levels, scope: Scope::Elsewhere }.deserialize(from)?;
        let object = if let Json::Object(object) = value { Some(object) } else { None };
        Ok(object.filter(|object| !(object.fields.is_empty() && object.others.is_empty())))
    }
}

/// Reads one entry of the list that is searched.
struct EntrySeed<'s, 'k>(&'s mut Search<'k>);

impl<'de> DeserializeSeed<'de> for EntrySeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for EntrySeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entry")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut entry = Object::default();
        let (id, nested) = (self.0.id, self.0.nested);
        while let Some(key) = map.next_key_seed(EntryKeySeed { id, nested })? {
            match key {
                EntryKey::Kept(name) => entry.insert(name, map.next_value_seed(ValueSeed::default())?),
                EntryKey::Misspelt(name) => {
                    if map.next_value_seed(ValueSeed::default())?.says() {
                        entry.insert(name, Json::Twice);
                    }
                }
                EntryKey::Nested => {
                    map.next_value_seed(ValueSeed { scope: Scope::List(&mut *self.0), ..ValueSeed::default() })?;
                }
                EntryKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        self.0.note(&entry);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    // What is no object is no entry.

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// The name of a field of an entry.
enum EntryKey {
    /// It is its id or its status.
    Kept(&'static str),
    /// It is its status in a spelling that no service has.
    Misspelt(&'static str),
    /// It has a list of further entries.
    Nested,
    Other,
}

/// Reads the name of a field of an entry.
struct EntryKeySeed {
    id: &'static str,
    nested: Option<&'static str>,
}

impl<'de> DeserializeSeed<'de> for EntryKeySeed {
    type Value = EntryKey;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<EntryKey, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for EntryKeySeed {
    type Value = EntryKey;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<EntryKey, E> {
        Ok(match [self.id, "status", "Status"].into_iter().find(|name| *name == key) {
            Some(name) => EntryKey::Kept(name),
            None if self.nested == Some(key) => EntryKey::Nested,
            None if key.eq_ignore_ascii_case("status") => EntryKey::Misspelt("Status"),
            None => EntryKey::Other,
        })
    }
}
