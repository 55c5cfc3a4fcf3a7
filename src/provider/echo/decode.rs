//! Undoes encodings, and remembers where in the text each byte came from.

use data_encoding::HEXLOWER_PERMISSIVE;

/// The most characters between two bytes of a dump.
const MOST_BETWEEN: usize = 3;

/// How often escapes are undone that stand for escapes.
const MOST_ESCAPES: usize = 4;

/// The entities of HTML that stand for characters of secrets.
const ENTITIES: [(&str, u8); 10] = [
    ("amp", b'&'),
    ("lt", b'<'),
    ("gt", b'>'),
    ("quot", b'"'),
    ("apos", b'\''),
    ("plus", b'+'),
    ("sol", b'/'),
    ("equals", b'='),
    ("lowbar", b'_'),
    ("period", b'.'),
];

/// A text that may be an encoding of another one.
pub(super) struct Text {
    pub(super) bytes: Vec<u8>,
    /// For each byte, its range in the first text.
    pub(super) spans: Vec<(u32, u32)>,
}

impl Text {
    /// Takes a text as it is.
    pub(super) fn plain(text: &str) -> Self {
        let bytes = text.as_bytes().to_vec();
        let spans = (0..).take(bytes.len()).map(|at| (at, at + 1)).collect();
        Self { bytes, spans }
    }

    fn empty() -> Self {
        Self { bytes: Vec::new(), spans: Vec::new() }
    }

    /// Tells whether its last byte is at the end of the first text, which has this length.
    pub(super) fn is_whole(&self, length: usize) -> bool {
        self.spans.last().is_some_and(|(_, to)| *to as usize == length)
    }

    /// Returns what it may be an encoding of. Runs of base64 and of hexadecimal digits that are shorter than these are
    /// left alone.
    pub(super) fn decoded(&self, base64: usize, hex: usize) -> Vec<Self> {
        let mut texts: Vec<Self> = self.unescaped().into_iter().collect();
        let runs = self.runs(|byte| base64_value(byte).is_some(), base64);
        texts.extend((0..4).filter_map(|skipped| self.regrouped(&runs, skipped, 6, base64_value)));
        let runs = self.runs(|byte| byte.is_ascii_hexdigit(), hex);
        texts.extend((0..2).filter_map(|skipped| self.regrouped(&runs, skipped, 4, hex_value)));
        texts.extend([hex_word, decimal_word].into_iter().filter_map(|read| self.dumped(read, hex / 2)));
        texts
    }

    /// Reads bytes that stand apart, as dumps and lists of bytes have them: `43 41 49`, `0x43, 0x41`, `[67, 65, 73]`.
    /// `None` where there are fewer than `least` in a row.
    fn dumped(&self, read: fn(&[u8]) -> Option<Vec<u8>>, least: usize) -> Option<Self> {
        let mut text = Self::empty();
        let (mut row, mut longest, mut end) = (0, 0, 0);
        for (from, to) in self.runs(|byte| byte.is_ascii_alphanumeric(), 1) {
            let bytes = self.bytes.get(from..to).and_then(read).unwrap_or_default();
            // What is not a number, or is far away, belongs to nothing.
            if bytes.is_empty() || from - end > MOST_BETWEEN {
                text.push(0, None);
                row = 0;
            }
            bytes.iter().for_each(|byte| text.push(*byte, self.spans.get(from..to)));
            (row, end) = (row + bytes.len(), to);
            longest = longest.max(row);
        }
        (longest >= least).then_some(text)
    }

    /// Undoes percent encoding and the escapes of JSON and HTML, those in escapes, too; `None` where there is none.
    pub(super) fn unescaped(&self) -> Option<Self> {
        let mut text = self.unescaped_once()?;
        for _ in 1..MOST_ESCAPES {
            match text.unescaped_once() {
                Some(next) => text = next,
                None => break,
            }
        }
        Some(text)
    }

