//! Words of a command line for a POSIX shell.

use std::borrow::Cow;

/// Quotes a word for a POSIX shell where it needs it.
#[must_use]
pub fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |ch: char| ch.is_ascii_alphanumeric() || "_-./:@%+=,".contains(ch);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
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
