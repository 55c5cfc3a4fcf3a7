//! A search for entries of a list, while the list is read: however long it is, no other entry is kept.

use std::collections::HashMap;

use super::names::Meaning;
use super::value::{Json, Object};
use crate::provider::text::tidy;

/// The most characters of a service's word for a state that is kept.
const WORD_CHARS: usize = 64;

/// A search for entries of a list by their ids.
pub(crate) struct Search<'k> {
    /// The field that has the list.
    pub(super) list: &'static str,
    /// The field of an entry that has its id.
    id: &'static str,
    /// The field of an entry that has a list of further entries.
    nested: Option<&'static str>,
    /// By id.
    found: HashMap<&'k str, Option<Listed>>,
}

/// The entry of one id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Listed {
    /// It has no `status`.
    Bare,
    /// This is its `status`.
    Status(Box<str>),
    /// It occurs with two of them.
    Unclear,
}

impl<'k> Search<'k> {
    /// Starts a search in the list under `list` for the entries that have one of `ids` under `id`.
    pub(crate) fn new(list: &'static str, id: &'static str, ids: impl IntoIterator<Item = &'k str>) -> Self {
        Self { list, id, nested: None, found: ids.into_iter().map(|id| (id, None)).collect() }
    }

    /// Searches the lists that entries have under `nested`, too.
    pub(crate) fn nested(self, nested: &'static str) -> Self {
        Self { nested: Some(nested), ..self }
    }

    /// Returns what the list said of an id.
    pub(crate) fn of(&self, id: &str) -> Option<&Listed> {
        self.found.get(id)?.as_ref()
    }

    /// Starts anew.
    pub(super) fn forget(&mut self) {
        self.found.values_mut().for_each(|found| *found = None);
    }

    /// Looks up the name of a field of an entry.
    pub(super) fn meaning(&self, key: &str) -> Meaning {
        match [self.id, "status", "Status"].into_iter().find(|name| *name == key) {
            Some(name) => Meaning::Kept(name),
            None if key.eq_ignore_ascii_case("status") => Meaning::Misspelt("Status"),
            None => self.nested.filter(|nested| *nested == key).map_or(Meaning::Nothing, Meaning::List),
        }
    }

    pub(super) fn note(&mut self, entry: &Object<'_>) {
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
