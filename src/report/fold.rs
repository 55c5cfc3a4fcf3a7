//! Folds lines for a terminal: at blanks, with what follows indented, and long ids without their middle.

use textwrap::{Options, WordSeparator, WordSplitter};

use crate::report::width::{columns, squeezed};

/// The narrowest width that lines are folded to; below it, the terminal wraps them.
const NARROWEST: usize = 16;

/// How much further the rest of a line is indented.
const HANGING: usize = 2;

/// Returns the text with no line wider than `width` columns; 16 at least.
#[must_use]
pub fn folded(text: &str, width: usize) -> String {
    text.lines().map(|line| one(line, width.max(NARROWEST)) + "\n").collect()
}

/// Returns the text with its lines folded at blanks; a word that is wider than `width` columns stays whole, such as a
/// path that somebody will copy.
#[must_use]
pub fn wrapped(text: &str, width: usize) -> String {
    let lines = text.lines().map(|line| match columns(line) <= width {
        true => line.to_owned(),
        false => filled(line, width.max(NARROWEST)),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Folds one line without changing its words.
fn filled(line: &str, width: usize) -> String {
    let text = line.trim_start();
    let indent = (line.len() - text.len()).min(width / 4);
    let (first, rest) = (" ".repeat(indent), " ".repeat(indent + HANGING));
    let options = Options::new(width)
        .initial_indent(&first)
        .subsequent_indent(&rest)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

fn one(line: &str, width: usize) -> String {
    let text = line.trim_start();
    let indent = (line.len() - text.len()).min(width / 4);
    let most = width - indent - HANGING;
    // Words with escape sequences are words of this program, and short.
    let words = text.split(' ').map(|word| if word.contains('\u{1b}') { word.into() } else { squeezed(word, most) });
    let words: Vec<_> = words.collect();
    if columns(line) <= width {
        return line.to_owned();
    }
    filled(&format!("{}{}", " ".repeat(indent), words.join(" ")), width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_at_blanks_and_squeezes_ids() {
        let table = [
            ("short", 20, "short\n"),
            ("", 20, ""),
            ("two lines\nthat fit", 20, "two lines\nthat fit\n"),
            ("  12  stopped by this very run", 20, "  12  stopped by\n    this very run\n"),
            ("    fnf_execution:etl-orders/run-0020, a", 20, "    fnf_exe…-0020, a\n"),
            ("    名前名前名前名前名前名前 b", 20, "    名前名…前名前 b\n"),
            ("\u{1b}[1m12 failed\u{1b}[0m because of this", 20, "\u{1b}[1m12 failed\u{1b}[0m because of\n  this\n"),
        ];
        for (text, width, wanted) in table {
            assert_eq!(folded(text, width), wanted);
        }
    }

    #[test]
    fn wraps_at_blanks_and_leaves_words_whole() {
        let path = "/srv/a-path-that-is-wider-than-all-of-the-terminal/plan.report.json";
        let table = [
            ("short".to_owned(), "short".to_owned()),
            (
                "error: it is what it is\n  hint: do something else".to_owned(),
                "error: it is what it\n  is\n  hint: do something\n    else".to_owned(),
            ),
            (format!("error: {path} is there"), format!("error:\n  {path}\n  is there")),
        ];
        for (text, wanted) in table {
            assert_eq!(wrapped(&text, 20), wanted);
        }
    }

    #[test]
    fn no_line_is_too_wide() {
        let text =
            "      5 failed: denied, AccessDenied: no permission for acs:fnf:cn-hangzhou:1865410598556969:flow/etl";
        for width in NARROWEST..120 {
            let folded = folded(text, width);
            assert!(folded.lines().all(|line| columns(line) <= width), "{width}: {folded}");
        }
    }
}
