//! Which reports are so old that they need not be kept.

use std::collections::HashMap;

use jiff::Timestamp;

use super::runs::{History, HistoryRun};
use crate::report::json::RunMode;

/// Returns the reports of runs that ended before a moment, the oldest first: those that need not be kept, and the newest
/// run of each plan, shard and mode, which always stays.
#[must_use]
pub fn old(history: &History, before: Timestamp) -> (Vec<&HistoryRun>, Vec<&HistoryRun>) {
    let mut all: Vec<_> = history.runs.iter().chain(&history.copies).collect();
    all.sort_by_key(|run| run.run.started_at);
    // Later runs come later, and take the place of earlier ones.
    let newest: HashMap<_, _> = all.iter().map(|run| (kept_for(run), run.run.id.as_str())).collect();
    all.retain(|run| run.run.finished_at.timestamp() < before);
    all.into_iter().partition(|run| newest.get(&kept_for(run)) != Some(&run.run.id.as_str()))
}

/// Returns what one run is always kept for: its plan, shard and mode.
fn kept_for(run: &HistoryRun) -> (&str, Option<&str>, RunMode) {
    (&run.run.plan.name, run.run.shard.as_deref(), run.run.mode)
}
