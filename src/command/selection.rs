//! The command line's selection, and what it leaves out of a plan.

use allstop::engine::SkipReason;
use allstop::plan::{Filters, Plan, Selection, Target};

use super::failure::Failure;
use super::say;
use crate::cli::SelectionArgs;

/// Prepares the selection of the command line, and warns of options that match nothing.
pub(super) fn of(args: SelectionArgs, plan: &Plan) -> Result<Selection, Failure> {
    let SelectionArgs { only, skip, kind: kinds, label: labels, account: accounts, region: regions, shard: _ } = args;
    let selection = Selection::new(Filters { only, skip, kinds, labels, accounts, regions }, plan)
        .map_err(|error| Failure::input(error, "use fewer or shorter patterns"))?;
    for slip in selection.unmatched(plan) {
        say::aside(format_args!("warning: {slip}"));
    }
    Ok(selection)
}

/// Returns for every target of a plan why it is left out; `None` for those that `selected` takes.
pub(super) fn left_out(plan: &Plan, selected: impl Fn(usize, &Target) -> bool) -> Vec<Option<SkipReason>> {
    let targets = plan.targets.iter().enumerate();
    targets.map(|(number, target)| (!selected(number, target)).then_some(SkipReason::Filtered)).collect()
}

/// Says that nothing is selected.
pub(super) fn empty() -> Failure {
    Failure::nothing(
        "no target is left to be stopped",
        "look at guards.protect and at --only, --skip, --kind, --label, --account and --region",
    )
}
