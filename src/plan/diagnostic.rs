//! Problems for people: each with file, line, column, the line itself underlined, and a hint.

use std::path::{Path, PathBuf};

use super::excerpt::{Excerpt, Lines};
use super::finding::{Bounded, Finding, Severity};

/// One problem of a plan; it carries the lines it shows, so that the source need not be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub(super) severity: Severity,
    pub(super) title: String,
    pub(super) path: PathBuf,
    /// The places, the one to blame first; none if the file as a whole is the problem.
    pub(super) excerpts: Vec<Excerpt>,
    pub(super) hint: Option<String>,
}

impl Diagnostic {
    fn of(finding: Finding, path: &Path, lines: &Lines<'_>) -> Self {
        let Finding { severity, title, span, label, related, hint } = finding;
        let excerpts = span.map_or_else(Vec::new, |span| lines.excerpts(span, label, related));
        Self { severity, title, path: path.to_owned(), excerpts, hint }
    }

    /// Returns what is wrong, in one line.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns line and column of the place, both from 1.
    #[must_use]
    pub fn position(&self) -> Option<(usize, usize)> {
        self.excerpts.first().map(|excerpt| (excerpt.line, excerpt.column))
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

/// The problems of one plan, in the file's order, those of the files it names last; its `Display` is plain text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    pub(super) shown: Vec<Diagnostic>,
    pub(super) more: usize,
}

impl Diagnostics {
    /// The most that are shown.
    pub const MOST: usize = 50;

    pub(super) fn of(found: Bounded, path: &Path, lines: &Lines<'_>) -> Self {
        let more = found.dropped + found.kept.len().saturating_sub(Self::MOST);
        let shown = found.kept.into_iter().take(Self::MOST).map(|finding| Diagnostic::of(finding, path, lines));
        Self { shown: shown.collect(), more }
    }

    /// Adds findings of a row, with its line and column in the file at `path`.
    ///
    /// The row itself is not shown: a plan may name any readable file, and a file with secrets in it has many errors.
    pub(super) fn take_row(&mut self, (path, line, column): (&Path, usize, usize), lines: &Lines<'_>, found: Bounded) {
        self.more += found.dropped;
        for finding in found.kept {
            if self.is_full() {
                self.count();
                continue;
            }
            let mut diagnostic = Diagnostic::of(finding, path, lines);
            let places = diagnostic.excerpts.into_iter().take(1).map(|excerpt| excerpt.place(line, column));
            diagnostic.excerpts = places.collect();
            self.push(diagnostic);
        }
    }

    /// Adds a warning about a line whose text is not available any more.
    pub(super) fn warn(&mut self, (path, line): (&Path, u32), title: &str, hint: String) {
        self.push(Diagnostic {
            severity: Severity::Warning,
            title: title.to_owned(),
            path: path.to_owned(),
            excerpts: vec![Excerpt::of_line(line as usize)],
            hint: Some(hint),
        });
    }

    /// Tells whether no more are shown, only counted.
    pub(super) const fn is_full(&self) -> bool {
        self.shown.len() >= Self::MOST
    }

    /// Counts one that is not shown.
    pub(super) const fn count(&mut self) {
        self.more += 1;
    }

    /// Appends others.
    pub(super) fn append(&mut self, others: Self) {
        self.more += others.more;
        for diagnostic in others.shown {
            self.push(diagnostic);
        }
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        if self.is_full() {
            self.count();
        } else {
            self.shown.push(diagnostic);
        }
    }

    /// Tells whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Returns how many there are, those that are not shown included.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.shown.len() + self.more
    }

    /// Returns the first [`MOST`](Self::MOST).
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.shown.iter()
    }
}

/// A plan that cannot be used, with all its errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanErrors {
    pub(super) path: PathBuf,
    pub(super) errors: Diagnostics,
}

impl PlanErrors {
    /// Returns the errors, in the file's order.
    #[must_use]
    pub const fn errors(&self) -> &Diagnostics {
        &self.errors
    }
}

impl std::error::Error for PlanErrors {}
