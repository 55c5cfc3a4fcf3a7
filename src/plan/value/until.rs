//! Patterns with the last day on which they count.

use globset::Glob;
use jiff::civil::Date;

use super::pattern::key_glob;
use crate::plan::finding::Finding;
use crate::plan::key::{Form, Takes};
use crate::plan::moment;
use crate::plan::reader::{Field, Reader};
use crate::plan::tree::Entry;

/// A pattern, its text as written, and its last day.
pub(in crate::plan) type PatternUntil = (Glob, String, Date);

/// Days by patterns, at least one.
pub(in crate::plan) const UNTIL: Form<Vec<PatternUntil>> = Form { takes: || Takes::Until, read: until };

fn until(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<PatternUntil>> {
    let entries = reader.entries(field)?;
    if entries.is_empty() {
        let finding = Finding::error(field.node.span, format!("{field} is empty"));
        reader.found.push(
            finding.hint("write a pattern and its last day, as in `{\"*payments*\": 2026-12-31}`, or omit the key"),
        );
        return None;
    }
    let read: Vec<_> = entries.iter().map(|entry| pattern(entry, reader)).collect();
    read.into_iter().collect()
}

fn pattern(entry: &Entry<'_>, reader: &mut Reader<'_>) -> Option<PatternUntil> {
    let name = entry.name();
    let glob = key_glob(&entry.key, name, reader);
    let day = day(Field { name, node: &entry.value }, reader);
    Some((glob?, name.to_owned(), day?))
}

fn day(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Date> {
    let text = reader.name(field)?;
    let day = moment::date(&text.value);
    if let Err(error) = day {
        let title = format!("{field} must be a day, not {text}: {error}");
        reader.wrong(text.span, title, Some("write the last day on which it protects, as in `2026-12-31`".into()));
    }
    day.ok()
}
