//! Whose a target is and where: what stands beside an id wherever there is more than one account.

use super::json::{Report, Row};
use super::text::Escaped;
use crate::plan::{Plan, Target};

/// The name of an account and its region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place<'a> {
    account: &'a str,
    region: &'a str,
}

/// The places of a run's targets; where all are of one, none has to be told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    pub(super) are_several: bool,
}

impl Places {
    pub(super) fn of_report(report: &Report) -> Self {
        let mut places = report.targets.iter().map(|row| (&row.account, &row.region));
        let first = places.next();
        Self { are_several: places.any(|place| Some(place) != first) }
    }

    pub(super) fn of_plan(plan: &Plan) -> Self {
        Self { are_several: plan.has_several_accounts() }
    }

    /// Returns a row's place where it has to be told.
    pub(super) fn of_row<'a>(self, row: &'a Row) -> Option<Place<'a>> {
        self.are_several.then_some(Place { account: &row.account, region: &row.region })
    }

    /// Returns a target's place where it has to be told.
    pub(super) fn of_target<'a>(self, plan: &'a Plan, target: &Target) -> Option<Place<'a>> {
        let account = plan.accounts.get(usize::from(target.account)).filter(|_| self.are_several)?;
        Some(Place { account: &account.name, region: &account.region })
    }
}

impl Place<'_> {
    /// Returns both names, harmless.
    pub(super) fn shown(self) -> String {
        Escaped(&format!("{} {}", self.account, self.region)).to_string()
    }
}

/// Returns an id with its place behind it, harmless.
pub(super) fn beside(id: &str, place: Option<Place<'_>>) -> String {
    let place = place.map(|place| format!(" ({})", place.shown())).unwrap_or_default();
    format!("{}{place}", Escaped(id))
}
