//! The object around a list: what is in it before and after the list.

use std::io;

use super::scan::{Scan, Sign};
use super::source::Source;

/// How far an object was read.
#[derive(Debug, Default)]
pub(super) struct Wrapper {
    scan: Scan,
    /// Whether the service has more than it printed.
    pub(super) has_more: bool,
}

/// What the reader finds in an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A list of objects, whose bracket was read.
    List,
    /// The object's end.
    End,
    /// The end of the file.
    File,
}

impl Wrapper {
    /// Reads on up to a list of objects, or to the end of the object.
    pub(super) fn go_on(&mut self, source: &mut Source) -> io::Result<Found> {
        while let Some(byte) = source.byte()? {
            match self.scan.take(byte) {
                Sign::List if source.peek()? == Some(b'{') => {
                    // The list's own bracket is read with the list.
                    self.scan.depth -= 1;
                    return Ok(Found::List);
                }
                Sign::Text if self.scan.key.eq_ignore_ascii_case(b"NextToken") => self.has_more = self.scan.filled,
                Sign::End => {
                    let has_more = std::mem::take(&mut self.has_more);
                    *self = Self { has_more, ..Self::default() };
                    return Ok(Found::End);
                }
                Sign::List | Sign::Text | Sign::Nothing => {}
            }
        }
        Ok(Found::File)
    }

    /// Returns the last key of the object: that of the list that was found.
    pub(super) fn key(&self) -> &[u8] {
        &self.scan.key
    }
}
