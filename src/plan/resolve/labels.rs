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
    /// Whether services may have said them, who have names with line breaks.
    pub(super) are_found: bool,
}

impl LabelSets {
    /// Returns the labels of a target: those it gets anyway, and its own over them.
    pub(super) fn of(&mut self, base: &Labels, own: Option<Field<'_, '_>>, reader: &mut Reader<'_>) -> Option<Labels> {
        let Some(own) = own else { return Some(Arc::clone(base)) };
        let own = read(own, self.are_found, reader)?;
        Some(self.over(base, own))
    }

    /// Returns labels, and others over them.
    pub(super) fn over(&mut self, base: &Labels, own: impl IntoIterator<Item = (String, String)>) -> Labels {
        let mut labels = BTreeMap::clone(base);
        labels.extend(own);
        if let Some(same) = self.seen.get(&labels) {
            return Arc::clone(same);
        }
        let labels = Arc::new(labels);
        self.seen.insert(Arc::clone(&labels));
        labels
    }
}

fn read(field: Field<'_, '_>, are_found: bool, reader: &mut Reader<'_>) -> Option<BTreeMap<String, String>> {
    let mut labels = BTreeMap::new();
    for entry in reader.entries(field)? {
        let name = entry.name();
        if name.is_empty() || (!are_found && name.chars().any(char::is_control)) {
            reader.found.push(Finding::error(entry.key.span, "a label is text without control characters"));
            continue;
        }
        let field = Field { name, node: &entry.value };
        if let Some(text) = if are_found { reader.text(field) } else { reader.name(field) } {
            labels.insert(name.to_owned(), text.value.into_owned());
        }
    }
    Some(labels)
}
