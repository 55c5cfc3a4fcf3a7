//! What a service repeats of a request is not written down: secrets and signatures are taken out of every text from
//! outside, however it encodes them, before anything else sees it.
//!
//! `decode` undoes encodings, `secrets` knows what must not be seen.

mod decode;
mod secrets;

use std::sync::Arc;

pub(crate) use self::secrets::Secrets;

use self::decode::Text;
use self::secrets::{GRAM, Grams};
use super::sent_signature::SentSignature;
use crate::http::SignedRequest;

/// What replaces a secret.
const REDACTED: &str = "[redacted]";

/// How deep encodings are undone, such as base64 of a percent-encoded text in base64.
const DEPTH: u8 = 3;

/// The end of a text that was shortened.
const CUT: char = '…';

/// The secrets that the response to one request may repeat.
pub(crate) struct Echoes {
    /// Those of the account's credentials.
    known: Arc<Secrets>,
    /// Where the request's own signature is.
    signature: Option<SentSignature>,
}

impl Echoes {
    /// Prepares for the response to a request that is about to be sent.
    pub(crate) fn of(signed: Option<&SignedRequest>, known: Arc<Secrets>) -> Self {
        Self { known, signature: signed.and_then(SentSignature::of) }
    }

    /// Takes secrets out of a text. Most texts are short words and ids, which have no room for any.
    pub(crate) fn out_of(&self, text: Box<str>) -> Box<str> {
        if text.len() < self.known.shortest().min(GRAM)
            || (is_id(&text) && !self.known.may_be_in_an_id(text.as_bytes()))
        {
            return text;
        }
        let own = self.signature.as_ref().and_then(SentSignature::text).map(secrets::of_signature).unwrap_or_default();
        let mut search =
            Search { known: &self.known, own, is_cut: text.ends_with(CUT), found: vec![false; text.len()] };
        search.through(&Text::plain(text.trim_end_matches(CUT)), DEPTH);
        if search.found.contains(&true) { redacted(&text, &search.found) } else { text }
    }
}

/// The search for secrets in one text.
struct Search<'a> {
    known: &'a Secrets,
    own: Grams,
    is_cut: bool,
    /// Which bytes of the text belong to one.
    found: Vec<bool>,
}

impl Search<'_> {
    /// Looks through a text and, `depth` times, through what it encodes.
    fn through(&mut self, text: &Text, depth: u8) {
        let lower = text.bytes.to_ascii_lowercase();
        for (at, gram) in lower.windows(GRAM).enumerate() {
            if self.known.grams.has(gram) || self.own.has(gram) {
                self.mark(text, at, GRAM);
            }
        }
        for (at, length) in self.known.short_in(&lower) {
            self.mark(text, at, length);
        }
        if self.is_cut && text.is_whole(self.found.len() - CUT.len_utf8()) {
            let length = self.known.begun_at_the_end_of(&lower);
            self.mark(text, lower.len() - length, length);
        }
        if let Some(depth) = depth.checked_sub(1) {
            let (base64, hex) = self.known.shortest_runs();
            text.decoded(base64, hex).iter().for_each(|text| self.through(text, depth));
        }
    }

    fn mark(&mut self, text: &Text, at: usize, length: usize) {
        for (from, to) in text.spans.iter().skip(at).take(length) {
            self.found.iter_mut().take(*to as usize).skip(*from as usize).for_each(|byte| *byte = true);
        }
    }
}

/// Puts one mark in the place of each part that was found.
fn redacted(text: &str, found: &[bool]) -> Box<str> {
    let mut clean = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if !found.iter().skip(at).take(c.len_utf8()).any(|byte| *byte) {
            clean.push(c);
        } else if !clean.ends_with(REDACTED) {
            clean.push_str(REDACTED);
        }
    }
    clean.into()
}

/// Tells whether a text has the form of a request's id: a UUID, or 32 hexadecimal digits. No signature is so short.
fn is_id(text: &str) -> bool {
    matches!(text.len(), 32 | 36) && text.bytes().all(secrets::is_of_id)
}

#[cfg(test)]
mod tests;
