//! Reads mappings with fixed keys: unknown keys are errors, and so are missing required ones.

use std::borrow::Cow;

use super::finding::Finding;
use super::reader::{Field, Reader};
use super::suggest::{self, quote};
use super::tree::{Content, Entry, Span};

/// A mapping whose keys are known.
pub(super) struct Fields<'t, 's> {
    entries: &'t [Entry<'s>],
    /// The place for errors about missing keys.
    pub(super) place: Span,
    /// What messages call the mapping.
    owner: Cow<'t, str>,
    /// Keys that an unknown key was probably meant to be: no second error is reported for them.
    mistyped: Vec<&'static str>,
}

impl<'t, 's> Fields<'t, 's> {
    /// A mapping without a key.
    pub(super) const NONE: Self =
        Self { entries: &[], place: Span::START, owner: Cow::Borrowed(""), mistyped: Vec::new() };

    /// Returns the value of a key.
    pub(super) fn get(&self, key: &'static str) -> Option<Field<'t, 's>> {
        self.entry(key).map(|entry| Field { name: key, node: &entry.value })
    }

    /// Returns the place of a key.
    pub(super) fn key(&self, key: &'static str) -> Option<Span> {
        self.entry(key).map(|entry| entry.key.span)
    }

    fn entry(&self, key: &str) -> Option<&'t Entry<'s>> {
        self.entries.iter().find(|entry| entry.name() == key)
    }

    /// Tells whether an unknown key was probably meant to be this one.
    pub(super) fn is_mistyped(&self, key: &str) -> bool {
        self.mistyped.contains(&key)
    }

    /// Tells whether an unknown key was probably meant to be one of the mapping's.
    pub(super) const fn has_mistyped(&self) -> bool {
        !self.mistyped.is_empty()
    }

    /// Tells whether a key is there, known or not.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// Returns the value of a required key.
    pub(super) fn require(&self, key: &'static str, reader: &mut Reader<'_>) -> Option<Field<'t, 's>> {
        let field = self.get(key);
        if field.is_none() && !self.is_mistyped(key) {
            let title = format!("{} needs {}", self.owner, quote(key));
            reader.found.push(Finding::error(self.place, title).hint(format!("add `{key}: …`")));
        }
        field
    }
}

impl Reader<'_> {
    /// Reads a mapping that takes `keys` only; `owner` is what messages call it, such as `the retry settings`.
    pub(super) fn fields<'t, 's>(
        &mut self,
        field: Field<'t, 's>,
        owner: impl Into<Cow<'t, str>>,
        keys: &[&'static str],
    ) -> Option<Fields<'t, 's>> {
        let (entries, owner) = (self.entries(field)?, owner.into());
        let mut mistyped = Vec::new();
        for entry in entries.iter().filter(|entry| !keys.contains(&entry.name())) {
            self.unknown(entry, &owner, keys);
            mistyped.extend(suggest::nearest(entry.name(), keys.iter().copied()));
        }
        Some(Fields { entries, place: field.node.span, owner, mistyped })
    }

    /// Returns the entries of a mapping whose keys are free.
    pub(super) fn entries<'t, 's>(&mut self, field: Field<'t, 's>) -> Option<&'t [Entry<'s>]> {
        match field.node.content() {
            Content::Mapping(entries) => Some(entries),
            Content::Scalar(_) | Content::Sequence(_) => {
                self.wrong_type(field, "a mapping");
                None
            }
        }
    }

    /// Reports an unknown key; its value is hidden if the key sounds like a secret.
    fn unknown(&mut self, entry: &Entry<'_>, owner: &str, keys: &[&'static str]) {
        let name = entry.name();
        let lower = name.to_lowercase();
        if ["secret", "token", "password", "access", "credential"].iter().any(|word| lower.contains(word)) {
            self.found.mask(&entry.value);
        }
        let title = format!("unknown key {} in {owner}", quote(name));
        let hint = suggest::hint(name, keys.iter().copied());
        self.found.push(Finding::error(entry.key.span, title).maybe_hint(hint));
    }
}
