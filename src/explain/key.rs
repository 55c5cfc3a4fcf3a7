//! The keys of plans.

use std::borrow::Cow;

use super::entry::Entry;
use super::topic::Topic;
use super::{kind, select};
use crate::plan::format::{self, KeyInfo, Section, Takes};

fn entry(section: &Section, key: &KeyInfo) -> Entry {
    Entry {
        owner: Some(section.place),
        treatment: Some(treatment(key)),
        details: below(key),
        ..Entry::new(Topic::Key, key.name, trimmed(key.about), None)
    }
}

/// Returns the keys below a key.
fn below(key: &KeyInfo) -> Vec<(&'static str, Cow<'static, str>)> {
    match key.takes.sections() {
        [section] => section.keys.iter().map(|key| (key.name, trimmed(key.about).into())).collect(),
        _ => Vec::new(),
    }
}

/// Says what happens without the key, and shows a value.
fn treatment(key: &KeyInfo) -> String {
    let absent = match (key.required, &key.default) {
        (true, _) => "required".to_owned(),
        (false, Some(default)) => format!("default `{default}`"),
        (false, None) => "optional".to_owned(),
    };
    match (key.examples, &key.takes) {
        ([], Takes::Word(words) | Takes::Cycle(words)) => format!("one of `{}`; {absent}", words.join("`, `")),
        ([], _) => absent,
        (examples, _) => format!("such as `{}`; {absent}", examples.join("` or `")),
    }
}

fn trimmed(sentence: &'static str) -> &'static str {
    sentence.trim_end_matches('.')
}

pub(super) fn entries() -> Vec<Entry> {
    let of = |section: &Section| section.keys.iter().map(|key| entry(section, key)).collect::<Vec<_>>();
    format::plan().all().into_iter().flat_map(of).chain(select::fields()).chain(kind::parameters()).collect()
}
