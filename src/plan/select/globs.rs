//! What a value must be: one of several patterns, which match the whole of it.

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::plan::pattern::composed;

/// Patterns of which one must match.
///
/// Patterns without special characters are compared as texts: a listing may show millions of values.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Globs {
    literals: Vec<Box<str>>,
    set: GlobSet,
    /// The text with which every value begins that matches one of them.
    prefix: Box<str>,
}

impl Globs {
    /// Puts compiled patterns together, of composed texts.
    pub(in crate::plan) fn of(patterns: impl IntoIterator<Item = Glob>) -> Result<Self, globset::Error> {
        let (mut literals, mut set, mut prefix) = (Vec::new(), GlobSetBuilder::new(), None);
        for glob in patterns {
            let (beginning, is_whole) = beginning(glob.glob());
            prefix = Some(prefix.map_or_else(|| beginning.clone(), |prefix| common(prefix, &beginning)));
            if is_whole {
                literals.push(beginning.into());
            } else {
                set.add(glob);
            }
        }
        Ok(Self { literals, set: set.build()?, prefix: prefix.unwrap_or_default().into() })
    }

    /// Tells whether the whole of a value matches one of them.
    pub(super) fn is_match(&self, value: &str) -> bool {
        let value = composed(value);
        self.literals.iter().any(|literal| **literal == *value) || (!self.set.is_empty() && self.set.is_match(&*value))
    }

    /// Returns the only values that match, if they are few and each can be written in one way only.
    pub(super) fn exactly(&self) -> Option<&[Box<str>]> {
        let is_exact = self.set.is_empty() && self.literals.iter().all(|literal| literal.is_ascii());
        is_exact.then_some(&self.literals)
    }

    /// Returns the values among the patterns that can be written in one way only, beside whatever other patterns.
    pub(super) fn literals(&self) -> impl Iterator<Item = &str> {
        self.literals.iter().map(|literal| &**literal).filter(|literal| literal.is_ascii())
    }

    /// Returns what every value that matches begins with, up to the first character that can be written in two ways.
    pub(super) fn prefix(&self) -> &str {
        let end = self.prefix.bytes().position(|byte| !byte.is_ascii()).unwrap_or(self.prefix.len());
        self.prefix.get(..end).unwrap_or_default()
    }
}

/// Returns the text before the first special character of a pattern, and whether that is all of it.
fn beginning(pattern: &str) -> (String, bool) {
    let (mut text, mut characters) = (String::new(), pattern.chars());
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next()),
            '*' | '?' | '[' | '{' => return (text, false),
            other => text.push(other),
        }
    }
    (text, true)
}

/// Returns the beginning that two texts share.
pub(super) fn common(mut one: String, other: &str) -> String {
    let shared = one.chars().zip(other.chars()).take_while(|(one, other)| one == other);
    one.truncate(shared.map(|(character, _)| character.len_utf8()).sum());
    one
}
