//! A resource as reads and listings see it at one moment.

use std::borrow::Cow;

use super::super::facts::Facts;
/// The name of a resource of an account.
#[derive(Debug, Clone, Copy)]
pub(in crate::simulator) struct Name<'r> {
    /// What it is part of; empty if its kind has no such thing.
    pub(in crate::simulator) scope: &'r str,
    /// Its own name within that.
    pub(in crate::simulator) name: &'r str,
}

/// A field and its value where none is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) struct Field {
    /// The name that plans use.
    pub(in crate::simulator) name: &'static str,
    /// The value where none is stated.
    pub(in crate::simulator) usual: Usual,
}

/// The value of a field where none is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Usual {
    /// There is none.
    Nothing,
    /// It is this one.
    Text(&'static str),
    /// It is the resource's own name.
    Name,
}

impl Field {
    /// Builds a field without a value where none is stated.
    pub(super) const fn bare(name: &'static str) -> Self {
        Self { name, usual: Usual::Nothing }
    }

    /// Builds a field with a value where none is stated.
    pub(super) const fn with(name: &'static str, usual: &'static str) -> Self {
        Self { name, usual: Usual::Text(usual) }
    }

    /// Builds a field whose value is the resource's own name where none is stated.
    pub(super) const fn named(name: &'static str) -> Self {
        Self { name, usual: Usual::Name }
    }

    /// Returns the value for a resource of which this is stated.
    pub(in crate::simulator) fn value<'a>(&self, facts: &'a Facts, own_name: &'a str) -> Option<&'a str> {
        facts.field(self.name).or(match self.usual {
            Usual::Nothing => None,
            Usual::Text(text) => Some(text),
            Usual::Name => Some(own_name),
        })
    }
}

/// A resource, or what resources are part of, at one moment.
pub(in crate::simulator) struct View<'a> {
    /// Its name; what resources are part of has no scope.
    pub(in crate::simulator) name: Name<'a>,
    /// The service's word for its state; empty for what resources are part of.
    pub(in crate::simulator) word: &'a str,
    /// What is stated of it.
    pub(in crate::simulator) facts: &'a Facts,
    /// The fields that it has.
    pub(in crate::simulator) fields: &'static [Field],
    /// When it began, as the service writes it.
    pub(in crate::simulator) start: Option<Cow<'a, str>>,
    /// Whether it runs.
    pub(in crate::simulator) runs: bool,
    /// Its children.
    pub(in crate::simulator) children: Vec<View<'a>>,
}

impl View<'_> {
    /// Returns the value of a field, which is the usual one if none is stated.
    pub(in crate::simulator) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name)?.value(self.facts, self.name.name)
    }

    /// Returns the value of a field, or an empty text.
    pub(super) fn text(&self, name: &str) -> &str {
        self.field(name).unwrap_or_default()
    }

    /// Returns whether a filter that a request may carry lets a field's value pass; an empty or absent one does.
    pub(super) fn passes(&self, filter: Option<&str>, name: &str) -> bool {
        filter.is_none_or(|wanted| wanted.is_empty() || self.field(name) == Some(wanted))
    }

    /// Returns whether it has each of these tags, with any of the values where some are given.
    pub(super) fn has_tags(&self, wanted: &[(String, Vec<String>)]) -> bool {
        let tags = self.facts.tags.known().unwrap_or(&[]);
        let is_wanted = |(key, values): &(String, Vec<String>)| {
            let found = |tag: &&(Box<str>, Box<str>)| *tag.0 == **key && is_any(values, &tag.1);
            tags.iter().any(|tag| found(&tag))
        };
        wanted.iter().all(is_wanted)
    }
}

fn is_any(values: &[String], value: &str) -> bool {
    values.is_empty() || values.iter().any(|wanted| wanted == value)
}
