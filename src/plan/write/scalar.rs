//! Texts as YAML scalars that are read as these texts and as nothing else.

use std::fmt::{self, Write};
use std::time::Duration;

use crate::base::escape::is_invisible;
use crate::plan::units;

/// What YAML takes for a flag or for nothing, in one of its versions.
const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

/// A text in the place of a value: `${` is escaped, since a plan's values have variables.
pub(super) struct Text<'a>(pub(super) &'a str);

/// A text in the place of a key, where a plan has no variables.
pub(super) struct Key<'a>(pub(super) &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains("${") { quoted(&self.0.replace("${", "$${"), f) } else { Key(self.0).fmt(f) }
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_plain(self.0) { f.write_str(self.0) } else { quoted(self.0, f) }
    }
}

/// Writes a duration, which may be finer than those that people write.
pub(super) fn duration(time: Duration) -> String {
    if time.subsec_nanos().is_multiple_of(1_000_000) { units::show(time) } else { format!("{}ns", time.as_nanos()) }
}

/// Tells whether every YAML parser takes a text for itself without quotes, also inside of brackets.
fn is_plain(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./@".contains(&byte))
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Writes a text in double quotes, on one line and with every character visible.
fn quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for ch in text.chars() {
        match ch {
            '"' | '\\' => write!(f, "\\{ch}")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            ch if !is_invisible(ch) => f.write_char(ch)?,
            ch => write!(f, "\\U{:08x}", u32::from(ch))?,
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_misread_is_quoted() {
        let table = [
            ("etl-orders", "etl-orders"),
            ("a_b.c/d@e", "a_b.c/d@e"),
            ("sync:0f6c", "\"sync:0f6c\""),
            ("0123", "\"0123\""),
            ("1e3", "\"1e3\""),
            ("~", "\"~\""),
            ("NULL", "\"NULL\""),
            ("yes", "\"yes\""),
            ("Off", "\"Off\""),
            ("", "\"\""),
            ("- {x: \"é\n", "\"- {x: \\\"é\\n\""),
            ("a\u{85}b\u{2028}\u{feff}", "\"a\\U00000085b\\U00002028\\U0000feff\""),
            ("\u{1f600} #", "\"\u{1f600} #\""),
            ("${A}", "\"$${A}\""),
            ("$${A}$", "\"$$${A}$\""),
            ("$A", "\"$A\""),
        ];
        for (text, expected) in table {
            assert_eq!(Text(text).to_string(), expected);
        }
        assert_eq!(Key("${A}").to_string(), "\"${A}\"");
    }
}
