//! Splits a command into its program and arguments, as the vendors' tools do: no shell takes part.

/// Why a text is no command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CommandError {
    /// It has no word.
    #[error("it names no program")]
    Empty,
    /// A quote is not closed.
    #[error("a quote is not closed")]
    OpenQuote,
    /// It ends in a backslash.
    #[error("it ends in a backslash")]
    OpenEscape,
}

/// Splits a command at its blanks. Quotes group a word, and a backslash takes the next character as it is; in double
/// quotes only before `"`, `\`, `$`, `` ` `` and a line break. On Windows a backslash separates folders: it only escapes
/// `"` in double quotes.
///
/// # Errors
///
/// Fails if there is no program, or if a quote or a backslash at the end leaves the last word open.
pub(crate) fn command_words(command: &str) -> Result<Vec<String>, CommandError> {
    split(command, cfg!(windows))
}

fn split(command: &str, is_windows: bool) -> Result<Vec<String>, CommandError> {
    let mut words = Vec::new();
    // The word so far: `Some` as soon as it has begun, for quotes can make it empty.
    let mut word: Option<String> = None;
    let mut rest = command.chars();
    while let Some(next) = rest.next() {
        match next {
            '\'' => {
                let (quoted, after) = rest.as_str().split_once('\'').ok_or(CommandError::OpenQuote)?;
                word.get_or_insert_default().push_str(quoted);
                rest = after.chars();
            }
            '"' => rest = double_quoted(rest.as_str(), is_windows, word.get_or_insert_default())?.chars(),
            '\\' if !is_windows => word.get_or_insert_default().push(rest.next().ok_or(CommandError::OpenEscape)?),
            blank if blank.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    if words.first().is_none_or(String::is_empty) { Err(CommandError::Empty) } else { Ok(words) }
}

/// Adds what stands in double quotes to a word, and returns what follows them.
fn double_quoted<'t>(text: &'t str, is_windows: bool, word: &mut String) -> Result<&'t str, CommandError> {
    let escaped = if is_windows { &['"'][..] } else { &['"', '\\', '$', '`', '\n'] };
    let mut rest = text.chars();
    while let Some(next) = rest.next() {
        match next {
            '"' => return Ok(rest.as_str()),
            '\\' => {
                let mut ahead = rest.clone();
                let taken = ahead.next().filter(|next| escaped.contains(next));
                word.push(taken.unwrap_or('\\'));
                if taken.is_some() {
                    rest = ahead;
                }
            }
            other => word.push(other),
        }
    }
    Err(CommandError::OpenQuote)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_a_posix_shell() {
        for (command, expected) in [
            ("get-keys", &["get-keys"][..]),
            ("  get-keys\t--for ops \n", &["get-keys", "--for", "ops"]),
            (r#"'a b' "c d" e"f g"'h i'"#, &["a b", "c d", "ef gh i"]),
            (r"a\ b \'c \\", &["a b", "'c", r"\"]),
            (r#""a\"b\\c\$d\`e\f""#, &[r#"a"b\c$d`e\f"#]),
            (r"'a\b'", &[r"a\b"]),
            (r#"a "" '' b"#, &["a", "", "", "b"]),
            ("echo $HOME;ls *|cat", &["echo", "$HOME;ls", "*|cat"]),
            ("名 前", &["名", "前"]),
        ] {
            assert_eq!(split(command, false).unwrap(), expected, "{command}");
        }
    }

    #[test]
    fn a_backslash_is_a_character_on_windows() {
        for (command, expected) in [
            (r"C:\bin\keys.exe a\b", &[r"C:\bin\keys.exe", r"a\b"][..]),
            (r#""C:\Program Files\keys.exe" "a\"b" 'c d'"#, &[r"C:\Program Files\keys.exe", r#"a"b"#, "c d"]),
            (r"keys \", &["keys", r"\"]),
        ] {
            assert_eq!(split(command, true).unwrap(), expected, "{command}");
        }
    }

    #[test]
    fn open_and_empty_commands_are_refused() {
        for (command, expected) in [
            ("", CommandError::Empty),
            (" \t ", CommandError::Empty),
            ("'' a", CommandError::Empty),
            ("a 'b", CommandError::OpenQuote),
            ("a \"b", CommandError::OpenQuote),
            (r#"a "b\""#, CommandError::OpenQuote),
            (r"a b\", CommandError::OpenEscape),
        ] {
            assert_eq!(split(command, false), Err(expected), "{command}");
        }
    }
}
