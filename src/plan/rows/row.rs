//! One row of a file.

use std::borrow::Cow;

use super::source::Source;
use crate::plan::finding::{Finding, Findings};
use crate::plan::tree::{Node, Span};

/// One target as its file has it.
pub(in crate::plan) struct Row<'r> {
    /// Its text; the places of all findings are in it.
    pub(in crate::plan) text: Cow<'r, str>,
    /// The number of the text's first line, from 1.
    pub(in crate::plan) line: u32,
    /// The number of the text's first character in that line, from 1.
    pub(in crate::plan) column: u32,
    /// The target; `None` if the row has errors.
    pub(in crate::plan) node: Option<Node<'r>>,
    /// What is wrong with the way it is written.
    pub(in crate::plan) found: Findings,
}

impl<'r> Row<'r> {
    pub(super) fn new(text: &'r [u8], line: u32, column: u32) -> Self {
        let mut found = Findings::default();
        if let Err(error) = std::str::from_utf8(text) {
            let byte = text.get(error.valid_up_to()).copied().unwrap_or_default();
            // The text is shown with U+FFFD in the place of what cannot be read.
            found.push(
                Finding::error(span(error.valid_up_to(), 3), format!("the byte 0x{byte:02x} is not UTF-8"))
                    .hint("save the file as UTF-8"),
            );
        }
        Self { text: String::from_utf8_lossy(text), line, column, node: None, found }
    }

    /// A row with one problem, at its first character.
    pub(super) fn broken(text: &'r [u8], (line, column): (u32, u32), finding: Finding) -> Self {
        let mut row = Self::new(text, line, column);
        row.found = Findings::default();
        row.found.push(finding);
        row
    }
}

/// The place of some bytes of a row.
pub(super) fn span(start: usize, length: usize) -> Span {
    let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span { start: narrow(start), end: narrow(start.saturating_add(length)) }
}

/// A finding for a row that is not read to its end.
pub(super) fn too_long(what: &str) -> Finding {
    Finding::error(Span::START, format!("{what} is longer than {} MiB", Source::LONGEST >> 20))
}
