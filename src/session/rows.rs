//! The rows of a run that is reported by somebody else than the process that carried it out.

use crate::engine::{Results, ResumeState, TargetResult};

use super::plan::SelectedPlan;

/// Returns the row of every target of a plan, in its order: what is known of it, or why it was left out, or else what
/// `unreached` says of a target, by number, that nothing is known of. Takes the final facts away from what is known.
pub(super) fn rows(
    selected: &SelectedPlan,
    past: &mut ResumeState,
    unreached: impl Fn(u32) -> TargetResult,
) -> Results {
    let mut results = std::mem::take(&mut past.done).into_results(selected.plan().targets.len());
    for (number, choice) in selected.choices().enumerate() {
        // The plan's guards may be others by now: what was done stays so.
        let Some(target) = u32::try_from(number).ok().filter(|_| !results.has(number)) else { continue };
        let row = past.row(target).unwrap_or_else(|| match selected.left_out.skip(number, choice) {
            Some(reason) => TargetResult::skipped(reason),
            None => unreached(target),
        });
        results.set(number, &row);
    }
    results
}
