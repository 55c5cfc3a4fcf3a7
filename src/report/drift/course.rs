//! What became of one target, from report to report.

use crate::engine::Outcome;
use crate::report::diff::{is_not_stopped, is_stopped};
use crate::report::json::{NamedValue, Row};

/// What became of one target.
#[derive(Debug, Clone)]
pub(super) struct Course {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) account: String,
    pub(super) region: String,
    /// How many times a run stopped it.
    pub(super) stopped: u32,
    /// How many times it ran after it had been stopped.
    pub(super) came_back: u32,
    /// How many times a run stopped it after it had come back.
    pub(super) stopped_again: u32,
    /// Its last outcome, other than that nothing was sent, and the number of that report.
    pub(super) last: Option<(Outcome, usize)>,
    state: State,
}

/// What is known of it so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// No run has seen it stopped.
    Untouched,
    /// It was stopped.
    Stopped,
    /// It ran again.
    Back,
}

impl Course {
    pub(super) fn of(row: &Row) -> Self {
        let Row { id, kind, account, region, .. } = row;
        Self {
            id: id.clone(),
            kind: kind.clone(),
            account: account.clone(),
            region: region.clone(),
            stopped: 0,
            came_back: 0,
            stopped_again: 0,
            last: None,
            state: State::Untouched,
        }
    }

    /// Takes in what the report number `report` says.
    ///
    /// A stop that takes effect shows that it ran. An unknown outcome, and a stop that was only accepted, show neither.
    pub(super) const fn add(&mut self, outcome: Outcome, report: usize) {
        match outcome {
            Outcome::Skipped => return,
            Outcome::Stopped => {
                self.runs();
                self.stopped += 1;
                self.stopped_again += matches!(self.state, State::Back) as u32;
                self.state = State::Stopped;
            }
            Outcome::AlreadyStopped => self.state = State::Stopped,
            Outcome::WouldStop | Outcome::Failed => self.runs(),
            Outcome::Accepted | Outcome::NotFound | Outcome::Unknown => {}
        }
        self.last = Some((outcome, report));
    }

    /// It was seen running.
    const fn runs(&mut self) {
        if matches!(self.state, State::Stopped) {
            self.came_back += 1;
            self.state = State::Back;
        }
    }

    /// Tells whether it was stopped once.
    pub(super) fn was_stopped(&self) -> bool {
        self.state != State::Untouched
    }

    /// Tells whether it was stopped in an earlier report, and the report number `report` does not know it to be.
    pub(super) fn is_no_longer_stopped(&self, report: usize) -> bool {
        self.was_stopped() && self.last.is_some_and(|(outcome, last)| last == report && is_not_stopped(outcome))
    }

    /// Tells whether it is known to be stopped, by the last report that says anything of it.
    pub(super) fn is_stopped(&self) -> bool {
        self.last.is_some_and(|(outcome, _)| is_stopped(outcome))
    }
}

/// What makes a target the same in two reports, beyond the reports: id, kind, account, region and identifying parameters.
pub(super) type OwnKey = ([String; 4], Vec<(String, NamedValue)>);

/// Returns the key of a row, beyond its report.
pub(super) fn own_key(row: &Row) -> OwnKey {
    let (id, kind, account, region, identity) = crate::report::diff::key(row);
    let identity = identity.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
    ([id, kind, account, region].map(str::to_owned), identity)
}

#[cfg(test)]
mod tests {
    use super::*;

    use Outcome::{Accepted, AlreadyStopped, Failed, NotFound, Skipped, Stopped, Unknown, WouldStop};

    /// Returns how many times it was stopped, came back and was stopped again, and whether it is no longer stopped.
    fn course(outcomes: &[Outcome]) -> (u32, u32, u32, bool) {
        let [id, kind, account, region] = [const { String::new() }; 4];
        let mut course = Course {
            id,
            kind,
            account,
            region,
            stopped: 0,
            came_back: 0,
            stopped_again: 0,
            last: None,
            state: State::Untouched,
        };
        outcomes.iter().enumerate().for_each(|(number, outcome)| course.add(*outcome, number));
        (course.stopped, course.came_back, course.stopped_again, course.is_no_longer_stopped(outcomes.len() - 1))
    }

    #[test]
    fn a_target_comes_back_when_it_runs_after_a_stop() {
        for (outcomes, expected) in [
            (&[Stopped][..], (1, 0, 0, false)),
            (&[Stopped, AlreadyStopped, AlreadyStopped], (1, 0, 0, false)),
            // A stop took effect twice: it had come back in between.
            (&[Stopped, Stopped], (2, 1, 1, false)),
            (&[AlreadyStopped, Stopped], (1, 1, 1, false)),
            (&[Stopped, WouldStop, Stopped], (2, 1, 1, false)),
            // It came back once, and was seen three times.
            (&[Stopped, WouldStop, Failed, WouldStop], (1, 1, 0, true)),
            (&[Stopped, WouldStop, AlreadyStopped, Stopped], (2, 2, 1, false)),
            // Nobody knows whether it runs.
            (&[Stopped, Unknown, AlreadyStopped], (1, 0, 0, false)),
            (&[Stopped, Unknown], (1, 0, 0, true)),
            (&[Stopped, Accepted], (1, 0, 0, true)),
            (&[Stopped, NotFound], (1, 0, 0, false)),
            (&[Stopped, Failed, Skipped], (1, 1, 0, false)),
            (&[Failed, WouldStop, Failed], (0, 0, 0, false)),
            (&[Failed, Stopped], (1, 0, 0, false)),
            (&[Skipped], (0, 0, 0, false)),
        ] {
            assert_eq!(course(outcomes), expected, "{outcomes:?}");
        }
    }
}