    fn unescaped_once(&self) -> Option<Self> {
        if !self.bytes.iter().any(|byte| matches!(byte, b'%' | b'\\' | b'&')) {
            return None;
        }
        let mut text = Self::empty();
        let mut at = 0;
        while let Some(rest) = self.bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let (byte, length) = escape(rest).unwrap_or((rest.first().copied().unwrap_or_default(), 1));
            text.push(byte, self.spans.get(at..at + length));
            at += length;
        }
        (text.bytes.len() < self.bytes.len()).then_some(text)
    }

    /// Returns the places of the longest runs of such bytes, from and to, of at least this length.
    fn runs(&self, is_part: impl Fn(u8) -> bool, least: usize) -> Vec<(usize, usize)> {
        let mut runs = Vec::new();
        let mut from = 0;
        for (at, byte) in self.bytes.iter().chain([&0]).enumerate() {
            if !is_part(*byte) {
                if at - from >= least {
                    runs.push((from, at));
                }
                from = at + 1;
            }
        }
        runs
    }

    /// Reads runs as digits of `width` bits, beginning after the first few; `None` where there are no runs.
    fn regrouped(
        &self,
        runs: &[(usize, usize)],
        skipped: usize,
        width: u32,
        value: fn(u8) -> Option<u8>,
    ) -> Option<Self> {
        let mut text = Self::empty();
        for (from, to) in runs {
            let (mut bits, mut held) = (0_u32, 0);
            for at in from + skipped..*to {
                let Some(value) = self.bytes.get(at).and_then(|byte| value(*byte)) else { break };
                bits = (bits << width) | u32::from(value);
                held += width;
                if held >= 8 {
                    held -= 8;
                    // A byte is in the digit that completes it and the one before.
                    text.push((bits >> held) as u8, self.spans.get(at.saturating_sub(1)..=at));
                    bits &= (1 << held) - 1;
                }
            }
            // Runs do not go on in each other.
            text.push(0, None);
        }
        (!runs.is_empty()).then_some(text)
    }

    fn push(&mut self, byte: u8, spans: Option<&[(u32, u32)]>) {
        let ends = spans.and_then(|spans| Some((spans.first()?.0, spans.last()?.1)));
        self.bytes.push(byte);
        self.spans.push(ends.unwrap_or_default());
    }
}

/// Reads a word of hexadecimal digits, two for each byte.
fn hex_word(word: &[u8]) -> Option<Vec<u8>> {
    let digits = word.strip_prefix(b"0x").or_else(|| word.strip_prefix(b"x")).unwrap_or(word);
    HEXLOWER_PERMISSIVE.decode(digits).ok()
}

/// Reads a word that is one byte as a number.
fn decimal_word(word: &[u8]) -> Option<Vec<u8>> {
    std::str::from_utf8(word).ok()?.parse().ok().map(|byte| vec![byte])
}

const fn base64_value(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

fn hex_value(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

/// Reads the escape at the beginning of a text: what it means, and how long it is.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'%', rest @ ..] => Some((number(rest, 2)?, 3)),
        [b'\\', b'u', rest @ ..] => Some((number(rest, 4)?, 6)),
        [b'\\', b'x', rest @ ..] => Some((number(rest, 2)?, 4)),
        [b'\\', byte @ (b'/' | b'"' | b'\\' | b'\''), ..] => Some((*byte, 2)),
        [b'&', rest @ ..] => entity(rest).map(|(byte, length)| (byte, length + 1)),
        _ => None,
    }
}

/// Reads so many hexadecimal digits that stand for a character of one byte.
fn number(text: &[u8], digits: usize) -> Option<u8> {
    let digits = std::str::from_utf8(text.get(..digits)?).ok()?;
    u32::from_str_radix(digits, 16).ok()?.try_into().ok()
}

/// Reads an entity of HTML after its `&`.
fn entity(text: &[u8]) -> Option<(u8, usize)> {
    const LONGEST: usize = 10;
    let length = text.iter().take(LONGEST).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(text.get(..length)?).ok()?;
    let byte = match name.strip_prefix('#') {
        None => ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, byte)| *byte)?,
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => u8::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        },
    };
    Some((byte, length + 1))
}
