//! The command line, parsed.

use std::ffi::{OsStr, OsString};

use clap::Parser;
use clap::error::ErrorKind;

use crate::report::Escaped;

use super::value;

/// Parses the process's command line.
///
/// # Errors
///
/// Fails if help is requested or the command line is wrong. The error escapes the arguments that it repeats, and leaves
/// out the values of `--set`, which may be secret.
pub fn parse<P: Parser>() -> Result<P, clap::Error> {
    of(std::env::args_os().collect()).map_err(value::without_values)
}

fn of<P: Parser>(words: Vec<OsString>) -> Result<P, clap::Error> {
    let error = match P::try_parse_from(&words) {
        Ok(parsed) => return Ok(parsed),
        Err(error) => error,
    };
    let escaped: Vec<OsString> = words.iter().map(|word| harmless(word)).collect();
    if escaped == words {
        return Err(error);
    }
    // An error repeats arguments between its own colour codes, so the arguments are escaped before parsing.
    match P::try_parse_from(&escaped) {
        Err(error) => Err(error),
        Ok(_) => Err(P::command().error(ErrorKind::InvalidValue, "an argument has invisible characters")),
    }
}

fn harmless(word: &OsStr) -> OsString {
    // Invalid UTF-8 is shown as replacement characters anyway.
    word.to_str().map_or_else(|| word.to_owned(), |text| Escaped(text).to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;

    fn shown(words: &[&str]) -> String {
        let words = ["allstop"].iter().chain(words).map(OsString::from).collect();
        of::<Cli>(words).map(|_| ()).unwrap_err().render().ansi().to_string()
    }

    #[test]
    fn errors_show_unseen_characters_of_arguments() {
        for (words, wanted) in [
            (&["ch\u{202e}eck"][..], "ch\\u{202e}eck"),
            (&["check", "p", "--on\u{200b}ly", "x"], "--on\\u{200b}ly"),
            (&["check", "p", "a\u{1b}[31mb\n"], "a\\u{1b}[31mb\\n"),
            (&["run", "p", "--rate", "5\u{200b}/s"], "5\\u{200b}/s"),
            (&["run", "p", "--deadline", "5\u{1b}[2Jm"], "5\\u{1b}[2Jm"),
            (&["check", "p", "--kind", "drs\u{ad}_job"], "drs\\u{ad}_job"),
        ] {
            let shown = shown(words);
            assert!(shown.contains(wanted), "{shown:?}");
            let raw = words.iter().flat_map(|word| word.chars()).find(|ch| !ch.is_ascii() && shown.contains(*ch));
            assert_eq!(raw, None, "{shown:?}");
        }
    }

    #[test]
    fn an_error_that_only_raw_arguments_cause_does_not_repeat_them() {
        let reason = "\u{200b}".repeat(1001);
        let shown = shown(&["run", "p", "--reason", &reason]);
        assert!(shown.contains("expected 1 to 1000 characters") && !shown.contains('\u{200b}'), "{shown:?}");
    }
}
