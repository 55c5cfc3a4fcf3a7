//! Reads labels, and keeps one copy of each set of them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::plan::finding::Finding;
use crate::plan::reader::{Field, Reader};
use crate::plan::stage;
use crate::plan::target::Labels;
use crate::plan::tree::Span;

/// The sets of labels that targets have.
#[derive(Default)]
pub(super) struct LabelSets {
    seen: HashSet<Labels>,
    /// Whether services may have said them, who have names with line breaks.
    pub(super) are_found: bool,
    /// Whether the label of stages is taken: the plan has stages.
    is_staged: bool,
}

impl LabelSets {
    /// Returns the labels of a stage's targets; from now on no target may state the label that holds the stage's name.
    pub(super) fn of_stage(&mut self, base: &Labels, name: &str) -> Labels {
        self.is_staged = true;
        let mut labels = BTreeMap::clone(base);
        labels.insert(stage::LABEL.to_owned(), name.to_owned());
        Arc::new(labels)
    }

    /// Returns the labels of a target: those it gets anyway, and its own over them.
    pub(super) fn of(&mut self, base: &Labels, own: Option<Field<'_, '_>>, reader: &mut Reader<'_>) -> Option<Labels> {
        let Some(own) = own else { return Some(Arc::clone(base)) };
        let own = self.read(own, reader)?;
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

    fn read(&self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<BTreeMap<String, String>> {
        let mut labels = BTreeMap::new();
        for entry in reader.entries(field)? {
            let name = entry.name();
            if name.is_empty() || (!self.are_found && name.chars().any(char::is_control)) {
                reader.found.push(Finding::error(entry.key.span, "a label is text without control characters"));
                continue;
            }
            if self.is_staged && name == stage::LABEL {
                reader.found.push(taken(entry.key.span));
                continue;
            }
            let field = Field { name, node: &entry.value };
            if let Some(text) = if self.are_found { reader.text(field) } else { reader.name(field) } {
                labels.insert(name.to_owned(), text.value.into_owned());
            }
        }
        Some(labels)
    }
}

/// Returns the error that a plan with stages states the label that holds the name of a target's stage.
pub(super) fn taken(place: Span) -> Finding {
    let title =
        format!("the label `{0}` is taken: in a plan with `stages` it is the name of the target's stage", stage::LABEL);
    Finding::error(place, title).hint("give the label another name")
}
