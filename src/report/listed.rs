//! What the listings of a run's selections mean for its verdict and its exit status, counted.

use std::collections::HashSet;

use crate::engine::SelectionRecord;
use crate::plan::Plan;

/// What the listings of a run's selections came to, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Listed {
    /// Whether the plan selects at all.
    pub(super) selects: bool,
    /// How many targets were found.
    pub(super) matched: u64,
    /// How many units could not be listed; one that several selections ask for counts once.
    pub(super) missing: u64,
    /// How many resources match and cannot be targets.
    pub(super) unusable: u64,
}

/// What makes two units the same: kind, account, region, and what it is.
pub(super) type UnitKey<'a> = [&'a str; 4];

/// What counts of one selection.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// How many targets were found.
    pub(super) matched: u64,
    /// How many resources match and cannot be targets.
    pub(super) unusable: u64,
    /// What could not be listed.
    pub(super) missing: Vec<UnitKey<'a>>,
}

impl Listed {
    /// Counts what a run's record says.
    pub(super) fn of_run(plan: &Plan, selections: &[SelectionRecord]) -> Self {
        let listed = Self::of(selections.iter().map(Part::from));
        Self { selects: listed.selects || !plan.selects.is_empty(), ..listed }
    }

    /// Counts what the selections of a run say; without any, the plan does not select.
    pub(super) fn of<'a>(selections: impl Iterator<Item = Part<'a>>) -> Self {
        let (mut listed, mut missing) = (Self::default(), HashSet::new());
        for selection in selections {
            listed.selects = true;
            listed.matched += selection.matched;
            listed.unusable += selection.unusable;
            missing.extend(selection.missing);
        }
        Self { missing: missing.len() as u64, ..listed }
    }

    /// Tells whether something may match that has no row: the run cannot count as done.
    pub(super) const fn has_gaps(self) -> bool {
        self.missing > 0 || self.unusable > 0
    }
}

impl<'a> From<&'a SelectionRecord> for Part<'a> {
    fn from(selection: &'a SelectionRecord) -> Self {
        let missing = selection.missing.iter();
        let missing = missing.map(|unit| [&*selection.kind, &*unit.account, &*unit.region, &*unit.what]).collect();
        Self { matched: selection.matched, unusable: selection.left_out.unusable, missing }
    }
}
