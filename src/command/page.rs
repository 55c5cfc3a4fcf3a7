//! A page of text for people: headings, paragraphs and rows, wrapped to the width of the terminal.

use anstyle::Style;
use console::Term;
use textwrap::{Options, WordSplitter, fill};

use crate::terminal::columns;

/// The width of pages where there is no terminal, and the most that is comfortable to read.
const COMFORTABLE: usize = 100;

/// The least width that is wrapped to: a terminal that says less does not know.
const NARROWEST: usize = 30;

/// A page while it is written.
pub(super) struct Page {
    text: String,
    width: usize,
    heading: Style,
}

/// Returns the width for pages on standard output.
pub(super) fn width() -> usize {
    columns(&Term::stdout()).unwrap_or(COMFORTABLE).clamp(NARROWEST, COMFORTABLE)
}

impl Page {
    /// Begins a page of this width, with colours or without.
    pub(super) fn new(colours: bool, width: usize) -> Self {
        let heading = if colours { Style::new().bold() } else { Style::new() };
        Self { text: String::new(), width, heading }
    }

    /// Writes a heading.
    pub(super) fn heading(&mut self, text: &str) {
        let (style, text) = (self.heading, fill(text, self.width));
        self.text.push_str(&format!("{style}{text}{style:#}\n"));
    }

    /// Writes an indented paragraph.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.filled(text, "  ", "  ");
    }

    /// Writes a row: a word in a column of this width, and text beside it, or below it where there is no room.
    pub(super) fn row(&mut self, word: &str, column: usize, text: &str) {
        let (first, rest) = if column + NARROWEST < self.width {
            (format!("  {word:<column$}  "), " ".repeat(column + 4))
        } else {
            (format!("  {word}: "), "    ".to_owned())
        };
        self.filled(text, &first, &rest);
    }

    fn filled(&mut self, text: &str, first: &str, rest: &str) {
        // Names such as `--max-failures` stay whole.
        let options = Options::new(self.width).word_splitter(WordSplitter::NoHyphenation);
        self.text.push_str(&fill(text, options.initial_indent(first).subsequent_indent(rest)));
        self.text.push('\n');
    }

    /// Leaves a line empty.
    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Returns the page.
    pub(super) fn text(&self) -> &str {
        self.text.trim_end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize) -> String {
        let mut page = Page::new(false, width);
        page.heading("words");
        page.row("stopped", 15, "this run's stop took effect, and that is proven");
        page.row("already_stopped", 15, "it had ended before this run touched it");
        page.gap();
        page.paragraph("A paragraph that is longer than the page is wide.");
        page.text
    }

    #[test]
    fn wide_pages_have_columns() {
        let wanted = "words\n  stopped          this run's stop took effect, and\n                   that is proven\n  \
                      already_stopped  it had ended before this run\n                   touched it\n\n  \
                      A paragraph that is longer than the page is wide.\n";
        assert_eq!(page(52), wanted);
    }

    #[test]
    fn narrow_pages_stay_within_their_width() {
        for width in [NARROWEST, 40, 48, 60] {
            assert!(page(width).lines().all(|line| line.len() <= width), "{}", page(width));
        }
    }
}
