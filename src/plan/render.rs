//! Draws diagnostics the way compilers do.

use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use textwrap::{Options, WordSeparator, WordSplitter};

use crate::base::escape::{Escaped, escaped_lines};

use super::diagnostic::{Diagnostic, Diagnostics, PlanErrors};
use super::excerpt::Excerpt;
use super::finding::Severity;
use super::suggest;

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
    /// Without colours, and wide: for files, and if the width is unknown.
    pub const PLAIN: Self = Self { colour: false, width: 140, folds: false };
}

impl Diagnostic {
    /// Renders it over several lines, without a line break at the end.
    #[must_use]
    pub fn render(&self, look: Look) -> String {
        let path = Escaped(&self.path.display().to_string()).to_string();
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = folded(&self.title, look, TITLE);
        let hint = self.hint.as_deref().map(|hint| folded(hint, look, HELP));
        let mut group = level.primary_title(title).elements(std::iter::empty::<Origin<'_>>());
        if self.excerpts.is_empty() {
            group = group.element(Origin::path(path.as_str()));
        }
        for excerpt in &self.excerpts {
            group = with_excerpt(group, excerpt, &path);
        }
        if let Some(hint) = hint {
            group = group.element(Level::HELP.message(hint));
        }
        renderer(look).render(&[group])
    }
}

impl Diagnostics {
    /// Renders all that are shown, and how many are not, with a line break at the end.
    #[must_use]
    pub fn render(&self, look: Look) -> String {
        let mut text = String::new();
        for diagnostic in &self.shown {
            text.push_str(&diagnostic.render(look));
            text.push_str("\n\n");
        }
        if self.more > 0 {
            text.push_str(&format!("and {} more\n\n", self.more));
        }
        text
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Look::PLAIN))
    }
}

impl PlanErrors {
    /// Renders every error and a last line that counts them.
    #[must_use]
    pub fn render(&self, look: Look) -> String {
        let count = match self.errors.len() {
            1 => "one error".to_owned(),
            several => format!("{several} errors"),
        };
        let last = format!("{} has {count}; nothing was sent", suggest::quote(&self.path.display().to_string()));
        let last = Group::with_title(Level::ERROR.primary_title(folded(&last, look, TITLE)));
        format!("{}{}\n", self.errors.render(look), renderer(look).render(&[last]))
    }
}

impl fmt::Display for PlanErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Look::PLAIN))
    }
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

/// The most columns before the words of a title.
const TITLE: usize = "warning: ".len();
/// The most columns before the words of a hint, after a line number of six digits.
const HELP: usize = "       = help: ".len();

/// Escapes invisible characters, and folds a message at blanks to what is left of the width; the drawing indents the lines.
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
