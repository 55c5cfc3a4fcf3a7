//! The keys of plans.

use super::entry::Entry;
use super::kind;
use super::topic::Topic;
use crate::plan::format::{self, Key, Section, Takes};

/// Where a section is, and what it is.
type Place = (&'static str, &'static Section);

static PLACES: [Place; 13] = [
    ("the plan", &format::PLAN),
    ("accounts.NAME", &format::ACCOUNT),
    ("accounts.NAME.credentials", &format::CREDENTIALS),
    ("accounts.NAME.credentials.env", &format::ENV),
    ("defaults", &format::DEFAULTS),
    ("limits", &format::LIMITS),
    ("limits.per_kind.KIND", &format::KIND_LIMITS),
    ("retry", &format::RETRY),
    ("verify", &format::VERIFY),
    ("guards", &format::GUARDS),
    ("guards.window", &format::WINDOW),
    ("a target", &format::TARGET),
    ("a target with from", &format::BULK),
];

fn entry(place: &'static str, key: &'static Key) -> Entry {
    Entry {
        owner: Some(place),
        treatment: Some(treatment(key)),
        details: below(key),
        ..Entry::new(Topic::Key, key.name, trimmed(key.about), None)
    }
}

/// Returns the keys below a key.
fn below(key: &Key) -> Vec<(&'static str, &'static str)> {
    let (Takes::Section(section) | Takes::Each(section) | Takes::PerKind(section)) = key.takes else {
        return Vec::new();
    };
    section.keys.iter().map(|key| (key.name, trimmed(key.about))).collect()
}

/// Says what happens without the key, and shows a value.
fn treatment(key: &Key) -> String {
    let absent = match (key.required, key.default) {
        (true, _) => "required".to_owned(),
        (false, Some(default)) => format!("default `{default}`"),
        (false, None) => "optional".to_owned(),
    };
    match (key.examples, key.takes) {
        ([], Takes::Word(words) | Takes::Cycle(words)) => format!("one of `{}`; {absent}", words.join("`, `")),
        ([], _) => absent,
        (examples, _) => format!("such as `{}`; {absent}", examples.join("` or `")),
    }
}

fn trimmed(sentence: &'static str) -> &'static str {
    sentence.trim_end_matches('.')
}

pub(super) fn entries() -> Vec<Entry> {
    let of = |(place, section): &Place| section.keys.iter().map(|key| entry(place, key)).collect::<Vec<_>>();
    PLACES.iter().flat_map(of).chain(kind::parameters()).collect()
}
