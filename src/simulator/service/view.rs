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

/// A resource, or what resources are part of, at one moment.
pub(in crate::simulator) struct View<'a> {
    /// Its name; what resources are part of has no scope.
    pub(in crate::simulator) name: Name<'a>,
    /// The service's word for its state; empty for what resources are part of.
    pub(in crate::simulator) word: &'a str,
    /// What is stated of it.
    pub(in crate::simulator) facts: &'a Facts,
    /// When it began, as the service writes it.
    pub(in crate::simulator) start: Option<Cow<'a, str>>,
    /// Whether it runs.
    pub(in crate::simulator) runs: bool,
    /// Its children.
    pub(in crate::simulator) children: Vec<View<'a>>,
}

impl View<'_> {
    /// Returns the value of a field, if it is stated.
    pub(in crate::simulator) fn field(&self, name: &str) -> Option<&str> {
        self.facts.field(name)
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
