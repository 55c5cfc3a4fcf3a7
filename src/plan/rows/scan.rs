//! Scans the bytes of a JSON object for the lists in it.

use super::listing::Listing;

/// How much of a name is kept; the names that matter are shorter.
const LONGEST_NAME: usize = 64;

/// The place of a byte in the text of an object.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub(super) depth: u32,
    quoted: bool,
    escaped: bool,
    is_value: bool,
    /// The last key of the object itself.
    pub(super) key: Vec<u8>,
    /// Whether the text that is read is an entry of the object itself, and is not empty.
    pub(super) filled: bool,
}

/// What a byte means for the object itself.
pub(super) enum Sign {
    Nothing,
    /// A list begins that is an entry of the object.
    List,
    /// A text that is an entry of the object ends.
    Text,
    End,
}

/// Tells whether a file that begins so is an object with a list of objects in it.
pub(super) fn begins_a_list(head: &[u8]) -> bool {
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

impl Scan {
    pub(super) fn take(&mut self, byte: u8) -> Sign {
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
