//! What every line carries to be known as whole, unchanged and in its place: its number and a checksum.

use std::io::{self, Write};

use serde::Serialize;

use super::error::LineFault;

/// Stands between a line's content and its number.
const NUMBER: &[u8] = b",\"n\":";

/// The length of what [`tail`] returns.
const TAIL: usize = 16;

/// Seals the lines of one journal as they are written, and checks them as they are read.
///
/// The checksum is the CRC-32 of everything before it in the line. The header's begins at 0, those of all other
/// lines at the header's, so that a line of another journal is not taken for one of this.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seal {
    lines: u64,
    start: u32,
}

impl Seal {
    /// Returns the number of the last line, from 1.
    pub(super) const fn lines(self) -> u64 {
        self.lines
    }

    /// Appends a line to `out`; after an error, `out` is as before.
    pub(super) fn write(&mut self, out: &mut Vec<u8>, content: &impl Serialize) -> io::Result<()> {
        let from = out.len();
        let written = self.append(out, content);
        if written.is_err() {
            out.truncate(from);
        }
        written
    }

    fn append(&mut self, out: &mut Vec<u8>, content: &impl Serialize) -> io::Result<()> {
        let from = out.len();
        serde_json::to_writer(&mut *out, content)?;
        out.pop();
        out.extend_from_slice(NUMBER);
        write!(out, "{}", self.lines + 1)?;
        let checksum = crc32(self.start, out.get(from..).unwrap_or_default());
        out.extend_from_slice(tail(checksum).as_bytes());
        out.push(b'\n');
        self.passed(checksum);
        Ok(())
    }

    /// Checks a line, its end taken off, and leaves its content alone in it.
    pub(super) fn open(&mut self, line: &mut Vec<u8>) -> Result<(), LineFault> {
        let (sealed, end) = line.split_at_checked(line.len().saturating_sub(TAIL)).ok_or(LineFault::Changed)?;
        let checksum = crc32(self.start, sealed);
        if end != tail(checksum).as_bytes() {
            return Err(LineFault::Changed);
        }
        let (content, number) = number(sealed).ok_or(LineFault::Changed)?;
        if number != self.lines + 1 {
            return Err(LineFault::Misplaced { written_as: number });
        }
        let content = content.len();
        line.truncate(content);
        line.push(b'}');
        self.passed(checksum);
        Ok(())
    }

    /// Checks a line as [`open`](Self::open) does, whatever its number is: what is before it was not read.
    pub(super) fn open_apart(mut self, line: &mut Vec<u8>) -> Result<(), LineFault> {
        let sealed = line.get(..line.len().saturating_sub(TAIL)).unwrap_or_default();
        let (_, number) = number(sealed).ok_or(LineFault::Changed)?;
        self.lines = number.saturating_sub(1).max(self.lines);
        self.open(line)
    }

    fn passed(&mut self, checksum: u32) {
        self.lines += 1;
        if self.lines == 1 {
            self.start = checksum;
        }
    }
}

/// Returns the checksum as it closes a line.
fn tail(checksum: u32) -> String {
    format!(",\"c\":\"{checksum:08x}\"}}")
}

/// Splits a line before its number. A text within the line cannot hold the mark: its quotes would be escaped.
fn number(sealed: &[u8]) -> Option<(&[u8], u64)> {
    let at = sealed.windows(NUMBER.len()).rposition(|window| window == NUMBER)?;
    let (content, number) = sealed.split_at(at);
    let digits = std::str::from_utf8(number.get(NUMBER.len()..)?).ok()?;
    Some((content, digits.parse().ok()?))
}

/// Returns the CRC-32 of `bytes`, going on from that of what is before them, as zlib does.
fn crc32(before: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(before);
    hasher.update(bytes);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_checksum_is_that_of_zlib() {
        assert_eq!(crc32(0, b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(crc32(0, b"1234"), b"56789"), 0xcbf4_3926);
    }

    #[test]
    fn lines_are_sealed_and_opened_in_order() {
        let mut seal = Seal::default();
        let mut text = Vec::new();
        seal.write(&mut text, &json!({"journal": 1})).unwrap();
        seal.write(&mut text, &json!({"t": 0, "text": ",\"n\":7\n"})).unwrap();
        let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[1].starts_with(br#"{"t":0,"text":",\"n\":7\n","n":2,"c":""#), "{}", text.escape_ascii());

        let mut seal = Seal::default();
        let mut first = lines[0].trim_ascii_end().to_vec();
        seal.open(&mut first).unwrap();
        assert_eq!(first, br#"{"journal":1}"#);
        let mut again = lines[0].trim_ascii_end().to_vec();
        assert_eq!(seal.open(&mut again), Err(LineFault::Changed));
        let mut second = lines[1].trim_ascii_end().to_vec();
        seal.open(&mut second).unwrap();
        assert_eq!(second, br#"{"t":0,"text":",\"n\":7\n"}"#);
        let mut again = lines[1].trim_ascii_end().to_vec();
        assert_eq!(seal.open(&mut again), Err(LineFault::Misplaced { written_as: 2 }));
    }
}
