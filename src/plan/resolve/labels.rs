//! Reads labels, and keeps one copy of each set of them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::plan::finding::Finding;
use crate::plan::reader::{Field, Reader};
use crate::plan::target::Labels;

/// The sets of labels that targets have.
#[derive(Default)]
pub(super) struct LabelSets {
    seen: HashSet<Labels>,
}

impl LabelSets {
    /// Returns the labels of a target: those it gets anyway, and its own over them.
    pub(super) fn of(&mut self, base: &Labels, own: Option<Field<'_, '_>>, reader: &mut Reader<'_>) -> Option<Labels> {
        let Some(own) = own else { return Some(Arc::clone(base)) };
        let mut labels = BTreeMap::clone(base);
        labels.extend(read(own, reader)?);
        if let Some(same) = self.seen.get(&labels) {
            return Some(Arc::clone(same));
        }
        let labels = Arc::new(labels);
        self.seen.insert(Arc::clone(&labels));
        Some(labels)
    }
}

fn read(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<BTreeMap<String, String>> {
    let mut labels = BTreeMap::new();
    for entry in reader.entries(field)? {
        let name = entry.name();
        if name.is_empty() || name.chars().any(char::is_control) {
            reader.found.push(Finding::error(entry.key.span, "a label is text without control characters"));
            continue;
        }
        if let Some(text) = reader.name(Field { name, node: &entry.value }) {
            labels.insert(name.to_owned(), text.value.into_owned());
        }
    }
    Some(labels)
}
