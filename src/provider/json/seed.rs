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
    /// It is an entry of the list.
    Entry(&'s mut Search<'k>),
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
            while list.next_element_seed(ValueSeed::of_entry(search))?.is_some() {
                is_empty = false;
            }
        } else {
            while list.next_element::<IgnoredAny>()?.is_some() {
                is_empty = false;
            }
        }
        Ok(Json::List { is_empty })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
        let mut object = Object::default();
        let Some(levels) = self.levels.checked_sub(1) else {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                object.has_fields = true;
            }
            return Ok(Json::Object(object));
        };
        let Self { fields, is_deep, mut scope, .. } = self;
        while let Some(meaning) = map.next_key_seed(KeySeed { scope: &scope, fields })? {
            object.has_fields = true;
            match meaning {
                Meaning::Kept(name) => {
                    object.insert(name, map.next_value_seed(ValueSeed { fields, is_deep, levels, ..Self::default() })?);
                }
                Meaning::List(name) => {
                    let scope = scope.of_list();
                    object.insert(name, map.next_value_seed(ValueSeed { fields, is_deep, levels, scope })?);
                }
                Meaning::Misspelt(name) => {
                    if map.next_value_seed(ValueSeed::default())?.says() {
                        object.insert(name, Json::Twice);
                    }
                }
                Meaning::Nothing if is_deep && object.others.len() < MOST_OTHERS => {
                    let other = map.next_value_seed(ValueSeed { fields, is_deep, levels, ..Self::default() })?;
                    if let Json::Object(other) = other
                        && !(other.fields.is_empty() && other.others.is_empty())
                    {
                        object.others.push(other);
                    }
                }
                Meaning::Nothing => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if let Scope::Entry(search) = scope {
            search.note(&object);
        }
        Ok(Json::Object(object))
    }
}

impl<'s, 'k> ValueSeed<'s, 'k> {
    const fn of_entry(search: &'s mut Search<'k>) -> Self {
        Self { fields: &[], is_deep: false, levels: 1, scope: Scope::Entry(search) }
    }
}

impl<'k> Scope<'_, 'k> {
    /// Returns the scope of the list in a field.
    fn of_list(&mut self) -> Scope<'_, 'k> {
        match self {
            Self::Above(search) | Self::Entry(search) => Scope::List(search),
            Self::Elsewhere | Self::List(_) => Scope::Elsewhere,
        }
    }
}

/// Reads the name of a field of an object.
struct KeySeed<'a, 's, 'k> {
    scope: &'a Scope<'s, 'k>,
    fields: &'static [&'static str],
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_, '_> {
    type Value = Meaning;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Meaning, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_, '_, '_> {
    type Value = Meaning;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Meaning, E> {
        Ok(match self.scope {
            Scope::Entry(search) => search.meaning(key),
            Scope::Above(search) if search.list == key => Meaning::List(search.list),
            Scope::Elsewhere | Scope::Above(_) | Scope::List(_) => names::meaning(key, self.fields),
        })
    }
}
