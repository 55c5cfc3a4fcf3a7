//! What the report says of the selections of a plan.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::moment::Moment;
use super::row::RowError;
use super::schema;
use crate::engine::{AccountCount, LeftOut, Missing, SelectionRecord, TargetError};
use crate::report::listed::{Part, UnitKey};

/// What became of one selection of the plan. `seen` is `matched` and all numbers of `left_out` together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Selection")]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SelectionSummary {
    /// Its id.
    #[schemars(example = &"old-etl")]
    pub id: String,
    /// The name of its kind.
    #[schemars(example = &"fnf_execution")]
    pub kind: String,
    /// Its `select`, as the plan writes it, with its variables put in.
    pub select: Value,
    /// When its first listing began.
    #[schemars(schema_with = "schema::moment")]
    pub started_at: Moment,
    /// When its last listing ended.
    #[schemars(schema_with = "schema::moment")]
    pub finished_at: Moment,
    /// The requests of its listings; those that it shares with another selection count for both.
    pub requests: u64,
    /// Resources that the listings showed.
    pub seen: u64,
    /// How many of them became targets.
    pub matched: u64,
    /// How many of them did not, by reason.
    pub left_out: LeftOut,
    /// Why it is not clear whether some match, with their number; together they are `left_out.unclear`.
    pub unclear: BTreeMap<String, u64>,
    /// The first names of `left_out.unusable`, escaped.
    pub unusable: Vec<String>,
    /// Its accounts, in the plan's order.
    pub accounts: Vec<AccountCount>,
    /// What could not be listed. The exit status is never 0 or 4 if there is any.
    pub missing: Vec<MissingUnit>,
    /// What was unusual and is no failure.
    pub warnings: Vec<String>,
}

/// Something that could not be listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Missing")]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MissingUnit {
    /// The account's name in the plan.
    pub account: String,
    /// Its region.
    pub region: String,
    /// What could not be listed.
    #[schemars(example = &"flow etl-orders")]
    pub what: String,
    /// Why.
    pub error: RowError,
}

impl SelectionSummary {
    /// Returns what counts of it for the verdict.
    pub(in crate::report) fn part(&self) -> Part<'_> {
        let missing = self.missing.iter().map(|unit| self.key(unit)).collect();
        Part { matched: self.matched, unusable: self.left_out.unusable, missing }
    }

    /// Returns what makes one of its units the same as that of another selection.
    pub(in crate::report) fn key<'a>(&'a self, unit: &'a MissingUnit) -> UnitKey<'a> {
        [&self.kind, &unit.account, &unit.region, &unit.what]
    }
}

impl From<&SelectionRecord> for SelectionSummary {
    fn from(record: &SelectionRecord) -> Self {
        let SelectionRecord { id, kind, select, started_at, finished_at, requests, seen, matched, .. } = record;
        Self {
            id: id.clone(),
            kind: kind.clone(),
            select: select.clone(),
            started_at: (*started_at).into(),
            finished_at: (*finished_at).into(),
            requests: *requests,
            seen: *seen,
            matched: *matched,
            left_out: record.left_out,
            unclear: record.unclear.clone(),
            unusable: record.unusable.clone(),
            accounts: record.accounts.clone(),
            missing: record.missing.iter().map(MissingUnit::from).collect(),
            warnings: record.warnings.clone(),
        }
    }
}

/// Takes a selection out of a report again: a retry carries it on.
impl From<&SelectionSummary> for SelectionRecord {
    fn from(summary: &SelectionSummary) -> Self {
        let SelectionSummary { id, kind, select, started_at, finished_at, requests, seen, matched, .. } = summary;
        Self {
            id: id.clone(),
            kind: kind.clone(),
            select: select.clone(),
            started_at: started_at.timestamp(),
            finished_at: finished_at.timestamp(),
            requests: *requests,
            seen: *seen,
            matched: *matched,
            left_out: summary.left_out,
            unclear: summary.unclear.clone(),
            unusable: summary.unusable.clone(),
            accounts: summary.accounts.clone(),
            missing: summary.missing.iter().map(Missing::from).collect(),
            warnings: summary.warnings.clone(),
        }
    }
}

impl From<&Missing> for MissingUnit {
    fn from(missing: &Missing) -> Self {
        let Missing { account, region, what, error } = missing;
        let error = error.clone().into();
        Self { account: account.clone(), region: region.clone(), what: what.clone(), error }
    }
}

impl From<&MissingUnit> for Missing {
    fn from(missing: &MissingUnit) -> Self {
        let MissingUnit { account, region, what, error } = missing;
        let error = TargetError::from(error);
        Self { account: account.clone(), region: region.clone(), what: what.clone(), error }
    }
}
