//! What was discovered.

use jiff::Timestamp;

use crate::engine::{SelectionRecord, Spared};
use crate::plan::{Choice, Plan};
use crate::report::json::SelectionSummary;
use crate::report::remarks::{UNITS, missing, unusable};

/// What listings showed.
#[derive(Debug)]
pub struct Discovered {
    /// The accounts and settings, with what was found as targets.
    pub plan: Plan,
    /// What a run would do about each target.
    pub(super) choices: Vec<Choice>,
    /// What was not taken, and is shown.
    pub(super) spared: Vec<Spared>,
    /// What the listings came to.
    pub selections: Vec<SelectionSummary>,
    /// When they began.
    pub listed_at: Timestamp,
    /// Whether what has ended is shown as well.
    pub(super) shows_all: bool,
}

impl Discovered {
    /// Takes what was found, and what was not taken.
    #[must_use]
    pub fn new(plan: Plan, spared: Vec<Spared>, selections: &[SelectionRecord], listed_at: Timestamp) -> Self {
        let choices = plan.choices(|_, _| true).collect();
        let mut spared = spared;
        let name = |spared: &Spared| (spared.target.kind.name, spared.target.account, spared.target.made_id());
        spared.sort_by_cached_key(name);
        let selections = selections.iter().map(SelectionSummary::from).collect();
        Self { plan, choices, spared, selections, listed_at, shows_all: false }
    }

    /// Shows what is not taken in all formats.
    #[must_use]
    pub const fn showing_all(mut self, shows_all: bool) -> Self {
        self.shows_all = shows_all;
        self
    }

    /// Returns how many targets a run would stop.
    #[must_use]
    pub fn count(&self) -> usize {
        self.choices.iter().filter(|choice| **choice == Choice::Stop).count()
    }

    /// Tells whether there is something to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count() == 0 && (!self.shows_all || self.spared.is_empty())
    }

    /// Tells whether something could not be listed.
    #[must_use]
    pub fn has_gaps(&self) -> bool {
        self.selections.iter().any(|selection| !selection.missing.is_empty())
    }

    /// Says what could not be listed and why, one line each, with what to do about the first.
    #[must_use]
    pub fn gaps(&self) -> (Vec<String>, Option<&str>) {
        let units = missing(&self.selections);
        let more = units.len().saturating_sub(UNITS);
        let more = (more > 0).then(|| format!("and {more} more could not be listed"));
        let lines = units.iter().take(UNITS).map(|unit| format!("cannot list {}", unit.line())).chain(more).collect();
        (lines, units.first().and_then(|unit| unit.error.hint.as_deref()))
    }

    /// Returns what is worth a warning, one sentence each.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let warnings = self.selections.iter().flat_map(|selection| &selection.warnings).cloned();
        self.selections.iter().filter_map(unusable).chain(warnings).collect()
    }

    /// Tells whether something matches that no target can name.
    #[must_use]
    pub fn has_unusable(&self) -> bool {
        self.selections.iter().any(|selection| selection.left_out.unusable > 0)
    }
}
