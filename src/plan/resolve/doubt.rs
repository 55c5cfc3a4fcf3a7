//! Names of resources that are valid, but were certainly not meant.

use crate::plan::finding::Finding;
use crate::plan::near::is_blank;
use crate::plan::reader::{Reader, Text};

/// What spreadsheets write in place of a value that they could not compute.
const BROKEN: [&str; 7] = ["#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DIV/0!"];

/// Warns of an identifying field that was certainly not meant. It is sent as it is: the service decides.
pub(super) fn warn(name: &str, text: &Text<'_>, reader: &mut Reader<'_>) {
    // Nearly every name is made of these, and there may be a million of them.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b':' | b'@');
    if text.value.bytes().all(is_plain) {
        return;
    }
    if let Some((what, hint)) = doubt(&text.value, reader.variables.is_none()) {
        reader.found.push(Finding::warning(text.span, format!("`{name}` {what}")).hint(hint));
    }
}

/// Returns what is odd about a name, and a hint.
fn doubt(value: &str, is_verbatim: bool) -> Option<(&'static str, &'static str)> {
    const EXACT: &str = "a target names exactly one resource; use patterns only in `--only`, `--skip` and `protect`";
    const UNSEEN: &str = "remove it: it was probably pasted by mistake";
    const NUMBERS: &str = "format the column as text before you save it, and put the whole name in";
    let table: [(bool, &str, &str); 6] = [
        (value.contains(['*', '?']), "contains `*` or `?`, which is literal here", EXACT),
        (
            value.starts_with(is_blank) || value.ends_with(is_blank),
            "starts or ends with a blank or an invisible character",
            UNSEEN,
        ),
        (value.contains(is_unseen), "contains an invisible character or a no-break blank", UNSEEN),
        (is_rounded(value), "looks like a number that a spreadsheet has rounded", NUMBERS),
        (BROKEN.contains(&value), "is a spreadsheet's text for a missing value", NUMBERS),
        (
            is_verbatim && value.contains("${"),
            "contains `${`, which is literal in a `from` file",
            "put the value itself into the file",
        ),
    ];
    table.into_iter().find(|(applies, ..)| *applies).map(|(_, what, hint)| (what, hint))
}

/// Tells whether a character is invisible, or a blank that does not look like a space.
fn is_unseen(character: char) -> bool {
    !character.is_ascii() && is_blank(character)
}

/// Tells whether a text is a number as spreadsheets write long ones, such as `1.23E+12`.
fn is_rounded(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let Some(exponent) = exponent.strip_prefix('+') else { return false };
    let (whole, decimals) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    whole.len() == 1 && digits(whole) && digits(decimals) && digits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_names_are_distinguished_from_odd_ones() {
        for (value, what) in [
            ("*", "literal here"),
            ("etl-*", "literal here"),
            ("a?", "literal here"),
            ("j-1\u{a0}", "starts or ends"),
            ("\u{200b}j-1", "starts or ends"),
            ("j-1\u{feff}", "starts or ends"),
            ("j-1 ", "starts or ends"),
            ("j\u{200d}1", "invisible character"),
            ("a\u{a0}b", "invisible character"),
            ("1.23E+12", "rounded"),
            ("2,5E+15", "rounded"),
            ("4E+18", "rounded"),
            ("#N/A", "spreadsheet"),
            ("${JOB}", "literal in a"),
        ] {
            assert!(doubt(value, true).is_some_and(|(said, _)| said.contains(what)), "{value:?}");
        }
        for value in
            ["j-1", "a b", "名前", "null", "1e3", "0012", "1.5E12", "run:1/2", "a@b#c", "12E+3x", "{a}", "job[1]", "é"]
        {
            assert_eq!(doubt(value, true), None, "{value}");
        }
        assert_eq!(doubt("${JOB}", false), None, "in the plan it was written `$${{JOB}}`");
    }
}
