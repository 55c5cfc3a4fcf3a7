//! Cuts the lines that a diagnostic shows out of the source.

use super::tree::Span;
use crate::base::escape::{Escaped, escaped_lines, is_invisible};

/// One or a few neighbouring lines of the source, with the marks in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The number of the first mark's line, from 1.
    pub(super) line: usize,
    /// The number of the first mark's character in its line, from 1.
    pub(super) column: usize,
    /// The number of the text's first line, from 1.
    pub(super) first_line: usize,
    /// The lines; `None` if they are too long to be shown.
    pub(super) text: Option<String>,
    /// The marks; the first is the one that `line` and `column` are of.
    pub(super) marks: Vec<Mark>,
}

impl Excerpt {
    /// The beginning of a line whose text is not available or must not be shown.
    pub(super) const fn of_line(line: usize) -> Self {
        Self { line, column: 1, first_line: line, text: None, marks: Vec::new() }
    }

    /// Moves the place by that of the source in its file, line and column from 1, and drops the text.
    pub(super) fn place(self, line: usize, column: usize) -> Self {
        let column = if self.line == 1 { self.column + column - 1 } else { self.column };
        Self { column, ..Self::of_line(self.line + line - 1) }
    }

    /// Tells whether there are escapes before the first mark in its line.
    pub(super) fn is_shifted(&self) -> bool {
        let (text, start) =
            (self.text.as_deref().unwrap_or_default(), self.marks.first().map_or(0, |mark| mark.range.start));
        let line = text.get(..start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
        line.chars().count() + 1 != self.column
    }

    /// Escapes the unseen characters of the text, and moves its marks accordingly.
    fn harmless(mut self) -> Self {
        for mark in &mut self.marks {
            mark.label = escaped_lines(&mark.label).into_owned();
        }
        let Some(text) = self.text.take_if(|text| text.chars().any(is_escaped)) else { return self };
        let mut shown = String::with_capacity(text.len() + 16);
        // The place of each byte of the text in the escaped text.
        let mut places = Vec::with_capacity(text.len() + 1);
        for (at, ch) in text.char_indices() {
            places.resize(places.len() + ch.len_utf8(), shown.len());
            let is_byte_order_mark = ch == BYTE_ORDER_MARK && at == 0 && self.first_line == 1;
            match ch {
                _ if is_byte_order_mark => {}
                ch if is_escaped(ch) => shown.push_str(&Escaped(ch.encode_utf8(&mut [0; 4])).to_string()),
                ch => shown.push(ch),
            }
        }
        places.push(shown.len());
        for mark in &mut self.marks {
            let place = |at: usize| places.get(at).copied().unwrap_or(shown.len());
            mark.range = place(mark.range.start)..place(mark.range.end);
        }
        Self { text: Some(shown), ..self }
    }
}

/// Some editors write it at the start of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Tells whether a character is shown escaped; line breaks and tabs are for the renderer to deal with.
fn is_escaped(ch: char) -> bool {
    is_invisible(ch) && !matches!(ch, '\n' | '\r' | '\t')
}

/// An underlining.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// The bytes of the excerpt's text.
    pub(super) range: std::ops::Range<usize>,
    pub(super) label: String,
    /// Whether this is the error itself, not an explanation.
    pub(super) primary: bool,
}

/// A source whose lines can be found.
#[derive(Debug)]
pub(super) struct Lines<'s> {
    source: &'s str,
    /// Where each line starts.
    starts: Vec<usize>,
    /// Places that are not shown.
    masks: Vec<Span>,
}

impl<'s> Lines<'s> {
    /// Longer lines are not shown.
    const LONGEST: usize = 64 * 1024;
    /// Marks that are this many lines apart still share an excerpt.
    const NEAR: usize = 4;

    pub(super) fn of(source: &'s str, masks: Vec<Span>) -> Self {
        let starts = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { source, starts, masks }
    }

    /// Returns the excerpts for a place and those that explain it, the place itself first.
    pub(super) fn excerpts(&self, span: Span, label: String, related: Vec<(Span, String)>) -> Vec<Excerpt> {
        let mut groups = vec![vec![self.mark(span, label, true)]];
        for (span, label) in related {
            let mark = self.mark(span, label, false);
            let line = self.line_of(&mark);
            let near =
                |group: &&mut Vec<Mark>| group.iter().any(|other| self.line_of(other).abs_diff(line) <= Self::NEAR);
            match groups.iter_mut().find(near) {
                Some(group) => group.push(mark),
                None => groups.push(vec![mark]),
            }
        }
        groups.into_iter().filter_map(|group| self.excerpt(group)).collect()
    }

