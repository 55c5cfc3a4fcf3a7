//! What must not be seen, kept so that it cannot be read from here: of long secrets only fingerprints of their parts.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use secrecy::{ExposeSecret, SecretString};

use super::decode::Text;
use crate::provider::credentials::Credentials;

/// How many bytes in a row give a secret away. A shorter secret is looked for as a whole.
pub(super) const GRAM: usize = 12;

/// The least secret that is looked for: what is shorter would be found everywhere, and is no secret.
const SHORTEST: usize = 4;

/// The secrets of one account.
#[derive(Default)]
pub(crate) struct Secrets {
    pub(super) grams: Grams,
    all: Vec<SecretString>,
    /// Whether a text of the form of an id can hold a part of any.
    fits_an_id: bool,
}

impl Secrets {
    /// Learns the secrets of credentials.
    pub(crate) fn of(credentials: &Credentials) -> Self {
        Self::new(credentials.secrets().cloned())
    }

    /// Learns these secrets.
    pub(crate) fn new(all: impl IntoIterator<Item = SecretString>) -> Self {
        let mut secrets = Self::default();
        for secret in all.into_iter().filter(|secret| secret.expose_secret().len() >= SHORTEST) {
            let text = secret.expose_secret().as_bytes();
            let is_of_id = |part: &[u8]| part.iter().all(|byte| is_of_id(*byte));
            secrets.fits_an_id |= text.windows(GRAM.min(text.len())).any(is_of_id);
            secrets.grams.add(text);
            secrets.all.push(secret);
        }
        secrets
    }

    /// Returns the length of the shortest.
    pub(super) fn shortest(&self) -> usize {
        self.all.iter().map(|secret| secret.expose_secret().len()).min().unwrap_or(usize::MAX)
    }

    /// Tells whether a text that is an id may hold a part of any of them, as it is or as hexadecimal digits.
    pub(super) fn may_be_in_an_id(&self, text: &[u8]) -> bool {
        let mut bytes = [0; 16];
        let digits = text.iter().filter(|byte| **byte != b'-').filter_map(|byte| char::from(*byte).to_digit(16));
        for (at, digit) in digits.enumerate() {
            if let Some(byte) = bytes.get_mut(at / 2) {
                *byte = *byte << 4 | digit as u8;
            }
        }
        bytes.make_ascii_lowercase();
        self.fits_an_id || self.shortest() < GRAM || bytes.windows(GRAM).any(|gram| self.grams.has(gram))
    }

    /// Returns how long a run of base64 and one of hexadecimal digits must be to hold any.
    pub(super) fn shortest_runs(&self) -> (usize, usize) {
        let shortest = self.shortest().min(GRAM);
        ((shortest * 4).div_ceil(3), shortest * 2)
    }

    /// Finds secrets that are too short for fingerprints in a text in lower case: where, and how long they are.
    pub(super) fn short_in(&self, text: &[u8]) -> Vec<(usize, usize)> {
        let short = self.all.iter().map(ExposeSecret::expose_secret).filter(|secret| secret.len() < GRAM);
        let places = short.flat_map(|secret| {
            let found = move |(_, part): &(usize, &[u8])| part.eq_ignore_ascii_case(secret.as_bytes());
            text.windows(secret.len()).enumerate().filter(found).map(|(at, part)| (at, part.len()))
        });
        places.collect()
    }

    /// Returns how many bytes at the end of a text in lower case are the beginning of a secret.
    pub(super) fn begun_at_the_end_of(&self, text: &[u8]) -> usize {
        let begins = |length: &usize| {
            let end = text.len().checked_sub(*length).and_then(|at| text.get(at..)).unwrap_or_default();
            let heads = self.all.iter().filter_map(|secret| secret.expose_secret().as_bytes().get(..*length));
            !end.is_empty() && heads.into_iter().any(|head| head.eq_ignore_ascii_case(end))
        };
        (SHORTEST..GRAM).rev().find(begins).unwrap_or_default()
    }
}

/// Tells whether an id, such as a UUID, may hold this byte.
pub(super) const fn is_of_id(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || byte == b'-'
}

/// Fingerprints of every few bytes in a row of secrets, whatever the case of their letters.
#[derive(Default)]
pub(super) struct Grams {
    /// In order.
    hashes: Vec<u64>,
    /// A bit for each hash, by a part of it: most of what is not there needs no further look.
    bits: Vec<u64>,
}

/// How many words of bits there are.
const WORDS: u64 = 256;

impl Grams {
    fn add(&mut self, secret: &[u8]) {
        self.bits.resize(WORDS as usize, 0);
        for gram in secret.to_ascii_lowercase().windows(GRAM) {
            let hash = hash(gram);
            self.hashes.push(hash);
            if let Some(word) = self.bits.get_mut((hash / 64 % WORDS) as usize) {
                *word |= 1 << (hash % 64);
            }
        }
        self.hashes.sort_unstable();
    }

    /// Tells whether these bytes, in lower case, are a part of a secret.
    pub(super) fn has(&self, gram: &[u8]) -> bool {
        if self.bits.is_empty() {
            return false;
        }
        let hash = hash(gram);
        let word = self.bits.get((hash / 64 % WORDS) as usize).copied().unwrap_or_default();
        word & (1 << (hash % 64)) != 0 && self.hashes.binary_search(&hash).is_ok()
    }
}

/// Mixes all bytes of a gram.
fn hash(gram: &[u8]) -> u64 {
    let word = |from: usize| {
        let bytes = gram.get(from..from + 8).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
        u64::from_le_bytes(bytes)
    };
    let mixed = u128::from(word(0) ^ 0x9e37_79b9_7f4a_7c15) * u128::from(word(GRAM - 8) ^ 0xd1b5_4a32_d192_ed03);
    (mixed as u64) ^ (mixed >> 64) as u64
}

/// Learns a signature as it was sent: its text, and the bytes that it encodes.
pub(super) fn of_signature(sent: &str) -> Grams {
    let mut grams = Grams::default();
    let plain = Text::plain(sent).unescaped().unwrap_or_else(|| Text::plain(sent));
    grams.add(&plain.bytes);
    let raw = [BASE64.decode(&plain.bytes), HEXLOWER_PERMISSIVE.decode(&plain.bytes)];
    raw.iter().flatten().for_each(|raw| grams.add(raw));
    grams
}
