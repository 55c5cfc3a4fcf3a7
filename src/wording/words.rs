//! The forms of a word.

/// The forms of a word of the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The word as reports have it.
    pub name: &'static str,
    /// What it means in a few words, for lists.
    pub short: &'static str,
    /// What it means, in a fragment.
    pub means: &'static str,
    /// What to do about it, in a fragment; nothing if nothing is to be done.
    pub advice: Option<&'static str>,
}

/// Returns a word of the reports as people read it: `already stopped` for `already_stopped`.
#[must_use]
pub fn label(name: &str) -> String {
    name.replace('_', " ")
}

/// Returns a text with its first letter in upper case.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// Makes a fragment a sentence: a capital at the beginning, and a full stop.
#[must_use]
pub fn sentence(fragment: &str) -> String {
    capitalised(fragment) + "."
}