    /// Returns a mark whose range is one of the source.
    fn mark(&self, span: Span, label: String, primary: bool) -> Mark {
        let end_of_line = self.line(self.line_at(span.range().start)).end;
        // Only the first line of a longer place is underlined, and never less than one character.
        let in_characters = |offset: &usize| self.source.is_char_boundary(*offset);
        let start = (0..=span.range().start.min(end_of_line)).rev().find(in_characters).unwrap_or(0);
        let end = (span.range().end.max(start)..end_of_line).find(in_characters).unwrap_or(end_of_line);
        Mark { range: start..end, label, primary }
    }

    fn line_of(&self, mark: &Mark) -> usize {
        self.line_at(mark.range.start)
    }

    fn line_at(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Returns the bytes of a line, its line break left out.
    fn line(&self, index: usize) -> std::ops::Range<usize> {
        let start = self.starts.get(index).copied().unwrap_or(0);
        let end = self.starts.get(index + 1).copied().unwrap_or(self.source.len());
        let text = self.source.get(start..end).unwrap_or_default();
        start..start + text.trim_end_matches(['\n', '\r']).len()
    }

    fn excerpt(&self, mut marks: Vec<Mark>) -> Option<Excerpt> {
        let lines = marks.iter().map(|mark| self.line_of(mark));
        let (first, last) = (lines.clone().min()?, lines.max()?);
        let whole = self.line(first).start..self.line(last).end;
        let lead = marks.first()?;
        let line = self.line_of(lead);
        let before = self.source.get(self.line(line).start..lead.range.start).unwrap_or_default();
        let column = before.chars().filter(|character| *character != BYTE_ORDER_MARK).count() + 1;
        for mark in &mut marks {
            mark.range = mark.range.start - whole.start..mark.range.end - whole.start;
        }
        let text = (whole.len() <= Self::LONGEST).then(|| self.masked(whole));
        Some(Excerpt { line: line + 1, column, first_line: first + 1, text, marks }.harmless())
    }

    /// Returns a part of the source with everything under a mask replaced by stars, byte for byte.
    fn masked(&self, part: std::ops::Range<usize>) -> String {
        let mut text = self.source.get(part.clone()).unwrap_or_default().to_owned();
        for mask in &self.masks {
            let start = mask.range().start.clamp(part.start, part.end) - part.start;
            let end = mask.range().end.clamp(part.start, part.end) - part.start;
            if let Some(hidden) = text.get(start..end) {
                let stars: String =
                    hidden.chars().map(|c| if c == '\n' { "\n".into() } else { "*".repeat(c.len_utf8()) }).collect();
                text.replace_range(start..end, &stars);
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(source: &str, part: &str) -> Span {
        let start = source.find(part).unwrap();
        Span { start: u32::try_from(start).unwrap(), end: u32::try_from(start + part.len()).unwrap() }
    }

    #[test]
    fn near_places_share_an_excerpt_and_far_ones_do_not() {
        let source = "a: 1\nb: 2\r\nc: 3\n\n\n\n\n\n\n\nz: 4";
        let lines = Lines::of(source, Vec::new());
        let related = vec![(span(source, "a"), "near".into()), (span(source, "z"), "far".into())];
        let excerpts = lines.excerpts(span(source, "2"), "here".into(), related);
        let texts: Vec<_> = excerpts.iter().map(|excerpt| excerpt.text.as_deref().unwrap()).collect();
        assert_eq!(texts, ["a: 1\nb: 2", "z: 4"]);
        assert_eq!((excerpts[0].line, excerpts[0].column, excerpts[0].first_line), (2, 4, 1));
        assert_eq!(excerpts[1].line, 11);
    }

    #[test]
    fn masks_hide_what_may_be_secret() {
        let source = "k: sécret # x";
        let lines = Lines::of(source, vec![span(source, "sécret")]);
        let excerpts = lines.excerpts(span(source, "k"), String::new(), Vec::new());
        assert_eq!(excerpts[0].text.as_deref(), Some("k: ******* # x"));
    }

    #[test]
    fn unseen_characters_are_escaped_and_marks_stay_under_their_words() {
        let source = "\u{feff}a: \"x\u{202e}y\u{a0}z\"\r\n\tb: wrong";
        let lines = Lines::of(source, Vec::new());
        let related = vec![(span(source, "y"), String::new())];
        let excerpt = lines.excerpts(span(source, "wrong"), String::new(), related).remove(0);
        let text = excerpt.text.unwrap();
        assert_eq!(text, "a: \"x\\u{202e}y\\u{a0}z\"\r\n\tb: wrong");
        let marked: Vec<_> = excerpt.marks.iter().map(|mark| &text[mark.range.clone()]).collect();
        assert_eq!(marked, ["wrong", "y"]);
    }

    #[test]
    fn too_long_a_line_is_not_shown() {
        let source = format!("k: {}", "x".repeat(100_000));
        let excerpts = Lines::of(&source, Vec::new()).excerpts(span(&source, "k"), String::new(), Vec::new());
        assert_eq!(excerpts[0].text, None);
    }
}
