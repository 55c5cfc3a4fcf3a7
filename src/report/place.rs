//! Where a target is: its account and region, which are shown beside its id where there is more than one account.

use super::json::{Report, Row, RowSource};
use super::text::Escaped;

/// Whether the places of targets are shown; where all targets are of one account, they are not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    pub(super) are_several: bool,
}

impl Places {
    pub(super) fn of_report(report: &Report<impl RowSource>) -> Self {
        Self { are_several: report.targets.are_in_several_places() }
    }

    /// Returns a row's account and region, harmless, where they are shown.
    pub(super) fn of(self, row: &Row) -> Option<String> {
        self.are_several.then(|| Escaped(&format!("{} {}", row.account, row.region)).to_string())
    }
}

/// Returns an id with its place behind it, harmless.
pub(super) fn beside(id: &str, place: Option<&str>) -> String {
    let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
    format!("{}{place}", Escaped(id))
}
