//! Finds the entries for a word.

use super::entry::Entry;
use super::{code, key, kind, word};

/// Returns every entry, topic by topic.
#[must_use]
pub fn entries() -> Vec<Entry> {
    [word::entries(), kind::entries(), key::entries(), code::entries()].concat()
}

/// Returns the entries for a word, in any case; a key may be named with its place, as in `guards.max_failures`,
/// and with a kind in it, as in `limits.per_kind.drs_job.rate`.
#[must_use]
pub fn about(word: &str) -> Vec<Entry> {
    let known = entries();
    // Who copies a word from a summary or a command line has blanks or dashes in it.
    let spelt = word.trim_start_matches('-').replace(['-', ' '], "_");
    let is_word = |name: &String| [word, &spelt].iter().any(|word| name.eq_ignore_ascii_case(word));
    let generic = kind::generic(&spelt);
    let is_generic = |name: &String| generic.as_ref().is_some_and(|generic| name.eq_ignore_ascii_case(generic));
    let is_meant = |entry: &&Entry| is_word(&entry.word) || is_word(&entry.path()) || is_generic(&entry.path());
    let exact: Vec<_> = known.iter().filter(is_meant).cloned().collect();
    if !exact.is_empty() {
        return exact;
    }
    word.parse().ok().and_then(word::of_signal).map_or_else(|| code::of_family(word, known), |entry| vec![entry])
}

/// Returns the words that one that is not known may have been meant to be, the nearest first; at most three.
#[must_use]
pub fn near(word: &str) -> Vec<String> {
    const SHOWN: usize = 3;
    const LONGEST: usize = 64;
    // One number is never meant to be another one.
    if word.is_empty() || word.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let word: String = word.to_lowercase().replace(['-', ' '], "_").chars().take(LONGEST).collect();
    let allowed = (word.chars().count() / 3).max(1);
    let distance = |known: String| {
        let lower = known.to_lowercase();
        let begins = word.len() > 2 && lower.starts_with(&word);
        (if begins { 1 } else { strsim::osa_distance(&word, &lower) }, known)
    };
    let known = entries().into_iter().flat_map(|entry| [entry.path(), entry.word]);
    let mut near: Vec<_> = known.map(distance).filter(|(distance, _)| *distance <= allowed).collect();
    near.sort();
    near.dedup();
    near.into_iter().take(SHOWN).map(|(_, word)| word).collect()
}
