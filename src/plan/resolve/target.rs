//! Reads `targets`.

use std::sync::Arc;

use crate::plan::fields::Fields;
use crate::plan::files::Files;
use crate::plan::finding::Finding;
use crate::plan::format::{BULK, PLAN, SELECTION, SelectKeys, TARGET};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::{self, quote};
use crate::plan::tree::Entry;
use crate::service::Kind;

use super::bulk;
use super::reading::{Given, Reading, names};
use super::select;

/// Reads all targets that the plan has outside of stages.
pub(super) fn targets(
    plan: &Fields<'_, '_>,
    reading: &mut Reading<'_>,
    files: &mut Files<'_>,
    reader: &mut Reader<'_>,
) {
    // If a mistyped key was probably meant to be `stages`, that was reported.
    let is_staged = plan.get(PLAN.stages.name).is_some() || plan.is_mistyped(PLAN.stages.name);
    let field = if is_staged { plan.get(PLAN.targets.name) } else { plan.require(PLAN.targets.name, reader) };
    if let Some(field) = field {
        list(reading, field, files, reader);
    }
}

/// Reads a list of targets; those with a problem are left out.
pub(super) fn list(reading: &mut Reading<'_>, field: Field<'_, '_>, files: &mut Files<'_>, reader: &mut Reader<'_>) {
    let Some(items) = reader.list(field) else { return };
    let mut is_empty = true;
    for item in items {
        is_empty = false;
        self::item(reading, Field { name: "a target", ..item }, files, reader);
    }
    if is_empty {
        let finding = Finding::error(field.node.span, "`targets` is empty");
        reader.found.push(finding);
    }
}

/// Reads one entry of the list: a target, a selection, or the name of a file of targets.
fn item(reading: &mut Reading<'_>, field: Field<'_, '_>, files: &mut Files<'_>, reader: &mut Reader<'_>) -> Option<()> {
    let entries = reader.entries(field)?;
    let kind = kind(field, entries, reader)?;
    let has = |key: &str| entries.iter().any(|entry| entry.name() == key);
    if has(SELECTION.select.name) {
        return select::read(reading, (kind, field), files, reader);
    }
    if let Some(entry) = entries.iter().find(|entry| is_nearly_select(kind, entry)) {
        let title = format!("unknown key {} in a target", quote(entry.name()));
        reader.wrong(entry.key.span, title, Some(suggest::meant(SELECTION.select.name)));
        return None;
    }
    let misplaced = entries.iter().filter(|entry| is_condition_outside(kind, entry));
    let misplaced: Vec<_> = misplaced.map(select::outside).collect();
    if !misplaced.is_empty() {
        misplaced.into_iter().for_each(|finding| reader.found.push(finding));
        return None;
    }
    if has(BULK.from.name) {
        return bulk::read(reading, (kind, field), files, reader);
    }
    let fields = reader.fields(field, kind.name, &names(kind))?;
    let account = match TARGET.account.field(&fields, reader) {
        Some(field) => reading.owners.named(kind, field, reader),
        None => match reading.owners.default(kind, fields.place) {
            Ok(number) => Some(number),
            // If a mistyped key was probably meant to be `account`, that was reported.
            Err(finding) => {
                let unsaid = finding.filter(|_| !fields.is_mistyped(TARGET.account.name));
                unsaid.into_iter().for_each(|finding| reader.found.push(finding));
                None
            }
        },
    };
    let labels = Arc::clone(&reading.default_labels);
    reading.target((kind, &fields), &Given { account, labels: &labels, line: None }, files, reader)
}

/// Tells whether a key is none of a target, and one of `select`.
fn is_condition_outside(kind: Kind, entry: &Entry<'_>) -> bool {
    SelectKeys::NAMES.contains(&entry.name()) && !names(kind).contains(&entry.name())
}

/// Tells whether a key is none of a target, and `select` was probably meant.
fn is_nearly_select(kind: Kind, entry: &Entry<'_>) -> bool {
    let select = SELECTION.select.name;
    let names = names(kind);
    let is_known = names.contains(&entry.name()) || entry.name() == BULK.from.name;
    !is_known && suggest::nearest(entry.name(), names.into_iter().chain([select])) == Some(select)
}

/// Reads a target's kind, which determines its other keys.
pub(super) fn kind(field: Field<'_, '_>, entries: &[Entry<'_>], reader: &mut Reader<'_>) -> Option<Kind> {
    let names = Kind::all().iter().map(|kind| kind.name);
    let Some(entry) = entries.iter().find(|entry| entry.name() == TARGET.kind.name) else {
        let finding = Finding::error(field.node.span, "a target needs `kind`");
        reader.found.push(finding.maybe_hint(suggest::hint("", names)));
        return None;
    };
    let text = reader.name(Field { name: TARGET.kind.name, node: &entry.value })?;
    let kind = Kind::named(&text.value);
    if kind.is_none() {
        reader.wrong(text.span, format!("{text} is not a kind of target"), suggest::hint(&text.value, names));
    }
    kind
}
