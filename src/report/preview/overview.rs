//! What a run would stop, for a tired person.

use std::fmt;
use std::time::Duration;

use super::grid::grid;
use super::rules::rules;
use super::selects::to_list;
use super::stages::stages;
use super::times::{about, times};
use crate::base::count::{HumanCount, agreed, counted};
use crate::base::duration::to_come;
use crate::base::escape::Escaped;
use crate::engine::SkipReason;
use crate::plan::{Overview, OverviewRow, Plan, SelectPreview};
use crate::wording::listed_reason;

/// What a run of a plan would stop: one line for each lane, then its times, rules and warnings.
#[derive(Debug, Clone, Copy)]
pub struct Preview<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What would be stopped, in numbers.
    pub overview: &'a Overview,
    /// What would be listed first.
    pub selects: &'a [SelectPreview],
    /// What to know before it, one sentence each.
    pub warnings: &'a [String],
}

/// Shows it; texts from the plan are escaped.
impl fmt::Display for Preview<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.plan.path.display().to_string();
        let path = Escaped(&path);
        match (self.overview.stops(), self.selects) {
            (0, []) => writeln!(f, "{path} would stop nothing.")?,
            (0, _) => writeln!(f, "{path} would stop what it finds.")?,
            (stops, selects) => {
                let found = if selects.is_empty() { "" } else { " and what it finds" };
                writeln!(f, "{path} would stop {}{found}:\n", counted(stops, "target"))?;
                f.write_str(&self.lanes())?;
            }
        }
        writeln!(f)?;
        if !self.selects.is_empty() {
            writeln!(f, "{}", to_list(self.selects))?;
        }
        if let Some(stages) = stages(self.plan, self.overview) {
            writeln!(f, "{stages}")?;
        }
        self.left_out(f)?;
        let sentences = times(self.plan, self.overview).into_iter().chain(rules(self.plan));
        sentences.chain(self.warnings.iter().cloned()).try_for_each(|sentence| writeln!(f, "{}", Escaped(&sentence)))
    }
}

impl Preview<'_> {
    fn left_out(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum = |count: fn(&OverviewRow) -> u64| self.overview.rows.iter().map(count).sum::<u64>();
        let left_out = [
            (self.overview.unselected, SkipReason::Filtered),
            (self.overview.elsewhere, SkipReason::Shard),
            (sum(|row| row.protected), SkipReason::Protected),
            (sum(|row| row.duplicates), SkipReason::Duplicate),
        ];
        left_out.into_iter().filter(|(count, _)| *count > 0).try_for_each(|(count, reason)| {
            writeln!(f, "{} {}.", agreed(count, "more target is", "more targets are"), listed_reason(reason))
        })
    }

    /// Returns a line for each lane that something is to be stopped in.
    fn lanes(&self) -> String {
        let header = ["account", "region", "kind", "stops", "sent in about", "at worst"].map(str::to_owned);
        let rows = self.overview.rows.iter().filter(|row| row.stops > 0).map(|row| {
            [
                Escaped(&row.account).to_string(),
                Escaped(&row.region).to_string(),
                row.kind.to_string(),
                HumanCount(row.stops).to_string(),
                takes(row),
                to_come(row.at_worst),
            ]
        });
        grid(&std::iter::once(header).chain(rows).collect::<Vec<_>>(), &[3])
    }
}

fn takes(row: &OverviewRow) -> String {
    match row.estimate() {
        Duration::ZERO => about(Duration::ZERO),
        time => format!("{} at {}", about(time), row.quota.rate),
    }
}
