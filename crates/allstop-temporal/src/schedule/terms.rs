//! When a schedule starts runs, in the engine's words and in ours.

use std::time::Duration;

use allstop::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::AmbiguousOffset;
use serde::Serialize;
use temporalio_common::protos::temporal::api::enums::v1::ScheduleOverlapPolicy;
use temporalio_common::protos::temporal::api::schedule::v1::{SchedulePolicies, ScheduleSpec};

use super::cron::Cron;
use super::zone::Zone;

/// The shortest catch-up time that the engine takes.
pub const LEAST_CATCHUP: Duration = Duration::from_secs(10);

/// When a schedule starts runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    /// The minutes at which it does.
    pub cron: Cron,
    /// Whose clock counts.
    pub zone: Zone,
}

/// What happens if a run is in progress when the next is to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// The next run does not start
    Skip,
    /// The next run starts when this one has ended; at most one waits
    Wait,
    /// This run is cancelled, then the next one starts
    Cancel,
}

/// What a schedule does when it cannot start a run in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// What happens if a run is in progress.
    pub overlap: Overlap,
    /// How late a run may start that the engine missed.
    pub catchup: Duration,
}

impl Times {
    /// Returns them for the engine. It forgets how the cron expression was written, but for a comment.
    pub(super) fn spec(&self) -> ScheduleSpec {
        let Self { cron, zone } = self;
        ScheduleSpec {
            cron_string: vec![format!("{cron} #{cron}")],
            timezone_name: zone.to_string(),
            ..ScheduleSpec::default()
        }
    }

    /// Returns the first local time after `now` at which a run starts; a time that a clock change leaves out is none.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<DateTime> {
        let rules = self.zone.rules();
        let exists = |at: &DateTime| !matches!(rules.to_ambiguous_timestamp(*at).offset(), AmbiguousOffset::Gap { .. });
        self.cron.after(rules.to_datetime(now)).find(exists)
    }

    /// Reads what [`spec`](Self::spec) made; `None` where somebody else has set other times.
    pub(super) fn of_spec(spec: &ScheduleSpec) -> Option<Self> {
        let [calendar] = spec.structured_calendar.as_slice() else { return None };
        let is_alone = spec.interval.is_empty() && spec.exclude_structured_calendar.is_empty();
        let zone = if spec.timezone_name.is_empty() { "UTC" } else { &spec.timezone_name };
        let times = Self { cron: calendar.comment.parse().ok()?, zone: zone.parse().ok()? };
        is_alone.then_some(times)
    }
}

impl Overlap {
    /// Returns its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Wait => "wait",
            Self::Cancel => "cancel",
        }
    }

    const fn policy(self) -> ScheduleOverlapPolicy {
        match self {
            Self::Skip => ScheduleOverlapPolicy::Skip,
            Self::Wait => ScheduleOverlapPolicy::BufferOne,
            Self::Cancel => ScheduleOverlapPolicy::CancelOther,
        }
    }
}

impl Policy {
    pub(super) fn policies(self) -> SchedulePolicies {
        SchedulePolicies {
            overlap_policy: self.overlap.policy().into(),
            catchup_window: self.catchup.try_into().ok(),
            ..SchedulePolicies::default()
        }
    }
}

/// Returns what happens if a run is in progress, where it is one of ours, and how late a run may start.
pub(super) fn read(policies: &SchedulePolicies) -> (Option<Overlap>, Duration) {
    let overlap = [Overlap::Skip, Overlap::Wait, Overlap::Cancel].into_iter();
    let catchup = policies.catchup_window.and_then(|window| window.try_into().ok());
    let mut overlap = overlap.filter(|overlap| overlap.policy() == policies.overlap_policy());
    (overlap.next(), catchup.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(cron: &str, zone: &str, now: &str) -> Option<String> {
        let times = Times { cron: cron.parse().unwrap(), zone: zone.parse().unwrap() };
        times.next(now.parse().unwrap()).map(|at| at.strftime("%F %H:%M").to_string())
    }

    #[test]
    fn the_next_time_is_by_the_clock_of_the_zone_and_one_that_exists() {
        let table = [
            ("30 2 * * *", "UTC", "2026-11-26T02:29:59Z", "2026-11-26 02:30"),
            ("30 2 * * *", "UTC", "2026-11-26T02:30:00Z", "2026-11-27 02:30"),
            ("30 2 * * *", "Europe/Berlin", "2026-11-26T01:00:00Z", "2026-11-26 02:30"),
            ("30 2 * * *", "Europe/Berlin", "2027-03-27T12:00:00Z", "2027-03-29 02:30"),
            ("0 0 29 2 1", "UTC", "2026-11-26T00:00:00Z", "2044-02-29 00:00"),
        ];
        for (cron, zone, now, expected) in table {
            assert_eq!(next(cron, zone, now).as_deref(), Some(expected), "{cron} {zone} {now}");
        }
    }
}
