//! The entries of a list that are looked for, found while the list is read: however long it is, no other is kept.

use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::seed::{Key, KeySeed, Scope, ValueSeed};
use super::{Json, Object};
use crate::provider::text::tidy;

/// The most characters of a service's word for a state that is kept.
const WORD_CHARS: usize = 64;

/// A search for entries of a list by their ids.
pub(crate) struct Search<'k> {
    /// The field that has the list.
    pub(super) list: &'static str,
    /// The field of an entry that has its id.
    id: &'static str,
    /// By id.
    found: HashMap<&'k str, Option<Listed>>,
}

/// What a list says of one id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Listed {
    /// It is there, and has no `status`.
    Bare,
    /// It is there, and this is its `status`.
    Status(Box<str>),
    /// It is there with two of them.
    Unclear,
}

impl<'k> Search<'k> {
    /// Starts a search in the list under `list` for the entries that have one of `ids` under `id`.
    pub(crate) fn new(list: &'static str, id: &'static str, ids: impl IntoIterator<Item = &'k str>) -> Self {
        Self { list, id, found: ids.into_iter().map(|id| (id, None)).collect() }
    }

    /// Returns what the list said of an id.
    pub(crate) fn of(&self, id: &str) -> Option<&Listed> {
        self.found.get(id)?.as_ref()
    }

    /// Starts anew.
    pub(super) fn forget(&mut self) {
        self.found.values_mut().for_each(|found| *found = None);
    }

    fn note(&mut self, entry: &Object<'_>) {
        let Some(found) = entry.text(self.id).and_then(|id| self.found.get_mut(id)) else { return };
        let listed = match entry.get("status").or_else(|| entry.get("Status").filter(|word| **word == Json::Twice)) {
            Some(Json::Text(word)) => Listed::Status(tidy(word, WORD_CHARS)),
            Some(Json::Twice) => Listed::Unclear,
            _ => Listed::Bare,
        };
        let is_other = found.as_ref().is_some_and(|known| *known != listed);
        *found = Some(if is_other { Listed::Unclear } else { listed });
    }
}

/// Reads one entry of the list that is looked for.
pub(super) struct EntrySeed<'s, 'k>(pub(super) &'s mut Search<'k>);

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
        while let Some(key) = map.next_key_seed(KeySeed { wanted: Some(self.0.id) })? {
            match key {
                Key::Wanted(name) | Key::Kept(name @ ("status" | "Status")) => {
                    entry.insert(name, map.next_value_seed(ValueSeed::default())?);
                }
                Key::Misspelt(name @ ("status" | "Status")) => {
                    if map.next_value_seed(ValueSeed::default())?.says() {
                        entry.insert(name, Json::Twice);
                    }
                }
                Key::Children => {
                    map.next_value_seed(ValueSeed { scope: Scope::List(&mut *self.0), ..ValueSeed::default() })?;
                }
                Key::Kept(_) | Key::Misspelt(_) | Key::Other => {
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
