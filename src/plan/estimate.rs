//! How long a plan takes, as far as its quotas tell.

use std::iter;
use std::time::Duration;

use crate::http::Quota;

use super::account::CredentialSource;
use super::limits::{Retry, VerifyMode};
use super::model::Plan;
use super::overview::{Overview, OverviewRow};
use super::table;

impl OverviewRow {
    /// Estimates how long the lane takes when nothing has to be tried again.
    #[must_use]
    pub fn estimate(&self) -> Duration {
        sending(if self.stops == 0 { 0 } else { self.lane_stops }, self.quota)
    }
}

impl Overview {
    /// Estimates how long the run takes: lanes run side by side, so it is the slowest one's time.
    #[must_use]
    pub fn estimate(&self) -> Duration {
        self.rows.iter().map(OverviewRow::estimate).max().unwrap_or_default()
    }

    /// Returns how long the run takes when every stop needs all its tries: the slowest lane's time.
    #[must_use]
    pub fn at_worst(&self) -> Duration {
        self.rows.iter().map(|row| row.at_worst).max().unwrap_or_default()
    }
}

impl Plan {
    /// Works out what goes through each row's lane, and how long that takes at worst.
    pub(super) fn sharing(&self, mut rows: Vec<OverviewRow>) -> Vec<OverviewRow> {
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
        let api = row.kind.stop_api();
        Some((&account.credentials, account.region.as_str(), account.endpoint(api.product), row.kind.name()))
    }

    /// Returns how long a lane takes when every stop needs all its tries, and the last one the longest waits and the
    /// whole time of its verification. Throttled answers do not count: they do not lower a lane's rate below its quota.
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

    /// Says how long the whole takes, and what the worst case is.
    pub(super) fn times(&self, overview: &Overview) -> Vec<String> {
        if overview.stops() == 0 {
            return Vec::new();
        }
        let sent = match overview.estimate() {
            Duration::ZERO => "at once".to_owned(),
            time => format!("in about {}", table::time(time)),
        };
        let whole = format!(
            "Lanes run side by side, so all stops are sent {}, and the run is over in {} at worst.",
            sent,
            table::time(overview.at_worst())
        );
        let tries = match self.retry.max_attempts {
            1 => "one try".into(),
            several => format!("{several} tries"),
        };
        let seen = match self.verify.mode {
            VerifyMode::Off => String::new(),
            VerifyMode::Auto | VerifyMode::Always => {
                format!(", and {} until the last one is seen to end", table::time(self.verify.timeout))
            }
        };
        let sharing = overview.rows.iter().any(|row| row.lane_stops > row.stops && row.stops > 0);
        let shared =
            sharing.then(|| "Accounts with the same key in the same region share a quota, and its time.".into());
        let mut times = vec![
            whole,
            format!(
                "At worst means {tries} for every stop, the longest waits between them{seen}; throttling and timeouts come on top."
            ),
        ];
        times.extend(shared);
        times
    }
}

/// Writes an estimate.
pub(super) fn about(time: Duration) -> String {
    if time.is_zero() { "a moment".into() } else { table::time(time) }
}

/// Returns how long it takes until so many requests have left.
fn sending(requests: u64, quota: Quota) -> Duration {
    let waiting = requests.saturating_sub(u64::from(quota.burst));
    let seconds = u128::from(waiting) * u128::from(quota.rate.per.seconds());
    let millis = (seconds * 1000).div_ceil(u128::from(quota.rate.events.max(1)));
    Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
}
