//! Reads JSON objects, one a line; empty lines are skipped.

use std::io;

use super::json;
use super::row::{Row, too_long};
use super::source::{Source, Taken};

/// The rows of a file with an object a line.
pub(in crate::plan) struct Lines {
    pub(super) source: Source,
    text: Vec<u8>,
}

impl Lines {
    pub(super) const fn new(source: Source) -> Self {
        Self { source, text: Vec::new() }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        loop {
            self.text.clear();
            let (line, _) = self.source.position();
            match self.source.line(&mut self.text)? {
                Taken::Nothing => return Ok(None),
                Taken::Part => return Ok(Some(Row::broken(&self.text, (line, 1), too_long("this line")))),
                Taken::Whole if self.text.trim_ascii().is_empty() => {}
                Taken::Whole => return Ok(Some(json::row(&self.text, (line, 1)))),
            }
        }
    }
}
