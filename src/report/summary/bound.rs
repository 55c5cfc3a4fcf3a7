//! Which limit held where nobody was asked.

use crate::base::count::{HumanCount, counted};
use crate::plan::Plan;

/// Says that `guards.max_targets` was the limit of the selections that do not state how much they expect.
pub(super) fn bound(plan: &Plan) -> Option<String> {
    let unbounded: Vec<_> = plan.selects.iter().filter(|select| select.query.expect.at_most.is_none()).collect();
    let first = unbounded.first()?;
    let whose = match unbounded.len() - 1 {
        0 => format!("{} has", first.id),
        more => format!("{} and {} have", first.id, counted(more as u64, "other selection")),
    };
    let most = HumanCount(plan.guards.max_targets as u64);
    Some(format!("{whose} no expect.at_most, and nobody was asked: guards.max_targets ({most}) was the limit."))
}
