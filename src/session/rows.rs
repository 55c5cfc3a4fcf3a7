//! The rows of a run that is reported by somebody else than the process that carried it out.

use crate::engine::{ResumeState, TargetResult};

use super::plan::SelectedPlan;

/// Returns the row of every target of a plan, in its order: what is known of it, or why it was left out, or else what
/// `unreached` says of a target, by number, that nothing is known of.
pub(super) fn rows(
    selected: &SelectedPlan,
    past: &ResumeState,
    unreached: impl Fn(u32) -> TargetResult,
) -> impl Iterator<Item = TargetResult> {
    (0_u32..).zip(selected.choices()).map(move |(number, choice)| {
        // The plan's guards may be others by now: what was done stays so.
        past.row(number).unwrap_or_else(|| match selected.left_out.skip(number as usize, choice) {
            Some(reason) => TargetResult::skipped(reason),
            None => unreached(number),
        })
    })
}
