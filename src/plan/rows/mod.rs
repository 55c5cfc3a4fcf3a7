//! Reads the files that `from` names, row by row: CSV with a header, JSON objects line by line, or a JSON list of them,
//! which may stand in an object.
//!
//! A row becomes the same tree as a target of the plan itself, so that the same code checks both. At most one row is
//! held at a time, and none is longer than [`Source::LONGEST`].

use std::borrow::Cow;
use std::io;
use std::path::Path;

use crate::service::Kind;

use super::finding::{Finding, Findings};
use super::opened;
use super::tree::{Node, Span};

mod columns;
mod json;
mod lines;
mod list;
mod listing;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod wrapper;

use lines::Lines;
use list::List;
use source::{Source, Taken};
use table::Table;

/// One target as its file has it.
pub(super) struct Row<'r> {
    /// What is written there; the places of all findings are in it.
    pub(super) text: Cow<'r, str>,
    /// The number of the text's first line, from 1.
    pub(super) line: u32,
    /// The number of the text's first character in that line, from 1.
    pub(super) column: u32,
    /// The target; `None` where nothing can be made of it.
    pub(super) node: Option<Node<'r>>,
    /// What is wrong with the way it is written.
    pub(super) found: Findings,
}

/// The rows of a file.
pub(super) enum Rows {
    Table(Box<Table>),
    Lines(Lines),
    List(List),
}

impl Rows {
    /// Opens a file of targets of one kind; its ending says how it is written, or else how it begins.
    pub(super) fn open(path: &Path, kind: Kind) -> io::Result<Self> {
        let source = Source::new(Box::new(opened::named(path)?))?;
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        Ok(Self::of(source, ending.as_deref(), kind))
    }

    fn of(source: Source, ending: Option<&str>, kind: Kind) -> Self {
        match (ending, source.begins_with()) {
            (Some("csv"), _) => Self::Table(Box::new(Table::new(source, kind))),
            (_, Some(b'[')) => Self::List(List::new(source, kind)),
            (_, Some(b'{')) if source.wraps_a_list() => Self::List(List::wrapped(source, kind)),
            (_, Some(b'{')) | (Some("json" | "ndjson" | "jsonl"), _) => Self::Lines(Lines::new(source)),
            (_, _) => Self::Table(Box::new(Table::new(source, kind))),
        }
    }

    /// Returns the next row, good or bad; the header of a table comes only where it is bad.
    pub(super) fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        match self {
            Self::Table(table) => table.next(),
            Self::Lines(lines) => lines.next(),
            Self::List(list) => list.next(),
        }
    }

    /// Returns the SHA-256 of what was read.
    pub(super) fn digest(self) -> [u8; 32] {
        match self {
            Self::Table(table) => table.source.digest(),
            Self::Lines(lines) => lines.source.digest(),
            Self::List(list) => list.source.digest(),
        }
    }
}

impl<'r> Row<'r> {
    fn new(text: &'r [u8], line: u32, column: u32) -> Self {
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
    fn broken(text: &'r [u8], (line, column): (u32, u32), finding: Finding) -> Self {
        let mut row = Self::new(text, line, column);
        row.found = Findings::default();
        row.found.push(finding);
        row
    }
}

/// The place of some bytes of a row.
fn span(start: usize, length: usize) -> Span {
    let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span { start: narrow(start), end: narrow(start.saturating_add(length)) }
}

/// A finding for a row that is not read to its end.
fn too_long(what: &str) -> Finding {
    Finding::error(Span::START, format!("{what} is longer than {} MiB", Source::LONGEST >> 20))
}
