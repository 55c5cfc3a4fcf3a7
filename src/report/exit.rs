//! The exit status of a run: a pure function of what happened.

use super::Tally;
use super::json::{Report, Row};
use crate::base::ExitStatus;
use crate::engine::{Outcome, Record, SkipReason, Status, TargetResult};
use crate::plan::{NotFound, Plan, VerifyMode};
use crate::wording;

/// The signal that ended a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGHUP.
    Hangup,
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    /// Returns the exit status of a run that this signal ended.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Hangup => 129,
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }

    /// Says what ended such a run.
    #[must_use]
    pub const fn cause(self) -> &'static str {
        let status = match self {
            Self::Hangup => ExitStatus::Hangup,
            Self::Interrupt => ExitStatus::Interrupt,
            Self::Terminate => ExitStatus::Terminate,
        };
        wording::exit(status).means
    }
}

/// Whether a target is where the plan wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    Done,
    /// It is not, or nobody knows.
    Open,
    /// Somebody chose to leave it alone.
    LeftOut,
}

/// Judges one row by what the plan asks for.
///
/// Done is what is stopped or already stopped; besides, what is gone where the plan says `guards.not_found: ok`, and
/// what took the stop where it says `verify: off`. In a dry run, what would be stopped is done: no more was asked.
#[must_use]
pub fn standing(plan: &Plan, result: &TargetResult) -> Standing {
    let asked =
        Asked { accepted: plan.verify.mode == VerifyMode::Off, not_found: plan.guards.not_found == NotFound::Ok };
    asked.standing(result.outcome, result.reason)
}

impl Report {
    /// Judges one of its rows, as far as a report tells what its plan asks for.
    ///
    /// What is gone and what took the stop is done where the run's exit status is 0, which says so, and open elsewhere.
    #[must_use]
    pub fn standing(&self, row: &Row) -> Standing {
        let is_fine = self.run.exit_code == 0;
        Asked { accepted: is_fine, not_found: is_fine }.standing(row.outcome, row.reason)
    }
}

/// The outcomes that a plan may take for done.
struct Asked {
    accepted: bool,
    not_found: bool,
}

impl Asked {
    fn standing(&self, outcome: Outcome, reason: Option<SkipReason>) -> Standing {
        let done = match outcome {
            Outcome::Stopped | Outcome::AlreadyStopped | Outcome::WouldStop => true,
            Outcome::Accepted => self.accepted,
            Outcome::NotFound => self.not_found,
            Outcome::Failed | Outcome::Unknown => false,
            Outcome::Skipped if reason.is_some_and(SkipReason::is_chosen) => return Standing::LeftOut,
            Outcome::Skipped => false,
        };
        if done { Standing::Done } else { Standing::Open }
    }
}

/// Returns the exit status of a run that has a record: 0, 1, 3, 4, 5, 129, 130 or 143.
///
/// A run whose journal could not be written is 5. A run that a guard or threshold ended is 3 and one that a signal ended
/// is 129, 130 or 143, whatever its rows say; `signal` is read only for the latter, and is SIGINT where it is missing.
#[must_use]
pub fn exit_code(plan: &Plan, record: &Record, signal: Option<Signal>) -> u8 {
    Tally::of(plan, &record.results).exit_code(record, signal)
}

impl Tally {
    /// Returns the exit status of the run with this record, whose rows were counted; see [`exit_code`].
    #[must_use]
    pub fn exit_code(&self, record: &Record, signal: Option<Signal>) -> u8 {
        if record.unrecorded.is_some() {
            return 5;
        }
        match (record.status, signal) {
            (Status::Aborted, _) => 3,
            (Status::Interrupted, signal) => signal.unwrap_or(Signal::Interrupt).exit_code(),
            (Status::Completed | Status::Deadline, _) => self.exit_code_of_rows(),
        }
    }

    /// Returns the exit status that the rows alone give.
    fn exit_code_of_rows(&self) -> u8 {
        if self.selected() == 0 {
            // What other shards stop is selected: one shard without a target is no mistake.
            return if self.elsewhere > 0 { 0 } else { 4 };
        }
        u8::from(self.open() > 0)
    }
}
