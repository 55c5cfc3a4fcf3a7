//! Reads entries that select.

use crate::plan::fields::Fields;
use crate::plan::files::Files;
use crate::plan::finding::Finding;
use crate::plan::format::{BULK, SELECTION, SelectKeys, SelectionKeys, TARGET, is_for_many, query};
use crate::plan::reader::{Field, Reader};
use crate::plan::select::Select;
use crate::plan::suggest::quote;
use crate::plan::target::Labels;
use crate::plan::tree::Entry;
use crate::service::Kind;

use super::draft::Draft;
use super::param;
use super::places::Stated;
use super::reading::Reading;

/// Reads an entry that selects.
pub(super) fn read(
    reading: &mut Reading<'_>,
    (kind, field): (Kind, Field<'_, '_>),
    files: &Files<'_>,
    reader: &mut Reader<'_>,
) -> Option<()> {
    let fields = open(kind, field, reader)?;
    let query = SELECTION.select.field(&fields, reader).and_then(|field| query(kind, field, reader));
    let accounts = accounts(kind, &fields, reading, reader);
    let params = param::shared(kind, &fields, reader);
    let id = SELECTION.id.field(&fields, reader).map(|field| reading.id(field, None, files, reader));
    let labels = labels(&fields, reading, reader);
    let draft = Draft {
        id: id.map_or(Some(None), |id| id.map(Some))?,
        kind,
        accounts: accounts?,
        params: params?,
        labels: labels?,
        query: query?,
        position: reading.position(),
        stage: reading.stage(),
    };
    reading.drafts.push(draft);
    Some(())
}

/// Opens the entry; keys of entries that do not select are explained.
fn open<'t, 's>(kind: Kind, field: Field<'t, 's>, reader: &mut Reader<'_>) -> Option<Fields<'t, 's>> {
    let params = kind.params.iter().filter(|param| is_for_many(param)).map(|param| param.name);
    let mut keys: Vec<_> = SelectionKeys::NAMES.iter().copied().chain(params).collect();
    for entry in reader.entries(field)? {
        if let Some((name, finding)) = misplaced(kind, entry) {
            reader.found.push(finding);
            keys.push(name);
        }
    }
    reader.fields(field, "a target with `select`", &keys)
}

/// Explains a key of `select` that stands beside it, or without it.
pub(super) fn outside(entry: &Entry<'_>) -> Finding {
    let name = entry.name();
    Finding::error(entry.key.span, format!("{} stands outside of `select`", quote(name)))
        .hint(format!("put all conditions inside `select`, such as `select: {{{name}: …}}`"))
}

/// Explains a key that an entry that selects does not have, and one that does not has.
fn misplaced(kind: Kind, entry: &Entry<'_>) -> Option<(&'static str, Finding)> {
    let name = entry.name();
    let of = |key: &'static str, why: &str, hint: String| {
        let title = format!("{} does not go with `select`: {why}", quote(key));
        Some((key, Finding::error(entry.key.span, title).hint(hint)))
    };
    match kind.params.iter().find(|param| param.name == name && !is_for_many(param)) {
        Some(param) if param.identifying => {
            let hint = format!("write `select: {{{}: …}}`, or omit `select`", param.name);
            of(param.name, "it names one target, and `select` finds the targets", hint)
        }
        Some(param) => {
            of(param.name, "it would be one token for many targets", "remove it: each target gets its own".into())
        }
        None if name == BULK.from.name => {
            of(BULK.from.name, "the targets are in the file, or they are found", "write two entries".into())
        }
        None if !SelectionKeys::NAMES.contains(&name)
            && let Some(key) = SelectKeys::NAMES.iter().copied().find(|key| *key == name) =>
        {
            Some((key, outside(entry)))
        }
        None => {
            let key = [TARGET.seen.name, TARGET.selection.name].into_iter().find(|key| *key == name)?;
            of(key, "it says what an earlier listing showed", "remove it".into())
        }
    }
}

/// Returns the accounts to list.
fn accounts(kind: Kind, fields: &Fields<'_, '_>, reading: &Reading<'_>, reader: &mut Reader<'_>) -> Option<Vec<u16>> {
    let account = SELECTION.account.field(fields, reader);
    let accounts = SELECTION.accounts.field(fields, reader);
    let is_mistyped = [SELECTION.account.name, SELECTION.accounts.name].into_iter().any(|key| fields.is_mistyped(key));
    // If a mistyped key was probably meant to be one of them, that was reported.
    if account.is_none() && accounts.is_none() && is_mistyped {
        return None;
    }
    reading.owners.places(kind, &Stated { account, accounts, place: fields.place }, reader)
}

/// Reads the labels: none may be one of those that a listing gives.
fn labels(fields: &Fields<'_, '_>, reading: &mut Reading<'_>, reader: &mut Reader<'_>) -> Option<Labels> {
    let own = SELECTION.labels.field(fields, reader);
    let entries = own.and_then(|own| reader.unsaid(|quiet| quiet.entries(own))).unwrap_or_default();
    let taken: Vec<_> = entries.iter().filter(|entry| Select::takes_label(entry.name())).collect();
    for entry in &taken {
        let title = format!("the label {} is taken: every target that is found gets its own", quote(entry.name()));
        reader.found.push(Finding::error(entry.key.span, title).hint("give the label another name"));
    }
    if !taken.is_empty() {
        return None;
    }
    let defaults = Labels::clone(&reading.default_labels);
    reading.labels.of(&defaults, own, reader)
}

#[cfg(test)]
mod tests;
