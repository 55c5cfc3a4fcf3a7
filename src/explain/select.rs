//! The fields that `select` can name: what each is for every kind that has it, with the services' own names.

use super::entry::Entry;
use super::topic::Topic;
use crate::plan::format;
use crate::service::{Field, Kind};

pub(super) fn fields() -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for kind in Kind::all() {
        for field in kind.service().lister().selectable().fields {
            let detail = (kind.name, format!("{} (`{}`)", field.about, field.vendor).into());
            match entries.iter_mut().find(|entry| entry.word == field.name) {
                Some(entry) => entry.details.push(detail),
                None => entries.push(Entry { details: vec![detail], ..entry(field) }),
            }
        }
    }
    entries
}

fn entry(field: &Field) -> Entry {
    Entry {
        owner: Some(format::select().place),
        treatment: Some(format!("a pattern, or a list of patterns, such as `{}`; optional", field.example)),
        ..Entry::new(Topic::Key, field.name, "a field that the listing shows: its whole value must match", None)
    }
}
