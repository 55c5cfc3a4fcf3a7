//! Words of a command line that somebody will paste into a shell.

use std::borrow::Cow;
use std::path::Path;

/// Quotes a word for a POSIX shell where it needs it.
#[must_use]
pub fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |ch: char| ch.is_ascii_alphanumeric() || "_-./:@%+=,".contains(ch);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}

/// Writes a path so that a shell takes it for one word and a program for no option; `None` where it is not UTF-8.
pub(super) fn path(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    Some(if text.starts_with('-') { quoted(&format!("./{text}")).into_owned() } else { quoted(text).into_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_where_a_shell_would_see_more_than_a_word() {
        let table = [
            ("plan.report.json", "plan.report.json"),
            ("/var/log/a-b_c.json", "/var/log/a-b_c.json"),
            ("two words.json", "'two words.json'"),
            ("it's", r"'it'\''s'"),
            ("$HOME;rm", "'$HOME;rm'"),
            ("~x", "'~x'"),
            ("名前.json", "'名前.json'"),
            ("", "''"),
        ];
        for (word, expected) in table {
            assert_eq!(quoted(word), expected);
        }
    }
}
