//! The object around a list: what stands in it before the list and behind it.

use std::io;

use super::Source;
use super::listing::Listing;

/// How much of a name is kept; the names that matter are shorter.
const LONGEST_NAME: usize = 64;

/// How far the reading of an object has come.
#[derive(Debug, Default)]
pub(super) struct Wrapper {
    scan: Scan,
    /// Whether the service has more than it printed.
    pub(super) has_more: bool,
}

/// What is come upon in an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A list of objects, whose bracket was read.
    List,
    /// The object's end.
    End,
    /// The end of the file.
    File,
}

/// Where in an object's text a byte stands.
#[derive(Debug, Default)]
struct Scan {
    depth: u32,
    quoted: bool,
    escaped: bool,
    is_value: bool,
    /// The last key of the object itself.
    key: Vec<u8>,
    /// Whether the text that is read is an entry of the object itself, and has something in it.
    filled: bool,
}

/// What a byte means for the object itself.
enum Sign {
    Nothing,
    /// A list begins that is an entry of the object.
    List,
    /// A text that is an entry of the object ends.
    Text,
    End,
}

impl Wrapper {
    /// Tells whether a file that begins so is an object with a list of objects in it.
    pub(super) fn begins(head: &[u8]) -> bool {
        let mut scan = Scan::default();
        for (at, byte) in head.iter().enumerate() {
            match scan.take(*byte) {
                Sign::List => match head.iter().skip(at + 1).find(|byte| !byte.is_ascii_whitespace()) {
                    Some(b'{') => return true,
                    Some(b']') if Listing::is_known(&scan.key) => return true,
                    Some(_) | None => {}
                },
                Sign::End => return false,
                Sign::Nothing | Sign::Text => {}
            }
        }
        false
    }

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

impl Scan {
    fn take(&mut self, byte: u8) -> Sign {
        if self.quoted {
            return self.take_quoted(byte);
        }
        match byte {
            b'"' => {
                self.quoted = true;
                self.filled = false;
                if self.is_key() {
                    self.key.clear();
                }
            }
            b'{' | b'[' => {
                self.depth += 1;
                if byte == b'[' && self.depth == 2 {
                    return Sign::List;
                }
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    return Sign::End;
                }
            }
            b':' if self.depth == 1 => self.is_value = true,
            b',' if self.depth == 1 => self.is_value = false,
            _ => {}
        }
        Sign::Nothing
    }

    fn take_quoted(&mut self, byte: u8) -> Sign {
        self.quoted = self.escaped || byte != b'"';
        self.escaped = !self.escaped && byte == b'\\';
        if self.quoted {
            self.filled = true;
            if self.is_key() && self.key.len() < LONGEST_NAME {
                self.key.push(byte);
            }
            return Sign::Nothing;
        }
        if self.depth == 1 && self.is_value { Sign::Text } else { Sign::Nothing }
    }

    const fn is_key(&self) -> bool {
        self.depth == 1 && !self.is_value
    }
}
