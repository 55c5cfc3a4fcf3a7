//! Texts from plans, services and command lines, made safe to show: every character is visible.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::io;

use icu_properties::CodePointMapData;
use icu_properties::CodePointSetData;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, NoncharacterCodePoint};
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// Shows a text with invisible and misleading characters escaped: those that move the cursor, change colours, reorder
/// what is read, take no room, or look like a plain blank.
#[derive(Debug, Clone, Copy)]
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ch in self.0.chars() {
            match ch {
                ch if !is_invisible(ch) => f.write_char(ch)?,
                '\n' | '\r' | '\t' => write!(f, "{}", ch.escape_default())?,
                ch => write!(f, "{}", ch.escape_unicode())?,
            }
        }
        Ok(())
    }
}

/// Tells whether a character is invisible or misleading: controls, format characters, separators other than the plain
/// blank, private ones, and those that are ignored if they are unknown, such as variation selectors and fillers.
pub(crate) fn is_invisible(ch: char) -> bool {
    if ch.is_ascii() {
        return ch.is_ascii_control();
    }
    // Of no special category, and yet as empty as a blank.
    const BRAILLE_BLANK: char = '\u{2800}';
    let category = CodePointMapData::<GeneralCategory>::new().get(ch);
    matches!(
        category,
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::SpaceSeparator
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
    ) || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(ch)
        || CodePointSetData::new::<NoncharacterCodePoint>().contains(ch)
        || ch == BRAILLE_BLANK
}

/// Returns a text of several lines with each of them escaped.
#[must_use]
pub fn escaped_lines(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|ch| ch != '\n' && is_invisible(ch)) {
        return Cow::Borrowed(text);
    }
    let lines: Vec<_> = text.split('\n').map(|line| Escaped(line).to_string()).collect();
    Cow::Owned(lines.join("\n"))
}

/// Writes a value as one line of JSON with invisible characters escaped: programs read the same, and a terminal shows
/// them.
///
/// # Errors
///
/// Fails if the value has no form in JSON, and passes on what the writer meets.
pub fn write_json_line(out: &mut (impl io::Write + ?Sized), value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, OneLine))?;
    out.write_all(b"\n")
}

/// Lays out JSON on one line.
struct OneLine;

impl Formatter for OneLine {
    fn write_string_fragment<W: io::Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_json_fragment(writer, fragment)
    }
}

/// Writes a part of a text in JSON, with invisible characters escaped.
pub(crate) fn write_json_fragment<W: io::Write + ?Sized>(writer: &mut W, fragment: &str) -> io::Result<()> {
    let mut rest = fragment;
    while let Some((at, ch)) = rest.char_indices().find(|(_, ch)| is_invisible(*ch)) {
        writer.write_all(rest.get(..at).unwrap_or_default().as_bytes())?;
        ch.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(writer, "\\u{unit:04x}"))?;
        rest = rest.get(at + ch.len_utf8()..).unwrap_or_default();
    }
    writer.write_all(rest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_is_not_seen_as_it_is() {
        let table = [
            ("plain_id/ä 名前 🚀 e\u{301}", "plain_id/ä 名前 🚀 e\u{301}"),
            ("\u{1b}[2Jgone", "\\u{1b}[2Jgone"),
            ("two\r\nlines\t.", "two\\r\\nlines\\t."),
            ("c1 \u{9b}31m", "c1 \\u{9b}31m"),
            ("bidi \u{202e}txt", "bidi \\u{202e}txt"),
            ("zero\u{200b}width", "zero\\u{200b}width"),
            ("soft\u{ad}hyphen", "soft\\u{ad}hyphen"),
            ("no-break\u{a0}", "no-break\\u{a0}"),
            ("filler\u{3164}\u{ffa0}\u{115f}", "filler\\u{3164}\\u{ffa0}\\u{115f}"),
            ("tag\u{e0041}", "tag\\u{e0041}"),
            ("selector\u{fe0f}\u{e0100}", "selector\\u{fe0f}\\u{e0100}"),
            ("joined 👩\u{200d}🚒", "joined 👩\\u{200d}🚒"),
            ("own\u{e000}none\u{ffff}", "own\\u{e000}none\\u{ffff}"),
            ("braille\u{2800}", "braille\\u{2800}"),
        ];
        for (text, shown) in table {
            assert_eq!(Escaped(text).to_string(), shown);
        }
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(escaped_lines("a\n\tb\u{202e}\n"), "a\n\\tb\\u{202e}\n");
        assert!(matches!(escaped_lines("a\nb"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_says_the_same_and_every_character_of_it_is_seen() {
        let all: String = (0..=0x0010_ffff).filter_map(char::from_u32).collect();
        let value = serde_json::json!({"plain ä 名前 🚀": [all, "\u{202e}", 1]});
        let mut line = Vec::new();
        write_json_line(&mut line, &value).unwrap();
        let line = String::from_utf8(line).unwrap();
        assert!(!line.strip_suffix('\n').unwrap().chars().any(is_invisible));
        assert!(line.contains("plain ä 名前 🚀") && line.contains(r#""\u202e""#));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&line).unwrap(), value);
    }

    #[test]
    fn what_is_harmless_stays_so() {
        let all: String = (0..=0x0010_ffff).filter_map(char::from_u32).collect();
        let shown = Escaped(&all).to_string();
        assert!(!shown.chars().any(is_invisible));
        assert_eq!(Escaped(&shown).to_string(), shown);
    }
}
