//! Mappings as values.

use std::collections::BTreeMap;

use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::key::{Form, Readable, Section, Takes};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::{self, quote};
use crate::service::Kind;

/// Reads the keys of a section.
type Read<T> = fn(&Fields<'_, '_>, &mut Reader<'_>) -> Option<T>;

/// A mapping with fixed keys.
#[derive(Debug)]
pub(in crate::plan) struct Mapping<T> {
    section: &'static Section,
    read: Read<T>,
}

/// A mapping with fixed keys for each kind, by the kind's name.
#[derive(Debug)]
pub(in crate::plan) struct PerKind<T>(Mapping<T>);

impl<T> Clone for Mapping<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Mapping<T> {}

impl<T> Clone for PerKind<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for PerKind<T> {}

impl<T> Mapping<T> {
    pub(in crate::plan) const fn new(section: &'static Section, read: Read<T>) -> Self {
        Self { section, read }
    }

    fn read(self, field: Field<'_, '_>, owner: String, reader: &mut Reader<'_>) -> Option<T> {
        let fields = reader.fields(field, owner, &self.section.names())?;
        (self.read)(&fields, reader)
    }
}

impl<T> PerKind<T> {
    pub(in crate::plan) const fn new(section: &'static Section, read: Read<T>) -> Self {
        Self(Mapping::new(section, read))
    }
}

impl<T: std::fmt::Debug + 'static> Form for Mapping<T> {
    fn takes(self) -> Takes {
        Takes::Section(self.section)
    }
}

impl<T: std::fmt::Debug + 'static> Readable for Mapping<T> {
    type Value = T;

    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<T> {
        Self::read(self, field, field.to_string(), reader)
    }
}

impl<T: std::fmt::Debug + 'static> Form for PerKind<T> {
    fn takes(self) -> Takes {
        Takes::PerKind(self.0.section)
    }
}

impl<T: std::fmt::Debug + 'static> Readable for PerKind<T> {
    type Value = BTreeMap<&'static str, T>;

    /// Reads the mappings; one with an error is left out.
    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<BTreeMap<&'static str, T>> {
        let mut read = BTreeMap::new();
        for entry in reader.entries(field)? {
            let name = entry.name();
            let Some(kind) = Kind::named(name) else {
                let hint = suggest::hint(name, Kind::all().iter().map(|kind| kind.name()));
                let title = format!("{} is not a kind of target", quote(name));
                reader.found.push(Finding::error(entry.key.span, title).maybe_hint(hint));
                continue;
            };
            let owner = format!("the limits of {}", quote(name));
            let own = self.0.read(Field { name, node: &entry.value }, owner, reader);
            read.extend(own.map(|own| (kind.name(), own)));
        }
        Some(read)
    }
}
