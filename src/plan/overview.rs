//! What a plan would stop, in numbers.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::http::Quota;
use crate::provider::Cloud;
use crate::service::Kind;

use super::account::CredentialSource;
use super::choice::Choice;
use super::estimate::sending;
use super::model::Plan;
use super::target::Target;

/// What a plan, or a selection of its targets, would stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// One row for each account and kind that the selection has targets of, in the plan's order.
    pub rows: Vec<OverviewRow>,
    /// How many targets the selection leaves out.
    pub unselected: u64,
    /// How many would be stopped by other shards of the plan.
    pub elsewhere: u64,
}

/// The targets of one kind in one account: one lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewRow {
    /// The account's name.
    pub account: String,
    /// Its cloud.
    pub cloud: Cloud,
    /// Its region.
    pub region: String,
    /// The kind.
    pub kind: Kind,
    /// How many would be stopped.
    pub stops: u64,
    /// How many go through the row's lane, those of accounts that use the same key included.
    pub lane_stops: u64,
    /// How many are protected by a pattern.
    pub protected: u64,
    /// How many are duplicates of an earlier target.
    pub duplicates: u64,
    /// How fast the lane may go.
    pub quota: Quota,
    /// How long the lane takes when every stop needs all the attempts that the plan allows.
    pub at_worst: Duration,
    /// The number of its account.
    account_number: u16,
}

/// What becomes of the targets of one row.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    stops: u64,
    protected: u64,
    duplicates: u64,
}

impl Overview {
    /// Returns how many targets would be stopped.
    #[must_use]
    pub fn stops(&self) -> u64 {
        self.rows.iter().map(|row| row.stops).sum()
    }

    /// Estimates how long the run takes: lanes run in parallel, so it is the slowest one's time.
    #[must_use]
    pub fn estimate(&self) -> Duration {
        self.rows.iter().map(OverviewRow::estimate).max().unwrap_or_default()
    }

    /// Returns how long the run takes when every stop needs all its attempts: the slowest lane's time.
    #[must_use]
    pub fn at_worst(&self) -> Duration {
        self.rows.iter().map(|row| row.at_worst).max().unwrap_or_default()
    }
}

impl OverviewRow {
    /// Estimates how long the lane takes when nothing has to be retried.
    #[must_use]
    pub fn estimate(&self) -> Duration {
        sending(if self.stops == 0 { 0 } else { self.lane_stops }, self.quota)
    }
}

impl Plan {
    /// Counts what the whole plan would stop.
    #[must_use]
    pub fn overview(&self) -> Overview {
        self.overview_of(|_, _| true)
    }

    /// Counts what the targets that `selected` takes would stop; it is given each target's number and the target.
    #[must_use]
    pub fn overview_of(&self, selected: impl Fn(usize, &Target) -> bool) -> Overview {
        let mut counts: BTreeMap<(u16, usize), Counts> = BTreeMap::new();
        let (mut unselected, mut elsewhere) = (0, 0);
        for (target, choice) in self.targets.iter().zip(self.choices(selected)) {
            let kind = Kind::all().iter().position(|kind| *kind == target.kind).unwrap_or(usize::MAX);
            let row = (target.account, kind);
            let count = match choice {
                Choice::Unselected => &mut unselected,
                Choice::Elsewhere => &mut elsewhere,
                Choice::Stop => &mut counts.entry(row).or_default().stops,
                Choice::Protected => &mut counts.entry(row).or_default().protected,
                Choice::Duplicate => &mut counts.entry(row).or_default().duplicates,
            };
            *count += 1;
        }
        let rows = counts.into_iter().filter_map(|((account, kind), counts)| self.row(account, kind, counts));
        let rows = self.sharing(rows.collect());
        Overview { rows, unselected, elsewhere }
    }

    fn row(&self, account_number: u16, kind: usize, counts: Counts) -> Option<OverviewRow> {
        let Counts { stops, protected, duplicates } = counts;
        let (account, kind) = (self.accounts.get(usize::from(account_number))?, *Kind::all().get(kind)?);
        let quota = self.stop_quota(kind);
        Some(OverviewRow {
            account: account.name.clone(),
            cloud: account.cloud,
            region: account.region.clone(),
            kind,
            stops,
            lane_stops: stops,
            protected,
            duplicates,
            quota,
            at_worst: Duration::ZERO,
            account_number,
        })
    }

    /// Works out what goes through each row's lane, and how long that takes at worst.
    fn sharing(&self, mut rows: Vec<OverviewRow>) -> Vec<OverviewRow> {
        let lanes: Vec<_> = rows.iter().map(|row| self.lane(row)).collect();
        let stops: Vec<_> = rows.iter().map(|row| row.stops).collect();
        for (row, lane) in rows.iter_mut().zip(&lanes) {
            let same = lanes.iter().zip(&stops).filter(|(other, _)| *other == lane);
            row.lane_stops = same.map(|(_, stops)| stops).sum();
            row.at_worst = if row.stops == 0 { Duration::ZERO } else { self.at_worst(row.lane_stops, row.quota) };
        }
        rows
    }

    /// Returns what makes two rows go through one lane, as far as that is known without the keys themselves.
    fn lane<'a>(&'a self, row: &OverviewRow) -> Option<(&'a CredentialSource, &'a str, String, &'static str)> {
        let account = self.accounts.get(usize::from(row.account_number))?;
        let api = row.kind.stop_api;
        Some((&account.credentials, account.region.as_str(), account.endpoint(api.product), row.kind.name))
    }
}
