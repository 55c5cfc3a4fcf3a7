//! Reads the files that `from` names, row by row: CSV with a header, JSON objects line by line, or a JSON list of them,
//! which may be in an object.
//!
//! A row becomes the same tree as a target of the plan itself, so that the same code checks both. At most one row is
//! held at a time, and none is longer than [`Source::LONGEST`].

use std::io::{self, Read};
use std::path::Path;

use crate::service::Kind;

mod columns;
mod json;
mod list;
mod listing;
mod row;
mod scan;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod wrapper;

use json::Lines;
use list::List;
pub(super) use row::Row;
use source::Source;
use table::Table;

/// The rows of a file.
pub(super) enum Rows {
    Table(Box<Table>),
    Lines(Lines),
    List(List),
}

impl Rows {
    /// Reads a file of targets of one kind; its extension determines the notation, or else its first byte.
    pub(super) fn open(file: Box<dyn Read>, path: &Path, kind: Kind) -> io::Result<Self> {
        let source = Source::new(file)?;
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        Ok(Self::of(source, ending.as_deref(), kind))
    }

    fn of(source: Source, ending: Option<&str>, kind: Kind) -> Self {
        match (ending, source.first) {
            (Some("csv"), _) => Self::Table(Box::new(Table::new(source, kind))),
            (_, Some(b'[')) => Self::List(List::new(source, kind)),
            (_, Some(b'{')) if source.wraps_a_list => Self::List(List::wrapped(source, kind)),
            (_, Some(b'{')) | (Some("json" | "ndjson" | "jsonl"), _) => Self::Lines(Lines::new(source)),
            (_, _) => Self::Table(Box::new(Table::new(source, kind))),
        }
    }

    /// Returns the next row, good or bad; the header of a table only if it is bad.
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
