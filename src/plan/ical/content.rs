//! Content lines: a name, parameters and a value; long ones are folded over several lines.

use super::problem::Problem;

/// One content line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The number of its first line in the file, from 1.
    pub(super) number: u32,
    /// In upper case.
    pub(super) name: String,
    /// Names in upper case, and values without quotes.
    params: Vec<(String, String)>,
    pub(super) value: String,
}

impl Line {
    /// Returns the value of a parameter.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Returns a problem with this line.
    pub(super) fn problem(&self, title: impl Into<String>) -> Problem {
        Problem::new(self.number, title)
    }
}

/// Returns the content lines of a file one by one; a byte-order mark and empty lines are left out.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = Result<Line, Problem>> + use<> {
    unfolded(bytes).into_iter().map(|(number, bytes)| {
        let text = String::from_utf8(bytes).map_err(|error| {
            let byte = error.as_bytes().get(error.utf8_error().valid_up_to()).copied().unwrap_or_default();
            Problem::new(number, format!("the byte 0x{byte:02x} is not UTF-8")).hint("save the file as UTF-8")
        })?;
        line(number, &text)
            .ok_or_else(|| Problem::new(number, "this is no line of iCalendar: it has no name and colon"))
    })
}

/// Joins the lines that begin with a blank to those before. A character of several bytes may be folded, too.
fn unfolded(bytes: &[u8]) -> Vec<(u32, Vec<u8>)> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut lines: Vec<(u32, Vec<u8>)> = Vec::new();
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line, lines.last_mut()) {
            ([b' ' | b'\t', rest @ ..], Some((_, last))) => last.extend(rest),
            (line, _) if line.trim_ascii().is_empty() => {}
            (line, _) => lines.push((number, line.to_vec())),
        }
    }
    lines
}

/// Reads `NAME;PARAM=VALUE;PARAM="VALUE":VALUE`.
fn line(number: u32, text: &str) -> Option<Line> {
    let mut is_quoted = false;
    let mut ends = text.char_indices().filter(|(_, ch)| {
        is_quoted ^= *ch == '"';
        !is_quoted && matches!(ch, ';' | ':')
    });
    let (mut from, mut parts) = (0, Vec::new());
    let value = loop {
        let (at, ch) = ends.next()?;
        parts.push(text.get(from..at)?);
        from = at + 1;
        if ch == ':' {
            break text.get(from..)?;
        }
    };
    let (name, params) = parts.split_first()?;
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|ch| ch.is_ascii_alphanumeric() || ch == '-');
    let param = |part: &&str| {
        let (name, value) = part.split_once('=')?;
        is_name(name).then(|| (name.to_ascii_uppercase(), value.trim_matches('"').to_owned()))
    };
    let params = params.iter().map(param).collect::<Option<_>>()?;
    is_name(name).then(|| Line { number, name: name.to_ascii_uppercase(), params, value: value.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u32, String, String)> {
        let lines = lines(text.as_bytes()).map(Result::unwrap);
        lines.map(|line| (line.number, line.name, line.value)).collect()
    }

    #[test]
    fn folded_lines_are_one() {
        let all = read("\u{feff}SUMMARY:New\r\n  Year\r\n\t's Day\r\n\r\nuid:1\n");
        let expected = [(1, "SUMMARY", "New Year's Day"), (5, "UID", "1")];
        assert_eq!(all, expected.map(|(number, name, value)| (number, name.to_owned(), value.to_owned())));
        // Within a character.
        let (before, after) = "SUMMARY:é".as_bytes().split_at(9);
        let folded = [before, b"\r\n ", after].concat();
        assert_eq!(lines(&folded).next().unwrap().unwrap().value, "é");
    }

    #[test]
    fn parameters_may_be_quoted() {
        let line = line(1, r#"dtstart;tzid="A:B;C";value=DATE-TIME:20261225T080000"#).unwrap();
        assert_eq!(
            (line.param("TZID"), line.param("VALUE"), line.param("X")),
            (Some("A:B;C"), Some("DATE-TIME"), None)
        );
        assert_eq!(line.value, "20261225T080000");
    }

    #[test]
    fn what_is_no_line_is_refused() {
        for text in ["<!DOCTYPE html>", "BEGIN", ":x", "A B:c", "DTSTART;TZID:1", "A;=b:c", "A;\"b:c"] {
            assert_eq!(line(1, text), None, "{text}");
        }
        let latin = lines(b"BEGIN:VCALENDAR\nSUMMARY:caf\xe9\n").nth(1).unwrap().unwrap_err();
        assert_eq!((latin.line, &*latin.title), (2, "the byte 0xe9 is not UTF-8"));
    }
}
