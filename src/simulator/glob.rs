//! Globs, read and matched with the simulator's own code: `*`, `?`, `[ab]`, `[!ab]`, `{a,b}` and `\`.

use std::iter::Peekable;
use std::ops::RangeInclusive;
use std::str::Chars;

/// The most patterns without alternatives that one pattern may stand for.
const MOST: usize = 4096;

/// A pattern: any of several sequences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glob(Vec<Vec<Part>>);

/// What a place of a text may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Anything, also nothing.
    Many,
    /// Any character.
    One,
    /// This character.
    Only(char),
    /// A character that is, or is not, of these.
    Of(Vec<RangeInclusive<char>>, bool),
}

impl Glob {
    /// Reads a pattern; `None` where a bracket or brace is not closed.
    pub(super) fn read(pattern: &str) -> Option<Self> {
        let mut rest = pattern.chars().peekable();
        let all = sequence(&mut rest, 0)?;
        rest.next().is_none().then_some(Self(all))
    }

    /// Returns whether the whole of a text matches.
    pub(super) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        self.0.iter().any(|parts| is_match(parts, &text))
    }

    /// Returns the sequences of which a text must match one.
    pub(super) fn sequences(&self) -> &[Vec<Part>] {
        &self.0
    }
}

impl Part {
    /// Returns whether it stands for this one character.
    pub(super) fn is(&self, one: char) -> bool {
        match self {
            Self::Many | Self::One => true,
            Self::Only(only) => *only == one,
            Self::Of(ranges, is_negated) => ranges.iter().any(|range| range.contains(&one)) != *is_negated,
        }
    }
}

/// Reads up to the end of the pattern, or of the alternative that it is in.
fn sequence(rest: &mut Peekable<Chars<'_>>, depth: usize) -> Option<Vec<Vec<Part>>> {
    let mut all = vec![Vec::new()];
    while let Some(next) = rest.peek().copied() {
        if depth > 0 && (next == ',' || next == '}') {
            return Some(all);
        }
        rest.next();
        match next {
            '{' => {
                let choices = choices(rest, depth + 1)?;
                if all.len().checked_mul(choices.len())? > MOST {
                    return None;
                }
                let join =
                    |before: &Vec<Part>| choices.iter().map(|after| [&before[..], after].concat()).collect::<Vec<_>>();
                all = all.iter().flat_map(join).collect();
            }
            _ => {
                let part = part(next, rest)?;
                all.iter_mut().for_each(|parts| parts.push(part.clone()));
            }
        }
    }
    (depth == 0).then_some(all)
}

/// Reads the alternatives of a brace, and its end.
fn choices(rest: &mut Peekable<Chars<'_>>, depth: usize) -> Option<Vec<Vec<Part>>> {
    let mut choices = Vec::new();
    loop {
        choices.extend(sequence(rest, depth)?);
        if rest.next()? == '}' {
            return Some(choices);
        }
    }
}

fn part(first: char, rest: &mut Peekable<Chars<'_>>) -> Option<Part> {
    Some(match first {
        '*' => Part::Many,
        '?' => Part::One,
        '\\' => Part::Only(rest.next().unwrap_or('\\')),
        '[' => class(rest)?,
        only => Part::Only(only),
    })
}

/// Reads what is in brackets; the first character is never their end.
fn class(rest: &mut Peekable<Chars<'_>>) -> Option<Part> {
    let is_negated = matches!(rest.peek(), Some('!' | '^'));
    if is_negated {
        rest.next();
    }
    let mut ranges = Vec::new();
    let mut from = rest.next()?;
    loop {
        let mut to = from;
        if rest.peek() == Some(&'-') {
            rest.next();
            match rest.next()? {
                ']' => {
                    ranges.extend([from..=from, '-'..='-']);
                    return Some(Part::Of(ranges, is_negated));
                }
                end => to = end,
            }
        }
        ranges.push(from..=to);
        match rest.next()? {
            ']' => return Some(Part::Of(ranges, is_negated)),
            next => from = next,
        }
    }
}

/// Matches a sequence, going back to the last `*` where what follows it does not fit.
fn is_match(parts: &[Part], text: &[char]) -> bool {
    let (mut part, mut at) = (0, 0);
    let mut back = None;
    while let Some(one) = text.get(at) {
        match parts.get(part) {
            Some(Part::Many) => {
                part += 1;
                back = Some((part, at));
            }
            Some(fitting) if fitting.is(*one) => (part, at) = (part + 1, at + 1),
            Some(_) | None => match back {
                Some((after, from)) => {
                    (part, at) = (after, from + 1);
                    back = Some((after, from + 1));
                }
                None => return false,
            },
        }
    }
    parts.iter().skip(part).all(|part| *part == Part::Many)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_text_must_match() {
        for (pattern, yes, no) in [
            ("etl", vec!["etl"], vec!["etl-1", "an etl", "ETL", ""]),
            ("etl-*", vec!["etl-", "etl-a/b", "etl-中\n"], vec!["etl", "xetl-"]),
            ("*a*b", vec!["ab", "xaab", "a-b-b"], vec!["aba", "b"]),
            ("r?n", vec!["run", "r中n"], vec!["rn", "ruun"]),
            ("[a-c!]x[!0-9]", vec!["bxy", "!x-"], vec!["dxy", "bx7", "bx"]),
            ("[]a-]", vec!["]", "a", "-"], vec!["b", ""]),
            ("{test,dev}-{1,{2,3}x}", vec!["test-1", "dev-3x"], vec!["test-3", "prod-1", "test-"]),
            ("a{,b}c", vec!["ac", "abc"], vec!["abbc"]),
            (r"\*\{\\x", vec![r"*{\x"], vec!["a{x"]),
            ("a,b}", vec!["a,b}"], vec!["a"]),
            ("", vec![""], vec!["a"]),
        ] {
            let glob = Glob::read(pattern).unwrap_or_else(|| panic!("{pattern} is a pattern"));
            assert!(yes.iter().all(|text| glob.matches(text)), "{pattern} matches {yes:?}");
            assert!(!no.iter().any(|text| glob.matches(text)), "{pattern} matches none of {no:?}");
        }
    }

    #[test]
    fn what_is_not_closed_is_no_pattern() {
        for pattern in ["[a", "[", "[!", "{a", "{a,b", "{a,{b}", "[a-"] {
            assert_eq!(Glob::read(pattern), None, "{pattern}");
        }
    }
}
