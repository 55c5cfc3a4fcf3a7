//! Problems that the reader found, with their places; they are collected so that all can be shown.

use std::collections::HashSet;

use super::tree::{Node, Span};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    /// The plan cannot be used.
    Error,
    /// The plan can be used, but somebody should look.
    Warning,
}

/// One problem and its place in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) severity: Severity,
    pub(super) title: String,
    /// The place; `None` if the file as a whole is the problem.
    pub(super) span: Option<Span>,
    /// The label of the underlining.
    pub(super) label: String,
    /// Other places that explain it.
    pub(super) related: Vec<(Span, String)>,
    pub(super) hint: Option<String>,
}

impl Finding {
    pub(super) fn error(span: Span, title: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            title: title.into(),
            span: Some(span),
            label: String::new(),
            related: Vec::new(),
            hint: None,
        }
    }

    pub(super) fn warning(span: Span, title: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(span, title) }
    }

    /// A problem of the file as a whole.
    pub(super) fn of_file(title: impl Into<String>) -> Self {
        Self { span: None, ..Self::error(Span::START, title) }
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(super) fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }
}

/// The findings so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    errors: Bounded,
    warnings: Bounded,
    /// Places that may hold a secret and are not shown.
    masks: Vec<Span>,
}

/// The first findings, and a count of the others: a plan of a million wrong targets must not fill the memory.
#[derive(Debug, Default)]
pub(super) struct Bounded {
    pub(super) kept: Vec<Finding>,
    pub(super) dropped: usize,
    /// One problem at one place counts once, however many aliases lead to it.
    seen: HashSet<(Option<Span>, String)>,
}

impl Bounded {
    const MOST: usize = 1000;

    fn push(&mut self, finding: Finding) {
        let key = (finding.span, finding.title.clone());
        if self.seen.contains(&key) {
            return;
        }
        if self.kept.len() < Self::MOST {
            self.seen.insert(key);
            self.kept.push(finding);
        } else {
            self.dropped += 1;
        }
    }

    /// Puts them in the file's order.
    fn sorted(mut self) -> Self {
        self.kept.sort_by_key(|finding| finding.span.map_or(0, |span| span.start));
        self
    }
}

impl Findings {
    pub(super) fn push(&mut self, finding: Finding) {
        match finding.severity {
            Severity::Error => self.errors.push(finding),
            Severity::Warning => self.warnings.push(finding),
        }
    }

    /// Tells whether there is an error of this title at a place.
    pub(super) fn has_error(&self, span: Span, title: &str) -> bool {
        self.errors.kept.iter().any(|finding| finding.span == Some(span) && finding.title == title)
    }

    /// Hides the values in `node` in all output.
    pub(super) fn mask(&mut self, node: &Node<'_>) {
        node.each_scalar(&mut |span| {
            if self.masks.len() < Bounded::MOST {
                self.masks.push(span);
            }
        });
    }

    pub(super) const fn has_errors(&self) -> bool {
        !self.errors.kept.is_empty()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.errors.kept.is_empty() && self.warnings.kept.is_empty()
    }

    /// Returns errors, warnings and masks.
    pub(super) fn into_parts(self) -> (Bounded, Bounded, Vec<Span>) {
        (self.errors.sorted(), self.warnings.sorted(), self.masks)
    }
}
