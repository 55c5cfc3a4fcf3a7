//! Patterns over what names a target: what `guards.protect`, `--only` and `--skip` are made of.
//!
//! Texts are compared in Unicode's composed form: `é` is one text, whether it is written as one character or as two.

use std::borrow::Cow;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::target::{Target, values};

/// What to write, for somebody whose pattern cannot be read.
pub(super) const HINT: &str = "`*`, `?`, `[…]` and `{…,…}` are special; put `\\` before one to match it literally";

/// The characters that mean something in a pattern.
pub(super) const SPECIAL: [char; 7] = ['*', '?', '[', ']', '{', '}', '\\'];

/// Compiles a pattern the same way on every system: case-sensitive, `*` crosses `/`, `\` takes a meaning away.
pub(super) fn compile(pattern: &str) -> Result<Glob, globset::Error> {
    builder(pattern, false).build()
}

/// Compiles a pattern that takes upper and lower case for the same.
pub(super) fn compile_folded(pattern: &str) -> Result<Glob, globset::Error> {
    builder(pattern, true).build()
}

fn builder(pattern: &str, folded: bool) -> GlobBuilder<'_> {
    let mut builder = GlobBuilder::new(pattern);
    builder.literal_separator(false).backslash_escape(true).case_insensitive(folded);
    builder
}

/// Several patterns that are looked for together; each of them has a number.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    /// As written.
    texts: Vec<String>,
    set: GlobSet,
    /// Patterns with special characters, which also match a text that equals them.
    literals: Vec<(String, usize)>,
}

/// A text that is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PatternError(pub(super) String);

impl Patterns {
    /// Compiles patterns.
    ///
    /// # Errors
    ///
    /// Fails on a text that is not a pattern, or when all of them are too large.
    pub fn new<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Result<Self, PatternError> {
        let texts = texts.into_iter().map(Into::into);
        let patterns = texts.map(|text: String| Ok((compile(&composed(&text))?, text)));
        let patterns = patterns.collect::<Result<Vec<_>, _>>().and_then(Self::of);
        patterns.map_err(|error| PatternError(error.kind().to_string()))
    }

    /// Puts compiled patterns together, each with its text as written.
    pub(super) fn of(patterns: impl IntoIterator<Item = (Glob, String)>) -> Result<Self, globset::Error> {
        let (mut texts, mut set, mut literals) = (Vec::new(), GlobSetBuilder::new(), Vec::new());
        for (number, (glob, text)) in patterns.into_iter().enumerate() {
            texts.push(text);
            if glob.glob().contains(SPECIAL) {
                literals.push((glob.glob().to_owned(), number));
            }
            set.add(glob);
        }
        Ok(Self { texts, set: set.build()?, literals })
    }

    /// Returns the patterns as written.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Returns the numbers of the patterns that match none of these targets.
    pub(super) fn idle(&self, targets: &[Target]) -> Vec<usize> {
        let mut idle: Vec<usize> = (0..self.texts.len()).collect();
        for target in targets {
            if idle.is_empty() {
                break;
            }
            let matching = self.matching(target);
            idle.retain(|number| !matching.contains(number));
        }
        idle
    }

    /// Returns the numbers of the patterns that match a target: the whole of its id, of one of its identifying fields,
    /// or of `label=value` for one of its labels. A number may come more than once.
    pub(super) fn matching(&self, target: &Target) -> Vec<usize> {
        let mut matching = Vec::new();
        if !self.texts.is_empty() {
            each_text(target, |text| {
                let text = composed(text);
                matching.extend(self.set.matches(&*text));
                let called_so = self.literals.iter().filter(|(literal, _)| *literal == text);
                matching.extend(called_so.map(|(_, number)| number));
            });
        }
        matching
    }
}

/// Tells whether a pattern of `protect`, `--only` or `--skip` could match the text of a tag, which begins with `tag.`:
/// tags are read where one could.
#[must_use]
pub fn could_match_tag(pattern: &str) -> bool {
    // What follows a backslash is meant literally.
    pattern.strip_prefix('\\').unwrap_or(pattern).starts_with(['*', '?', '[', '{', 't'])
}

/// Calls `see` with each text that patterns are matched with.
pub(super) fn each_text(target: &Target, mut see: impl FnMut(&str)) {
    see(&target.id());
    target.params.identity(target.kind.params).for_each(&mut see);
    each_label(target, see);
}

/// Calls `see` with `label=value` of each label.
pub(super) fn each_label(target: &Target, mut see: impl FnMut(&str)) {
    for (label, value) in target.labels.iter() {
        values(label, value).for_each(|value| see(&format!("{label}={value}")));
    }
}

/// Returns a text in Unicode's composed form.
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// Tells whether every identifying field of a target can be read; if one cannot, no pattern can be ruled out.
pub(super) fn is_legible(target: &Target) -> bool {
    let declared = target.kind.params;
    let wanted = declared.iter().filter(|param| param.identifying).count();
    target.params.identity(declared).count() == wanted
}
