//! The days on which clocks are changed while a schedule would start a run.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Serialize;

use super::cron::Cron;
use super::zone::{LocalTime, Zone};

/// How far clock changes are looked for.
const AHEAD: SignedDuration = SignedDuration::from_hours(366 * 24);

/// How many starts of a day are named.
const SHOWN: usize = 4;

/// Local times of a schedule that a clock change leaves out or repeats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClockChange {
    /// What happens to them.
    pub kind: ChangeKind,
    /// The local day.
    pub day: Date,
    /// The first of these times, as `HH:MM`.
    pub time: String,
    /// How many there are.
    pub times: usize,
    /// The name of the time zone.
    pub zone: String,
    /// When the engine starts runs on that day, once it was asked.
    pub starts: Option<Vec<LocalTime>>,
}

/// What a clock change does to a local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It does not exist.
    Missing,
    /// It exists twice.
    Twice,
}

impl ClockChange {
    /// Returns those of a year from `now`. A schedule of every hour has none: it continues an hour later.
    #[must_use]
    pub fn all(cron: &Cron, zone: &Zone, now: Timestamp) -> Vec<Self> {
        if cron.is_hourly() {
            return Vec::new();
        }
        let end = now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX);
        let changes = zone.rules().following(now).take_while(|change| change.timestamp() <= end);
        let span = |at: Timestamp| {
            let before = at.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(at);
            let [old, new] = [before, at].map(|moment| zone.rules().to_offset(moment).to_datetime(at));
            if new > old { (ChangeKind::Missing, old, new) } else { (ChangeKind::Twice, new, old) }
        };
        changes.filter_map(|change| Self::of(span(change.timestamp()), cron, zone)).collect()
    }

    /// Returns what becomes of the times from the first moment of a span up to the second.
    fn of((kind, from, to): (ChangeKind, DateTime, DateTime), cron: &Cron, zone: &Zone) -> Option<Self> {
        let hit: Vec<DateTime> = minutes(from, to).filter(|at| cron.matches(*at)).collect();
        let first = hit.first()?;
        let day = first.date();
        Some(Self {
            kind,
            day,
            time: first.strftime("%H:%M").to_string(),
            times: hit.len(),
            zone: zone.to_string(),
            starts: None,
        })
    }

    /// Returns a sentence about it.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { kind, day, time, times, zone, .. } = self;
        let more = match times - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let what = match kind {
            ChangeKind::Missing => "does not exist",
            ChangeKind::Twice => "comes twice",
        };
        format!("{day} {time}{more} in {zone} {what}: {}", self.outcome())
    }

    /// Says what comes of it.
    fn outcome(&self) -> String {
        let Some(starts) = &self.starts else {
            let outcome = match self.kind {
                ChangeKind::Missing => "no run starts then",
                // The server decides it by the zone.
                ChangeKind::Twice => "a run starts at one of the two, or at both",
            };
            return outcome.to_owned();
        };
        let shown: Vec<String> = starts.iter().take(SHOWN).map(LocalTime::time).collect();
        match starts.len() {
            0 => "no run starts that day".to_owned(),
            1 => format!("one run starts that day, at {}", shown.join("")),
            all if all <= SHOWN => format!("{all} runs start that day, at {}", shown.join(", ")),
            all => format!("{all} runs start that day, at {} and so on", shown.join(", ")),
        }
    }
}

fn minutes(from: DateTime, to: DateTime) -> impl Iterator<Item = DateTime> {
    from.series(1.minute()).take_while(move |at| *at < to)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-26.
    const NOW: Timestamp = Timestamp::constant(1_795_651_200, 0);

    fn texts(cron: &str, zone: &str) -> Vec<String> {
        let changes = ClockChange::all(&cron.parse().unwrap(), &zone.parse().unwrap(), NOW);
        changes.iter().map(ClockChange::text).collect()
    }

    #[test]
    fn a_time_within_a_change_is_told() {
        let missing = "does not exist: no run starts then";
        let twice = "comes twice: a run starts at one of the two, or at both";
        assert_eq!(
            texts("30 2 * * *", "Europe/Berlin"),
            [
                format!("2027-03-28 02:30 in Europe/Berlin {missing}"),
                format!("2027-10-31 02:30 in Europe/Berlin {twice}")
            ]
        );
        assert_eq!(texts("30 1 * * *", "America/New_York"), [format!("2027-11-07 01:30 in America/New_York {twice}")]);
        assert_eq!(texts("30 23 * * *", "Africa/Cairo"), [format!("2027-10-28 23:30 in Africa/Cairo {twice}")]);
        assert_eq!(
            texts("*/15 2,5 * 3 *", "Europe/Berlin"),
            [format!("2027-03-28 02:00 (and 3 more) in Europe/Berlin {missing}")]
        );
    }

    #[test]
    fn other_times_other_days_and_other_zones_are_not() {
        let table = [
            ("0 3 * * *", "Europe/Berlin"),
            ("30 1 * * *", "Europe/Berlin"),
            ("30 2 * * 1-6", "Europe/Berlin"),
            ("30 2 * 5 *", "Europe/Berlin"),
            ("0 * * * *", "Europe/Berlin"),
            ("30 2 * * *", "UTC"),
            ("30 2 * * *", "Asia/Shanghai"),
        ];
        for (cron, zone) in table {
            assert_eq!(texts(cron, zone), [""; 0], "{cron} {zone}");
        }
    }
}
