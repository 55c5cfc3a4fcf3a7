//! What ends a watch, how long it waits between rounds, and which exit status it has. Pure rules, no clock.

use std::time::Duration;

use crate::base::ExitStatus;
use crate::engine::Status;
use crate::session::watched::WatchEnd;

/// What a watch is told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rules {
    /// How long it lasts.
    pub(super) lasts: Duration,
    /// From the end of a round to the beginning of the next one.
    pub(super) every: Duration,
    /// For how long nothing may come back before it ends.
    pub(super) until_quiet: Option<Duration>,
}

/// How a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RoundEnd {
    /// When, since the watch began.
    pub(super) at: Duration,
    pub(super) status: Status,
    /// Its own exit status.
    pub(super) exit_code: u8,
    /// Whether there was nothing to stop.
    pub(super) is_empty: bool,
    /// Whether its report and its journal are written.
    pub(super) is_written: bool,
}

/// What comes after a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Another round, after this time.
    Round(Duration),
    /// Nothing.
    End(WatchEnd),
}

/// What the rounds so far add up to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Course {
    pub(super) rounds: u32,
    /// When the first of the last empty rounds ended.
    quiet_since: Option<Duration>,
    /// Whether a round did not see everything, or found what cannot be a target.
    pub(super) has_gaps: bool,
}

impl RoundEnd {
    /// Tells whether it looked at everything and there was nothing to stop.
    const fn is_quiet(&self) -> bool {
        self.is_empty
            && matches!(self.status, Status::Completed)
            && (self.exit_code == ExitStatus::Done.code() || self.exit_code == ExitStatus::NothingSelected.code())
    }
}

impl Course {
    /// Takes in a round.
    pub(super) fn take(&mut self, round: &RoundEnd) {
        self.rounds += 1;
        self.quiet_since = round.is_quiet().then(|| self.quiet_since.unwrap_or(round.at));
    }

    /// Tells whether nothing has come back since the last round.
    const fn is_quiet(&self) -> bool {
        self.quiet_since.is_some()
    }

    /// Returns the exit status of a watch that ended so; `open` targets are not stopped.
    pub(super) const fn exit_status(&self, end: WatchEnd, open: u64) -> ExitStatus {
        let is_done = open == 0 && !self.has_gaps;
        match end {
            WatchEnd::TimeOver | WatchEnd::Quiet if is_done && self.is_quiet() => ExitStatus::Done,
            WatchEnd::TimeOver | WatchEnd::Quiet | WatchEnd::Unlisted | WatchEnd::Deadline | WatchEnd::Paused => {
                ExitStatus::NotDone
            }
            WatchEnd::Guard => ExitStatus::Refused,
            WatchEnd::Signal => ExitStatus::Interrupt,
            WatchEnd::NotWritten => ExitStatus::NotWritten,
            WatchEnd::Failed => ExitStatus::BadInput,
        }
    }
}

