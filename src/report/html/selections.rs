//! What the page says of the selections: how much they saw, how much matches, and what could not be listed.

use super::super::json::{MissingUnit, Report, SelectionSummary};
use super::super::remarks::{UNITS, left_out, missing, remarks};
use super::super::text::Escaped;
use crate::base::count::{HumanCount, counted};
use crate::wording::label;

/// How many selections are shown.
const SHOWN: usize = 100;

/// The selections of a report; escaped.
#[derive(Debug)]
pub(super) struct Selections {
    /// A line of the table for each.
    pub(super) lines: Vec<Line>,
    /// What could not be listed.
    pub(super) units: Vec<Unit>,
    /// What is worth a warning, and how much is not shown.
    pub(super) remarks: Vec<String>,
}

/// One selection.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) kind: String,
    /// The `select` of the plan.
    pub(super) select: String,
    /// Where it looked.
    pub(super) accounts: String,
    pub(super) seen: String,
    pub(super) matched: String,
    pub(super) left_out: String,
}

/// Something that could not be listed.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) what: String,
    pub(super) place: String,
    /// What went wrong in a few words, such as `denied, NoPermission`.
    pub(super) title: String,
    pub(super) message: String,
    pub(super) request_id: Option<String>,
    pub(super) hint: Option<String>,
}

impl Selections {
    pub(super) fn of<R>(report: &Report<R>) -> Self {
        let (selections, units) = (&report.selections, missing(&report.selections));
        let more = |all: usize, shown: usize, noun: &str| {
            let more = all.saturating_sub(shown) as u64;
            (more > 0).then(|| format!("{} in the JSON report.", counted(more, noun)))
        };
        let more_units = more(units.len(), UNITS, "more listing that failed");
        let more_lines = more(selections.len(), SHOWN, "more selection");
        let remarks = remarks(selections).into_iter().chain(more_units).chain(more_lines);
        Self {
            lines: selections.iter().take(SHOWN).map(Line::of).collect(),
            units: units.into_iter().take(UNITS).map(Unit::of).collect(),
            remarks: remarks.map(|remark| escaped(&remark)).collect(),
        }
    }
}

impl Line {
    fn of(selection: &SelectionSummary) -> Self {
        let accounts: Vec<_> = selection.accounts.iter().map(|account| account.account.as_str()).collect();
        Self {
            id: escaped(&selection.id),
            kind: escaped(&selection.kind),
            select: escaped(&selection.select.to_string()),
            accounts: escaped(&accounts.join(", ")),
            seen: HumanCount(selection.seen).to_string(),
            matched: HumanCount(selection.matched).to_string(),
            left_out: left_out(selection),
        }
    }
}

impl Unit {
    fn of(unit: &MissingUnit) -> Self {
        let error = &unit.error;
        let code = error.code.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
        Self {
            what: escaped(&unit.what),
            place: escaped(&format!("{} {}", unit.account, unit.region)),
            title: escaped(&format!("{}{code}", label(error.class.name()))),
            message: escaped(&error.message),
            request_id: error.request_id.as_deref().map(escaped),
            hint: error.hint.as_deref().map(escaped),
        }
    }
}

fn escaped(text: &str) -> String {
    Escaped(text).to_string()
}
