//! Patterns over what names a target: what `guards.protect`, `--only` and `--skip` are made of.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::model::Target;

/// What to write, for somebody whose pattern cannot be read.
pub(super) const HINT: &str = "`*`, `?`, `[…]` and `{…,…}` are special; `\\` before one makes it plain";

/// Compiles a pattern the same way on every system: case-sensitive, `*` crosses `/`, `\` takes a meaning away.
pub(super) fn compile(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(false).backslash_escape(true).case_insensitive(false).build()
}

/// Compiles several patterns into one set that keeps their numbers.
pub(super) fn set(globs: impl IntoIterator<Item = Glob>) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        set.add(glob);
    }
    set.build()
}

/// Returns the numbers of the patterns that match a target: the whole of its id, of one of its identifying fields, or
/// of `label=value` for one of its labels. A number may come more than once.
pub(super) fn matching(set: &GlobSet, target: &Target) -> Vec<usize> {
    if set.is_empty() {
        return Vec::new();
    }
    let labels: Vec<String> = target.labels.iter().map(|(label, value)| format!("{label}={value}")).collect();
    std::iter::once(&*target.id())
        .chain(target.params.identity(target.kind.params()))
        .chain(labels.iter().map(String::as_str))
        .flat_map(|text| set.matches(text))
        .collect()
}

/// Tells whether every identifying field of a target can be read; where one cannot, nobody knows what matches it.
pub(super) fn is_legible(target: &Target) -> bool {
    let declared = target.kind.params();
    let wanted = declared.iter().filter(|param| param.identifying).count();
    target.params.identity(declared).count() == wanted
}
