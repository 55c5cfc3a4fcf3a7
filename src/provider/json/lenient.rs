//! Makes JSON of a text that nearly is: services pass on texts of others, and some of those break it.
//!
//! What is mended is what stands in texts and bare words: half a surrogate pair, an escape that there is not, a control
//! character, a number that is none. No character is left out, so that a mended text is never equal to a sound one.
//! Structure is not mended: what is cut short or has a comma too many stays unreadable.

use std::fmt::Write;

/// What stands for a character that cannot be.
const NO_CHARACTER: &str = "\\ufffd";

/// Returns a copy with sound texts and bare words.
pub(super) fn mended(text: &str) -> String {
    let mut to = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '"' => string(rest, &mut to),
            first if is_structure(first) => {
                to.push(first);
                rest.get(1..).unwrap_or_default()
            }
            _ => word(rest, &mut to),
        };
    }
    to
}

const fn is_structure(c: char) -> bool {
    matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | ' ' | '\t' | '\r' | '\n')
}

/// Copies a bare word; one that JSON does not have says nothing. Returns what follows.
fn word<'t>(text: &'t str, to: &mut String) -> &'t str {
    let end = text.find(|c: char| c == '"' || is_structure(c)).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let is_sound = serde_json::from_str::<serde_json::Value>(word).is_ok();
    to.push_str(if is_sound { word } else { "null" });
    rest
}

/// Copies a text in quotation marks. Returns what follows.
fn string<'t>(text: &'t str, to: &mut String) -> &'t str {
    to.push('"');
    let mut rest = text.get(1..).unwrap_or_default();
    loop {
        let special = rest.find(|c: char| c == '"' || c == '\\' || c < ' ').unwrap_or(rest.len());
        let (plain, after) = rest.split_at(special);
        to.push_str(plain);
        let Some(first) = after.chars().next() else { return after };
        rest = after.get(1..).unwrap_or_default();
        match first {
            '"' => {
                to.push('"');
                return rest;
            }
            '\\' => rest = escape(rest, to),
            control => write!(to, "\\u{:04x}", u32::from(control)).unwrap_or_default(),
        }
    }
}

/// Copies what follows a backslash. Returns what follows that.
fn escape<'t>(text: &'t str, to: &mut String) -> &'t str {
    match text.chars().next() {
        Some(known @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
            to.push('\\');
            to.push(known);
            text.get(1..).unwrap_or_default()
        }
        Some('u') => unicode(text, to),
        // It stays a backslash, and whatever follows it speaks for itself.
        Some(_) => {
            to.push_str("\\\\");
            text
        }
        None => {
            to.push('\\');
            text
        }
    }
}

/// Copies `u` and four digits, or a pair of them. Returns what follows.
fn unicode<'t>(text: &'t str, to: &mut String) -> &'t str {
    let low = || digits(text.get(5..)?.strip_prefix('\\')?);
    let (is_sound, length) = match digits(text) {
        None => (false, 1),
        Some(0xd800..0xdc00) if matches!(low(), Some(0xdc00..0xe000)) => (true, 11),
        Some(0xd800..0xe000) => (false, 5),
        Some(_) => (true, 5),
    };
    let (escape, rest) = text.split_at(length);
    if is_sound {
        to.push('\\');
        to.push_str(escape);
    } else {
        to.push_str(NO_CHARACTER);
    }
    rest
}

/// Reads `u` and four hexadecimal digits.
fn digits(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('u')?.get(..4)?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::mended;

    #[test]
    fn what_is_wrong_in_a_text_is_replaced() {
        for (text, wanted) in [
            (r#"{"a": "\ud800"}"#, r#"{"a": "\ufffd"}"#),
            (r#"{"a": "\udc00\ud83d\ude00"}"#, r#"{"a": "\ufffd\ud83d\ude00"}"#),
            (r#"{"a": "\ud83d\u0041"}"#, r#"{"a": "\ufffd\u0041"}"#),
            (r#"{"a": "\uZZ"}"#, r#"{"a": "\ufffdZZ"}"#),
            (r#"{"a": "C:\xtemp\n"}"#, r#"{"a": "C:\\xtemp\n"}"#),
            ("{\"a\": \"two\nlines\u{1}\"}", r#"{"a": "two\u000alines\u0001"}"#),
            (r#"{"a": NaN, "b": 01, "c": 1e999, "d": -1.5e3}"#, r#"{"a": null, "b": null, "c": null, "d": -1.5e3}"#),
            (r#"{"a": tru, "b": true}"#, r#"{"a": null, "b": true}"#),
        ] {
            assert_eq!(mended(text), wanted);
            assert!(serde_json::from_str::<serde_json::Value>(wanted).is_ok(), "{wanted}");
        }
    }

    #[test]
    fn what_is_cut_short_stays_so() {
        for text in [r#"{"a": "b"#, r#"{"a": "b\"#, r#"{"a": "b\u00"#, r#"{"a""#, "{", r#"{"a": 1,}"#] {
            assert!(serde_json::from_str::<serde_json::Value>(&mended(text)).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn sound_json_stays_as_it_is(text in "[a-z\\\\\"\u{e9}\u{1f600}\n]{0,20}", number in any::<f64>()) {
            let sound = serde_json::json!({text.as_str(): [text.as_str(), number, null_or(number)]}).to_string();
            prop_assert_eq!(mended(&sound), sound);
        }

        #[test]
        fn anything_is_read_to_its_end(text in "[\\\\u\"{}a-f0-9\u{e9}\u{1}\u{c}dD]{0,40}") {
            let _ = mended(&text);
        }
    }

    fn null_or(number: f64) -> Option<bool> {
        (number > 0.0).then_some(true)
    }
}
