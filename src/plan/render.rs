//! Draws diagnostics the way compilers do.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use textwrap::{Options, WordSeparator, WordSplitter};

use crate::base::escape::{Escaped, escaped_lines};

use super::diagnostic::Diagnostic;
use super::excerpt::Excerpt;
use super::finding::Severity;

/// How diagnostics look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether they have colours, as for a terminal.
    pub colour: bool,
    /// How many columns there are; longer lines of the source are cut around their marks.
    pub width: usize,
    /// Whether messages are folded to that width: a terminal itself would break words.
    pub folds: bool,
}

impl Look {
    /// Without colours, and wide: for files and for where nobody knows the width.
    pub const PLAIN: Self = Self { colour: false, width: 140, folds: false };
}

/// Draws one diagnostic.
pub(super) fn diagnostic(diagnostic: &Diagnostic, look: Look) -> String {
    let path = Escaped(&diagnostic.path.display().to_string()).to_string();
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = folded(&diagnostic.title, look, TITLE);
    let hint = diagnostic.hint.as_deref().map(|hint| folded(hint, look, HELP));
    let mut group = level.primary_title(title).elements(std::iter::empty::<Origin<'_>>());
    if diagnostic.excerpts.is_empty() {
        group = group.element(Origin::path(path.as_str()));
    }
    for excerpt in &diagnostic.excerpts {
        group = with_excerpt(group, excerpt, &path);
    }
    if let Some(hint) = hint {
        group = group.element(Level::HELP.message(hint));
    }
    renderer(look).render(&[group])
}

fn with_excerpt<'a>(group: Group<'a>, excerpt: &'a Excerpt, path: &'a str) -> Group<'a> {
    let origin = Origin::path(path).line(excerpt.line).char_column(excerpt.column);
    let Some(text) = &excerpt.text else { return group.element(origin) };
    let marks = excerpt.marks.iter().map(|mark| {
        let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let label = Some(mark.label.as_str()).filter(|label| !label.is_empty());
        kind.span(mark.range.clone()).label(label)
    });
    let snippet = Snippet::source(text.as_str()).line_start(excerpt.first_line).annotations(marks);
    if excerpt.is_shifted() {
        // The renderer would count the characters of escapes.
        group.element(origin).element(snippet)
    } else {
        group.element(snippet.path(path))
    }
}

/// Draws one line that starts with `error: `.
pub(super) fn line(text: &str, look: Look) -> String {
    renderer(look).render(&[Group::with_title(Level::ERROR.primary_title(folded(text, look, TITLE)))])
}

/// How many columns stand before the words of a title, at most.
const TITLE: usize = "warning: ".len();
/// How many columns stand before the words of a hint, at most, behind a line number of six digits.
const HELP: usize = "       = help: ".len();

/// Escapes unseen characters, and folds a message at blanks to what is left of the width; the drawing indents the lines.
fn folded(text: &str, look: Look, before: usize) -> String {
    let text = escaped_lines(text);
    if !look.folds {
        return text.into_owned();
    }
    let options = Options::new(look.width.saturating_sub(before).max(NARROWEST))
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(&text, options)
}

/// The narrowest width that messages are folded to.
const NARROWEST: usize = 16;

fn renderer(look: Look) -> Renderer {
    let renderer = if look.colour { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(look.width)
}
