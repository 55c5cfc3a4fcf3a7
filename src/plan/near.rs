//! What a pattern that matches no target was probably meant for.

use globset::GlobMatcher;

use super::pattern::{SPECIAL, compile_folded, composed, each_label, each_text};
use super::suggest;
use super::target::Target;
use crate::base::escape::is_invisible;

/// How many targets are compared.
const MOST: usize = 10_000;

/// How many parts of texts are compared character by character.
const MOST_PARTS: usize = 50_000;

/// Shorter pieces of a pattern resemble too many texts.
const SHORTEST: usize = 4;

/// Returns a hint with what a pattern was probably meant for: an id, a field or a label of some target.
pub(super) fn miss(pattern: &str, targets: &[Target]) -> Option<String> {
    among(pattern, targets, |target, see| each_text(target, see))
}

/// Returns a hint with the label that was probably meant.
pub(super) fn missed_label(label: &str, targets: &[Target]) -> Option<String> {
    among(label, targets, |target, see| each_label(target, see))
}

fn among(pattern: &str, targets: &[Target], texts: impl Fn(&Target, &mut dyn FnMut(&str))) -> Option<String> {
    let mut wanted = Wanted::new(pattern);
    let mut best: Option<(usize, String)> = None;
    for target in targets.iter().take(MOST) {
        texts(target, &mut |text| {
            let is_better = |distance: &usize| {
                best.as_ref().is_none_or(|(least, best)| (*distance, text.len()) < (*least, best.len()))
            };
            if let Some(distance) = wanted.distance(text).filter(is_better) {
                best = Some((distance, text.to_owned()));
            }
        });
        if best.as_ref().is_some_and(|(distance, _)| *distance == 0) {
            break;
        }
    }
    best.map(|(distance, text)| said(pattern, &text, distance == 0))
}

/// Returns the hint, with the difference if it is invisible.
fn said(pattern: &str, text: &str, differs_unseen: bool) -> String {
    let meant = suggest::meant(text);
    let is_trimmed = |text: &str| trimmed(text).len() == text.len();
    let has_blank = |text: &str| {
        !is_trimmed(text) || text.split_once('=').is_some_and(|(label, value)| !is_trimmed(label) || !is_trimmed(value))
    };
    match differs_unseen {
        true if has_blank(text) => format!("{meant} It starts or ends with a blank or an invisible character"),
        true if has_blank(pattern) => {
            format!("{meant} The pattern starts or ends with a blank or an invisible character")
        }
        true if pattern.to_lowercase() != pattern || text.to_lowercase() != text => {
            format!("{meant} Names are case-sensitive")
        }
        _ => meant,
    }
}

/// A pattern, prepared for being compared with many texts.
struct Wanted {
    /// Matches what differs in case, or in blanks around it.
    folded: Option<GlobMatcher>,
    whole: String,
    /// The longest piece without special characters, if it has any, and its place in a text.
    piece: Option<(String, Place)>,
    /// How many more parts are compared.
    parts: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Anywhere,
}

impl Wanted {
    fn new(pattern: &str) -> Self {
        let whole = folded(pattern);
        let piece = pattern.contains(SPECIAL).then(|| whole.split(SPECIAL).max_by_key(|piece| piece.len())).flatten();
        let place = |piece: &str| if whole.starts_with(piece) { Place::Start } else { Place::Anywhere };
        let piece =
            piece.filter(|piece| piece.chars().count() >= SHORTEST).map(|piece| (piece.to_owned(), place(piece)));
        Self { folded: compile_folded(&whole).ok().map(|glob| glob.compile_matcher()), whole, piece, parts: MOST_PARTS }
    }

    /// Returns how far a text is from what is wanted; `None` if it is too far, 0 if only case and blanks differ.
    fn distance(&mut self, text: &str) -> Option<usize> {
        let text = folded(text);
        if text == self.whole || self.folded.as_ref().is_some_and(|glob| glob.is_match(&text)) {
            return Some(0);
        }
        match &self.piece {
            None => suggest::distance(&self.whole, &text).map(|distance| distance.max(1)),
            Some((piece, place)) => {
                let (letters, most) = (piece.chars().count(), if *place == Place::Start { 1 } else { self.parts });
                let starts = text.char_indices().map(|(at, _)| text.get(at..).unwrap_or_default());
                let full = |rest: &&str| rest.chars().nth(letters - 1).is_some();
                let parts = starts.take_while(full).take(most);
                let distances = parts.map(|rest| {
                    self.parts = self.parts.saturating_sub(1);
                    strsim::osa_distance(piece, &rest.chars().take(letters).collect::<String>()).max(1)
                });
                distances.min().filter(|distance| *distance <= (letters / 4).max(1))
            }
        }
    }
}

/// Returns a text without differences of case, and without blanks and invisible characters at its ends.
fn folded(text: &str) -> String {
    let text = composed(text);
    let text = match text.split_once('=') {
        Some((label, value)) => format!("{}={}", trimmed(label), trimmed(value)),
        None => trimmed(&text).to_owned(),
    };
    text.to_lowercase()
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// Tells whether a character is a blank or invisible.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_invisible(character)
}

#[cfg(test)]
mod tests;
