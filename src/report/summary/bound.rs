//! Which limit held where nobody was asked.

use crate::base::count::{HumanCount, counted};
use crate::engine::SelectionRecord;
use crate::plan::Guards;

/// Says that `guards.max_targets` was the limit of the selections that do not state how much they expect at most.
pub(super) fn bound(selections: &[SelectionRecord], guards: &Guards) -> Option<String> {
    let states = |selection: &SelectionRecord| selection.select.pointer("/expect/at_most").is_some();
    let unbounded: Vec<_> = selections.iter().filter(|selection| !states(selection)).collect();
    let first = unbounded.first()?;
    let whose = match unbounded.len() - 1 {
        0 => format!("{} has", first.id),
        more => format!("{} and {} have", first.id, counted(more as u64, "other selection")),
    };
    let most = HumanCount(guards.max_targets as u64);
    Some(format!("{whose} no expect.at_most, and nobody was asked: guards.max_targets ({most}) was the limit."))
}
