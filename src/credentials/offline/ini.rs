//! Reads ini files, more leniently than any one of the vendors' SDKs, and more strictly where two of them differ.
//!
//! `=` or `:` ends a key; keys have no case; whole lines may be comments; nothing is interpolated; a value may stand in
//! quotation marks.

use super::fields::{Fields, Value};

/// A section.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) name: String,
    /// The line of its name.
    pub(super) line: usize,
    pub(super) fields: Fields,
}

/// Where a file is broken, and what was expected there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct IniFault {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) expected: &'static str,
}

/// Reads the sections of an ini file, in order; the names of their fields are in lower case.
pub(super) fn parse(text: &str) -> Result<Vec<Section>, IniFault> {
    let mut sections: Vec<Section> = Vec::new();
    for (index, whole) in text.lines().enumerate() {
        let content = whole.trim();
        let line = index + 1;
        let column = whole.len() - whole.trim_start().len() + 1;
        let fault = |expected| IniFault { line, column, expected };
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if let Some(head) = content.strip_prefix('[') {
            let name = head.strip_suffix(']').ok_or(fault("expected `]` at the end of the line"))?.trim().to_owned();
            if sections.iter().any(|section| section.name == name) {
                return Err(fault("expected each section once"));
            }
            sections.push(Section { name, line, fields: Fields::default() });
            continue;
        }
        let section = sections.last_mut().ok_or(fault("expected `[section]` first"))?;
        let (key, value) = content.split_once(['=', ':']).ok_or(fault("expected `key = value`"))?;
        let key = key.trim().to_lowercase();
        if key.is_empty() {
            return Err(fault("expected `key = value`"));
        }
        if !section.fields.insert(key, Value::Text(unquoted(value.trim()).into())) {
            return Err(fault("expected each key once in a section"));
        }
    }
    Ok(sections)
}

/// Returns a value without the quotation marks around it.
fn unquoted(value: &str) -> &str {
    let within = |mark| value.strip_prefix(mark)?.strip_suffix(mark);
    within('"').or_else(|| within('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_vendors_readers_take_is_taken() {
        let text = "# mine\r\n[default]\r\nType: access_key\r\n ACCESS_KEY_ID = \"LTAI5tOps\"\r\n; no\r\n\
                    access_key_secret='a#b;c%d=e'\r\nempty =\r\n\r\n[ other ]\r\nurl = https://host:1/?a=b\nquote = \"\n";
        let sections = parse(text).unwrap();
        let [first, other] = sections.as_slice() else { panic!("two sections") };
        assert_eq!((first.name.as_str(), first.line, other.name.as_str(), other.line), ("default", 2, "other", 9));
        let get = |name| first.fields.get(name);
        assert_eq!(get("type"), Some("access_key"));
        assert_eq!(get("access_key_id"), Some("LTAI5tOps"));
        assert_eq!(get("access_key_secret"), Some("a#b;c%d=e"));
        assert_eq!(get("empty"), None);
        assert_eq!(other.fields.get("url"), Some("https://host:1/?a=b"));
        assert_eq!(other.fields.get("quote"), Some("\""));
        assert!(parse("").unwrap().is_empty());
    }

    #[test]
    fn a_fault_has_its_place() {
        for (text, line, column, expected) in [
            ("a = b", 1, 1, "expected `[section]` first"),
            ("[a]\n\n  hush", 3, 3, "expected `key = value`"),
            ("[a]\n= hush", 2, 1, "expected `key = value`"),
            ("[a\nb = c", 1, 1, "expected `]` at the end of the line"),
            ("[a]\nb = c\n[a]", 3, 1, "expected each section once"),
            ("[a]\nb = c\nB: d", 3, 1, "expected each key once in a section"),
        ] {
            assert_eq!(parse(text).unwrap_err(), IniFault { line, column, expected }, "{text}");
        }
    }
}
