//! What a plan would stop, in numbers.

use std::collections::BTreeMap;
use std::iter;
use std::time::Duration;

use crate::http::Quota;
use crate::provider::Cloud;
use crate::service::Kind;

use super::choice::Choice;
use super::id::AccountId;
use super::limits::{Retry, VerifyMode};
use super::model::Plan;
use super::stage::Stage;
use super::target::Target;

/// The rows by account and kind.
type Rows = BTreeMap<(AccountId, Option<usize>), OverviewRow>;

/// What a plan, or a selection of its targets, would stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// One row for each account and kind that the selection has targets of, in the plan's order.
    pub rows: Vec<OverviewRow>,
    /// How many would be stopped in each stage, in the plan's order; none where the plan has no stages.
    pub stages: Vec<u64>,
    /// How many lanes stop something, as far as that is known without the keys of accounts.
    pub lanes: u64,
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
    /// How many of them one request stops at most.
    pub batch: u64,
    /// How fast the lane may go.
    pub quota: Quota,
    /// How long the lane takes when every stop needs all the attempts that the plan allows.
    pub at_worst: Duration,
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
        sending(self.queued().div_ceil(self.batch), self.quota)
    }

    /// Returns how many targets the lane stops before this row is done.
    const fn queued(&self) -> u64 {
        if self.stops == 0 { 0 } else { self.lane_stops }
    }
}

impl Plan {
    /// Returns the stages with how many would be stopped in each; `None` where a selection of the stage is not listed yet.
    pub fn stage_stops(&self, overview: &Overview) -> impl Iterator<Item = (&Stage, Option<u64>)> {
        let selects = |number: usize| self.selects.iter().any(|select| select.stage.map(usize::from) == Some(number));
        let stages = self.stages.iter().zip(&overview.stages).enumerate();
        stages.map(move |(number, (stage, stops))| (stage, (!selects(number)).then_some(*stops)))
    }

    /// Counts what the targets that `selected` takes would stop; it is given each target's number and the target.
    #[must_use]
    pub fn overview_of(&self, selected: impl Fn(usize, &Target) -> bool) -> Overview {
        let mut rows = BTreeMap::new();
        let (mut unselected, mut elsewhere, mut stages) = (0, 0, vec![0; self.stages.len()]);
        for (target, choice) in self.targets.iter().zip(self.choices(selected)) {
            let count = match choice {
                Choice::Unselected => &mut unselected,
                Choice::Elsewhere => &mut elsewhere,
                Choice::Stop => &mut self.row(target, &mut rows).stops,
                Choice::Protected => &mut self.row(target, &mut rows).protected,
                Choice::Duplicate => &mut self.row(target, &mut rows).duplicates,
            };
            *count += 1;
            if choice == Choice::Stop
                && let Some(count) = target.stage.and_then(|stage| stages.get_mut(usize::from(stage)))
            {
                *count += 1;
            }
        }
        let lanes: Vec<_> = rows.iter().map(|((account, _), row)| (self.lane(*account, row), row.stops)).collect();
        for (row, (lane, _)) in rows.values_mut().zip(&lanes) {
            row.lane_stops = lanes.iter().filter(|(other, _)| other == lane).map(|(_, stops)| stops).sum();
            row.at_worst = self.at_worst(row.queued(), row.quota);
        }
        let mut stopping = Vec::new();
        for (lane, _) in lanes.iter().filter(|(_, stops)| *stops > 0) {
            if !stopping.contains(&lane) {
                stopping.push(lane);
            }
        }
        let lanes = stopping.len() as u64;
        Overview { rows: rows.into_values().collect(), stages, lanes, unselected, elsewhere }
    }

    /// Returns the row of a target; the rows are in the order of accounts and kinds.
    fn row<'r>(&self, target: &Target, rows: &'r mut Rows) -> &'r mut OverviewRow {
        let kind = target.kind;
        let position = Kind::all().iter().position(|other| *other == kind);
        rows.entry((target.account_id(), position)).or_insert_with(|| {
            let account = &self[target.account_id()];
            OverviewRow {
                account: account.name.clone(),
                cloud: account.cloud,
                region: account.region.clone(),
                kind,
                stops: 0,
                lane_stops: 0,
                protected: 0,
                duplicates: 0,
                batch: self.stop_batch(kind) as u64,
                quota: self.stop_quota(kind),
                at_worst: Duration::ZERO,
            }
        })
    }

    /// Returns what makes two rows go through one lane, as far as that is known without the keys themselves.
    fn lane(&self, account: AccountId, row: &OverviewRow) -> impl PartialEq + use<'_> {
        let (account, kind) = (&self[account], row.kind);
        (&account.credentials, account.region.as_str(), account.endpoint(kind.stop_api.product), kind.name)
    }

    /// Returns how long a lane takes when every stop needs all its attempts, each in a request of its own, and the last one the longest waits and the
    /// whole time of its verification. Throttled responses do not count: they do not lower a lane's rate below its quota.
    fn at_worst(&self, stops: u64, quota: Quota) -> Duration {
        if stops == 0 {
            return Duration::ZERO;
        }
        let Retry { max_attempts, initial_delay, max_delay, max_elapsed, .. } = self.retry;
        let bounds = iter::successors(Some(initial_delay), |delay| Some(delay.saturating_mul(2).min(max_delay)));
        let waits = bounds.take(max_attempts.saturating_sub(1) as usize).fold(Duration::ZERO, Duration::saturating_add);
        let verifying = if self.verify.mode == VerifyMode::Off { Duration::ZERO } else { self.verify.timeout };
        sending(stops.saturating_mul(max_attempts.into()), quota)
            .saturating_add(waits.min(max_elapsed))
            .saturating_add(verifying)
    }
}

/// Returns how long it takes until so many requests have left.
fn sending(requests: u64, quota: Quota) -> Duration {
    let waiting = requests.saturating_sub(u64::from(quota.burst));
    let seconds = u128::from(waiting) * u128::from(quota.rate.per.seconds());
    let millis = (seconds * 1000).div_ceil(u128::from(quota.rate.events.max(1)));
    Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
}
