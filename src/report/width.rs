//! Texts cut to a number of columns, as terminals count them: some characters take two, some none.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Stands for what was cut away; one column wide.
const GAP: char = '…';

/// Returns how many columns a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// Returns a text without what does not fit into `most` columns at its end.
pub(super) fn clipped(text: &str, most: usize) -> Cow<'_, str> {
    if columns(text) <= most {
        return Cow::Borrowed(text);
    }
    match most {
        0 => Cow::Borrowed(""),
        most => Cow::Owned(format!("{}{GAP}", head(text, most - 1))),
    }
}

/// Returns a text without what does not fit into `most` columns in its middle: ids differ at their ends.
pub(super) fn squeezed(text: &str, most: usize) -> Cow<'_, str> {
    if columns(text) <= most || most < 3 {
        return clipped(text, most);
    }
    let tail = (most - 1) / 2;
    Cow::Owned(format!("{}{GAP}{}", head(text, most - 1 - tail), end(text, tail)))
}

/// Returns a text with blanks behind it, `width` columns wide at least.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

fn head(text: &str, most: usize) -> &str {
    let end = first_beyond(text.char_indices(), most).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

fn end(text: &str, most: usize) -> &str {
    let start = first_beyond(text.char_indices().rev(), most).map_or(0, |(at, ch)| at + ch.len_utf8());
    text.get(start..).unwrap_or(text)
}

/// Returns the first character that does not fit into `most` columns with those before it.
fn first_beyond(mut chars: impl Iterator<Item = (usize, char)>, most: usize) -> Option<(usize, char)> {
    let mut used = 0;
    chars.find(|(_, ch)| {
        used += ch.width().unwrap_or(0);
        used > most
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_by_columns() {
        let table = [
            ("", 3, "", ""),
            ("abc", 3, "abc", "abc"),
            ("abcdef", 4, "abc…", "ab…f"),
            ("fnf_execution:etl/run-7", 9, "fnf_exec…", "fnf_…un-7"),
            ("名前は何", 5, "名前…", "名…何"),
            ("abcd", 2, "a…", "a…"),
            ("abcd", 1, "…", "…"),
            ("abcd", 0, "", ""),
        ];
        for (text, most, at_end, in_middle) in table {
            assert_eq!((&*clipped(text, most), &*squeezed(text, most)), (at_end, in_middle), "{text} to {most}");
            assert!(columns(&clipped(text, most)) <= most && columns(&squeezed(text, most)) <= most);
        }
    }

    #[test]
    fn pads_by_columns() {
        assert_eq!([padded("ab", 4), padded("名", 4), padded("abcde", 4)], ["ab  ", "名  ", "abcde"]);
    }
}
