//! What the listings of a run's selections showed, for its report.

use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::AddAssign;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::outcome::TargetError;
use crate::plan::Select;

/// What became of one selection of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelectionRecord {
    /// The id of the selection.
    pub id: String,
    /// The name of its kind.
    pub kind: String,
    /// Its `select`, as the plan writes it.
    pub select: serde_json::Value,
    /// When its first listing began.
    pub started_at: Timestamp,
    /// When its last listing ended.
    pub finished_at: Timestamp,
    /// How many requests its listings took; those that it shares with another selection count for both.
    pub requests: u64,
    /// How many resources were seen: those that match, and those that were left out.
    pub seen: u64,
    /// How many became targets.
    pub matched: u64,
    /// How many did not, by reason.
    pub left_out: LeftOut,
    /// Why it is not clear whether some match, with their number.
    pub unclear: BTreeMap<String, u64>,
    /// What matches and cannot be a target, escaped; the first ones.
    pub unusable: Vec<String>,
    /// Its accounts.
    pub accounts: Vec<AccountCount>,
    /// What could not be listed.
    pub missing: Vec<Missing>,
    /// What was odd, and no failure.
    pub warnings: Vec<String>,
}

impl SelectionRecord {
    /// Makes the record of a selection of which nothing is known.
    #[must_use]
    pub fn empty(select: &Select, started_at: Timestamp, finished_at: Timestamp) -> Self {
        Self {
            id: (*select.id).to_owned(),
            kind: select.kind.name.to_owned(),
            select: select.query.written.clone(),
            started_at,
            finished_at,
            requests: 0,
            seen: 0,
            matched: 0,
            left_out: LeftOut::default(),
            unclear: BTreeMap::new(),
            unusable: Vec::new(),
            accounts: Vec::new(),
            missing: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// How many resources a selection left out, by reason. Each of them counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// A condition is false.
    pub other: u64,
    /// It is in no state that is asked for.
    pub not_running: u64,
    /// `except` takes it away.
    pub excepted: u64,
    /// It is not known whether it matches.
    pub unclear: u64,
    /// It is a part of another resource.
    pub child: u64,
    /// It comes after the selection's limit.
    pub limit: u64,
    /// An explicit target or an earlier selection names it.
    pub named_already: u64,
    /// It matches, and its name cannot be that of a target.
    pub unusable: u64,
}

impl LeftOut {
    /// Returns the reasons by the names of reports, with their numbers.
    #[must_use]
    pub const fn by_name(&self) -> [(&'static str, u64); 8] {
        [
            ("other", self.other),
            ("not_running", self.not_running),
            ("excepted", self.excepted),
            ("unclear", self.unclear),
            ("child", self.child),
            ("limit", self.limit),
            ("named_already", self.named_already),
            ("unusable", self.unusable),
        ]
    }

    /// Returns how many were left out in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.by_name().iter().map(|(_, number)| number).sum()
    }
}

impl AddAssign for LeftOut {
    fn add_assign(&mut self, other: Self) {
        self.other += other.other;
        self.not_running += other.not_running;
        self.excepted += other.excepted;
        self.unclear += other.unclear;
        self.child += other.child;
        self.limit += other.limit;
        self.named_already += other.named_already;
        self.unusable += other.unusable;
    }
}

impl Sum for LeftOut {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        let mut sum = Self::default();
        parts.for_each(|part| sum += part);
        sum
    }
}

/// What a selection saw in one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountCount {
    /// The account's name.
    pub account: String,
    /// Its region.
    pub region: String,
    /// How many resources were seen there.
    pub seen: u64,
    /// How many of them became targets.
    pub matched: u64,
    /// How many requests that took. Reports and journals do not have it.
    #[serde(skip)]
    pub requests: u64,
}

/// Returns how many requests listings took, each once, however many selections share it.
#[must_use]
pub fn listing_requests(selections: &[SelectionRecord]) -> u64 {
    let of = |selection: &'_ SelectionRecord| {
        let kind = selection.kind.clone();
        let accounts = selection.accounts.iter();
        accounts.map(move |account| ((kind.clone(), account.account.clone()), account.requests)).collect::<Vec<_>>()
    };
    selections.iter().flat_map(of).collect::<BTreeMap<_, _>>().values().sum()
}

/// A unit that could not be listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The account's name.
    pub account: String,
    /// Its region.
    pub region: String,
    /// What could not be listed, such as `flow etl-orders`.
    pub what: String,
    /// Why.
    pub error: TargetError,
}
