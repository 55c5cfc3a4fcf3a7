//! When the runs of a schedule start, for whoever is asked to confirm them.

use allstop::Timestamp;

use crate::schedule::{ScheduleView, Times};

/// When the runs of a schedule start.
pub(super) struct Due {
    /// The cron expression and the time zone.
    times: String,
    next: Option<String>,
    is_paused: bool,
}

impl Due {
    /// Takes the times that a schedule is to have.
    pub(super) fn at(times: &Times, now: Timestamp) -> Self {
        let Times { cron, zone } = times;
        let next = times.next(now).map(|at| at.strftime("%F %H:%M").to_string());
        Self { times: format!("at {cron} in {zone}"), next, is_paused: false }
    }

    /// Takes a schedule that exists, with the times that it is to have if they change.
    pub(super) fn of(schedule: &ScheduleView, changed: Option<&Times>, now: Timestamp) -> Self {
        let due = changed.map_or_else(|| Self::unchanged(schedule), |times| Self::at(times, now));
        Self { is_paused: schedule.paused, ..due }
    }

    fn unchanged(schedule: &ScheduleView) -> Self {
        let zone = &schedule.time_zone;
        let times = match &schedule.cron {
            Some(cron) => format!("at {cron} in {zone}"),
            None => "at times that somebody else has set".to_owned(),
        };
        Self { times, next: schedule.next.first().map(ToString::to_string), is_paused: false }
    }

    /// Says what a yes leads to.
    pub(super) fn text(&self, name: &str) -> String {
        let next = self.next.as_ref().map(|next| format!(", next at {next}")).unwrap_or_default();
        let paused = match self.is_paused {
            true => format!(" It is paused, and starts runs after `allstop-temporal schedule resume {name}`."),
            false => String::new(),
        };
        format!("Nothing is stopped now. The schedule {name} runs this plan {}{next}.{paused}", self.times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_the_zone_and_the_next_time_are_said() {
        let times = Times { cron: "30 2 * * *".parse().unwrap(), zone: "Europe/Berlin".parse().unwrap() };
        let due = Due::at(&times, "2026-11-26T12:00:00Z".parse().unwrap());
        let expected = "Nothing is stopped now. The schedule nightly runs this plan at 30 2 * * * in Europe/Berlin, next at \
                        2026-11-27 02:30.";
        assert_eq!(due.text("nightly"), expected);
        let paused = Due { is_paused: true, ..due }.text("nightly");
        assert_eq!(
            paused.strip_prefix(expected),
            Some(" It is paused, and starts runs after `allstop-temporal schedule resume nightly`.")
        );
    }
}
