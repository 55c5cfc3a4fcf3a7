//! Reads CSV: the first row names the columns, and a field in quotes may go over several lines.

use std::io;
use std::ops::Range;

use csv_core::{ReadFieldResult, Reader};

use super::columns::{Cell, Columns};
use super::row::{Row, span, too_long};
use super::source::{Source, Taken};
use crate::plan::finding::{Finding, Findings};
use crate::plan::tree::{Content, Node, Span};
use crate::service::Kind;

/// The rows of a table.
pub(in crate::plan) struct Table {
    pub(super) source: Source,
    kind: Kind,
    parser: Reader,
    /// What the header says; `None` before it was read.
    columns: Option<Columns>,
    record: Record,
}

/// One row, as written and taken apart.
#[derive(Default)]
struct Record {
    line: u32,
    written: Vec<u8>,
    /// The fields' texts, one after the other.
    unquoted: Vec<u8>,
    fields: Vec<Field>,
    /// How much of the text was parsed, and how much of the unquoted text that filled.
    read: usize,
    filled: usize,
}

/// A field's bytes: in the unquoted text, and as written.
struct Field {
    unquoted: Range<usize>,
    written: Range<usize>,
}

/// How a row ends.
enum End {
    /// Like every row.
    Row,
    File,
    TooLong,
    OpenQuote,
    /// With a carriage return before more text.
    StrayReturn,
}

impl Table {
    pub(super) fn new(source: Source, kind: Kind) -> Self {
        Self { source, kind, parser: Reader::new(), columns: None, record: Record::default() }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        if self.columns.is_none() {
            let end = self.read_filled()?;
            let (columns, found) = self.header(&end);
            self.columns = Some(columns);
            if found.has_errors() {
                return Ok(Some(Row { found, ..Row::new(&self.record.written, self.record.line, 1) }));
            }
        }
        if self.columns.as_ref().is_none_or(|columns| columns.0.is_empty()) {
            return Ok(None);
        }
        let end = self.read_filled()?;
        if matches!(end, End::File) {
            return Ok(None);
        }
        Ok(Some(self.row(&end)))
    }

    fn header(&self, end: &End) -> (Columns, Findings) {
        let mut row = self.record.row(end);
        if matches!(end, End::File) || row.found.has_errors() {
            return (Columns::default(), row.found);
        }
        let columns = Columns::read(&self.record.cells(), self.kind, &mut row.found);
        (columns, row.found)
    }

    /// Builds the row that was read last.
    fn row(&self, end: &End) -> Row<'_> {
        let mut row = self.record.row(end);
        let Some(columns) = self.columns.as_ref().filter(|_| !row.found.has_errors()) else { return row };
        let cells = self.record.cells();
        let whole = span(0, self.record.written.trim_ascii_end().len());
        if let Some(finding) = columns.stray(&cells) {
            row.found.push(finding);
        } else if cells.len() == columns.0.len() {
            row.node = Some(Node::new(whole, Content::Mapping(columns.entries(&cells))));
        } else {
            let fields = if cells.len() == 1 { "one field".into() } else { format!("{} fields", cells.len()) };
            let title = format!("this row has {fields}, and the header has {}", columns.0.len());
            let hint = "give every row as many fields as the header, and put quotes around a field with commas in it";
            row.found.push(Finding::error(whole, title).hint(hint));
        }
        row
    }

    /// Reads the next row that is not empty: spreadsheets write empty ones, too.
    fn read_filled(&mut self) -> io::Result<End> {
        loop {
            let end = self.read()?;
            if !matches!(end, End::Row) || self.record.fields.iter().any(|field| !field.unquoted.is_empty()) {
                return Ok(end);
            }
        }
    }

    /// Reads the lines of the next row.
    fn read(&mut self) -> io::Result<End> {
        let Self { source, parser, record, .. } = self;
        record.clear();
        loop {
            let ((line, _), begins) = (source.position(), record.written.is_empty());
            if begins {
                record.line = line;
            }
            match source.line(&mut record.written)? {
                Taken::Nothing if begins => return Ok(End::File),
                Taken::Part if begins => return Ok(End::TooLong),
                Taken::Nothing | Taken::Part => {
                    parser.reset();
                    return Ok(End::OpenQuote);
                }
                Taken::Whole => {}
            }
            if begins && record.written.trim_ascii().is_empty() {
                record.written.clear();
                continue;
            }
            if !record.written.ends_with(b"\n") {
                record.written.push(b'\n');
            }
            if let Some(end) = record.take_apart(parser) {
                return Ok(end);
            }
        }
    }
}

impl Record {
    fn clear(&mut self) {
        self.written.clear();
        self.fields.clear();
        (self.read, self.filled) = (0, 0);
    }

    /// Returns the row without its fields.
    fn row(&self, end: &End) -> Row<'_> {
        match end.finding() {
            Some(finding) => Row::broken(&self.written, (self.line, 1), finding),
            None => Row::new(&self.written, self.line, 1),
        }
    }

    /// Parses the rest; `None` if the row continues in the next line.
    fn take_apart(&mut self, parser: &mut Reader) -> Option<End> {
        self.unquoted.resize(self.written.len(), 0);
        loop {
            let input = self.written.get(self.read..).unwrap_or_default();
            let output = self.unquoted.get_mut(self.filled..).unwrap_or_default();
            let (result, read, filled) = parser.read_field(input, output);
            self.read += read;
            self.filled += filled;
            let ReadFieldResult::Field { record_end } = result else { return None };
            let (start, begin) = self.fields.last().map_or((0, 0), |last| (last.unquoted.end, last.written.end));
            self.fields.push(Field { unquoted: start..self.filled, written: begin..self.read });
            if record_end {
                let rest = self.written.get(self.read..).unwrap_or_default();
                return Some(if matches!(rest, b"" | b"\n") { End::Row } else { End::StrayReturn });
            }
        }
    }

    /// Returns the fields; none if the row is not UTF-8.
    fn cells(&self) -> Vec<Cell<'_>> {
        let last = self.fields.last().map_or(0, |field| field.unquoted.end);
        let texts = self.unquoted.get(..last).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        let cell = |field: &Field| {
            let text = texts.get(field.unquoted.clone())?;
            let start = field.written.start;
            // The comma or line end after a field is not part of it.
            Some(Cell { text, place: span(start, field.written.len().saturating_sub(1)) })
        };
        self.fields.iter().filter_map(cell).collect()
    }
}

impl End {
    fn finding(&self) -> Option<Finding> {
        let at = Span { start: 0, end: 1 };
        match self {
            Self::Row | Self::File => None,
            Self::TooLong => Some(too_long("this line")),
            Self::OpenQuote => Some(
                Finding::error(at, "a quote in this row is not closed, or not within 1 MiB")
                    .hint("double a quote inside a quoted field: `\"\"`"),
            ),
            Self::StrayReturn => Some(
                Finding::error(at, "this row contains a carriage return")
                    .hint("end lines with a line feed, or put quotes around the field"),
            ),
        }
    }
}
