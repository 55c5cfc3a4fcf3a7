//! The bytes of a file: read once, hashed on their way, and never held beyond a limit.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use sha2::{Digest, Sha256};

use super::scan::begins_a_list;

/// A file while it is read.
pub(super) struct Source {
    from: BufReader<Chain<Cursor<Vec<u8>>, Hashing>>,
    /// The first byte that is no white space.
    pub(super) first: Option<u8>,
    /// Whether it begins with an object that has a list of objects in it.
    pub(super) wraps_a_list: bool,
    /// The number of the line that is read next, from 1.
    line: u32,
    /// The number of the next character in it, from 1.
    column: u32,
}

/// What came of reading a line.
pub(super) enum Taken {
    /// The file has ended.
    Nothing,
    /// A line.
    Whole,
    /// A part of a line that is too long; the rest of it was skipped.
    Part,
}

impl Source {
    /// The longest row: 1 MiB.
    pub(super) const LONGEST: usize = 1 << 20;

    const BUFFER: usize = 64 * 1024;

    /// Starts to read; a byte-order mark is left out.
    pub(super) fn new(from: Box<dyn Read>) -> io::Result<Self> {
        let mut hashing = Hashing { from, digest: Sha256::new() };
        let mut head = Vec::new();
        (&mut hashing).take(Self::BUFFER as u64).read_to_end(&mut head)?;
        if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is written in UTF-16, not in UTF-8"));
        }
        if head.starts_with("\u{feff}".as_bytes()) {
            head.drain(..3);
        }
        let first = head.iter().copied().find(|byte| !byte.is_ascii_whitespace());
        let wraps_a_list = first == Some(b'{') && begins_a_list(&head);
        let from = BufReader::with_capacity(Self::BUFFER, Cursor::new(head).chain(hashing));
        Ok(Self { from, first, wraps_a_list, line: 1, column: 1 })
    }

    /// Returns the next byte that is no white space, and leaves it to be read.
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let next = self.next_byte()?;
            match next {
                Some(byte) if byte.is_ascii_whitespace() => self.byte()?,
                Some(_) | None => return Ok(next),
            };
        }
    }

    /// Returns line and column of what is read next, both from 1.
    pub(super) const fn position(&self) -> (u32, u32) {
        (self.line, self.column)
    }

    /// Appends the next line to `text`, unless all of it is longer than the limit.
    pub(super) fn line(&mut self, text: &mut Vec<u8>) -> io::Result<Taken> {
        let room = (Self::LONGEST + 1).saturating_sub(text.len());
        let read = (&mut self.from).take(room as u64).read_until(b'\n', text)?;
        if read == 0 {
            return Ok(Taken::Nothing);
        }
        self.line = self.line.saturating_add(1);
        if read < room || text.ends_with(b"\n") {
            return Ok(Taken::Whole);
        }
        self.from.skip_until(b'\n')?;
        Ok(Taken::Part)
    }

    /// Returns the next byte.
    pub(super) fn byte(&mut self) -> io::Result<Option<u8>> {
        let Some(byte) = self.next_byte()? else { return Ok(None) };
        self.from.consume(1);
        if byte == b'\n' {
            (self.line, self.column) = (self.line.saturating_add(1), 1);
        } else if byte & 0xc0 != 0x80 {
            // A character of several bytes counts once.
            self.column = self.column.saturating_add(1);
        }
        Ok(Some(byte))
    }

    fn next_byte(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.from.fill_buf() {
                Ok(chunk) => return Ok(chunk.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Returns the SHA-256 of what was read.
    pub(super) fn digest(self) -> [u8; 32] {
        let (_, hashing) = self.from.into_inner().into_inner();
        hashing.digest.finalize().into()
    }
}

/// Hashes what goes through.
struct Hashing {
    from: Box<dyn Read>,
    digest: Sha256,
}

impl Read for Hashing {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(into)?;
        self.digest.update(into.get(..count).unwrap_or_default());
        Ok(count)
    }
}