impl Rules {
    /// Returns what comes after a round that `course` has taken in. No round begins when the time is over.
    pub(super) fn next(&self, course: &Course, round: &RoundEnd) -> Next {
        if !round.is_written {
            return Next::End(WatchEnd::NotWritten);
        }
        match round.status {
            Status::Aborted => return Next::End(WatchEnd::Guard),
            Status::Interrupted => return Next::End(WatchEnd::Signal),
            Status::Deadline => return Next::End(WatchEnd::Deadline),
            Status::Paused => return Next::End(WatchEnd::Paused),
            Status::Unlisted => return Next::End(WatchEnd::Unlisted),
            Status::Completed => {}
        }
        let is_quiet = |quiet: Duration| course.quiet_since.is_some_and(|since| round.at - since >= quiet);
        if self.until_quiet.is_some_and(is_quiet) {
            return Next::End(WatchEnd::Quiet);
        }
        if round.at.saturating_add(self.every) > self.lasts {
            return Next::End(WatchEnd::TimeOver);
        }
        Next::Round(self.every)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const RULES: Rules = Rules { lasts: Duration::from_secs(7200), every: MINUTE, until_quiet: None };

    fn round(minutes: u32, status: Status, exit_code: u8) -> RoundEnd {
        RoundEnd { at: MINUTE * minutes, status, exit_code, is_empty: exit_code == 4, is_written: true }
    }

    /// Returns how a watch ends after rounds at these minutes, with their exit statuses, and its exit status.
    fn ends(rules: Rules, rounds: &[(u32, u8)]) -> Option<(WatchEnd, u8)> {
        let mut course = Course::default();
        let mut next = None;
        for (minutes, exit_code) in rounds {
            assert!(!matches!(next, Some(Next::End(_))), "{minutes}");
            let round = round(*minutes, Status::Completed, *exit_code);
            course.take(&round);
            next = Some(rules.next(&course, &round));
        }
        match next? {
            Next::Round(wait) => {
                assert_eq!(wait, rules.every);
                None
            }
            Next::End(end) => Some((end, course.exit_status(end, 0).code())),
        }
    }

    #[test]
    fn the_time_ends_it_and_the_last_round_decides() {
        assert_eq!(ends(RULES, &[(0, 0), (60, 4), (119, 4)]), None);
        assert_eq!(ends(RULES, &[(0, 0), (120, 4)]), Some((WatchEnd::TimeOver, 0)));
        assert_eq!(ends(RULES, &[(0, 4), (120, 0)]), Some((WatchEnd::TimeOver, 1)));
        assert_eq!(ends(RULES, &[(0, 4), (120, 1)]), Some((WatchEnd::TimeOver, 1)));
    }

    #[test]
    fn empty_rounds_end_it_after_their_time_and_a_full_one_begins_anew() {
        let rules = Rules { until_quiet: Some(MINUTE * 10), ..RULES };
        assert_eq!(ends(rules, &[(0, 0), (1, 4), (10, 4)]), None);
        assert_eq!(ends(rules, &[(0, 0), (1, 4), (11, 4)]), Some((WatchEnd::Quiet, 0)));
        assert_eq!(ends(rules, &[(1, 4), (10, 0), (11, 4), (20, 4)]), None);
        assert_eq!(ends(rules, &[(1, 4), (10, 1), (12, 4), (21, 4), (22, 4)]), Some((WatchEnd::Quiet, 0)));
    }

    #[test]
    fn what_ends_a_round_early_ends_the_watch() {
        for (status, end, exit_code) in [
            (Status::Aborted, WatchEnd::Guard, 3),
            (Status::Interrupted, WatchEnd::Signal, 130),
            (Status::Deadline, WatchEnd::Deadline, 1),
            (Status::Paused, WatchEnd::Paused, 1),
            (Status::Unlisted, WatchEnd::Unlisted, 1),
        ] {
            let (mut course, round) = (Course::default(), round(1, status, exit_code));
            course.take(&round);
            assert_eq!(RULES.next(&course, &round), Next::End(end));
            assert_eq!(course.exit_status(end, 0).code(), exit_code);
        }
        let unwritten = RoundEnd { is_written: false, ..round(1, Status::Completed, 5) };
        assert_eq!(RULES.next(&Course::default(), &unwritten), Next::End(WatchEnd::NotWritten));
    }

    #[test]
    fn what_is_not_stopped_or_not_listed_is_never_a_success() {
        let (mut course, last) = (Course::default(), round(120, Status::Completed, 4));
        course.take(&last);
        for end in [WatchEnd::TimeOver, WatchEnd::Quiet] {
            assert_eq!(course.exit_status(end, 0), ExitStatus::Done);
            assert_eq!(course.exit_status(end, 1), ExitStatus::NotDone);
            assert_eq!(Course { has_gaps: true, ..course }.exit_status(end, 0), ExitStatus::NotDone);
        }
    }
}
