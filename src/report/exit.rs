//! The exit status of a run: a pure function of its record.

use super::tally::Tally;
use crate::base::ExitStatus;
use crate::engine::{Record, Status};
use crate::plan::Plan;
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
    pub const fn exit_status(self) -> ExitStatus {
        match self {
            Self::Hangup => ExitStatus::Hangup,
            Self::Interrupt => ExitStatus::Interrupt,
            Self::Terminate => ExitStatus::Terminate,
        }
    }

    /// Says what ended such a run.
    #[must_use]
    pub const fn cause(self) -> &'static str {
        wording::exit(self.exit_status()).means
    }
}

/// Returns the exit status of a run that has a record.
///
/// A run whose journal could not be written is [`ExitStatus::NotWritten`]. A run that a guard or threshold ended is
/// [`ExitStatus::Refused`], and one that a signal ended has the status of that signal, whatever its rows say; without a
/// `signal`, that of SIGINT. A run that could not list everything, or that found something which cannot be a target, is
/// [`ExitStatus::NotDone`] at best. Every other run is judged by its rows.
#[must_use]
pub fn exit_status(plan: &Plan, record: &Record, signal: Option<Signal>) -> ExitStatus {
    Tally::of(plan, record).exit_status(record, signal)
}

impl Tally {
    /// Returns the exit status of the run with this record, whose rows were counted; see [`exit_status`].
    #[must_use]
    pub fn exit_status(&self, record: &Record, signal: Option<Signal>) -> ExitStatus {
        match record.status {
            _ if record.unrecorded.is_some() => ExitStatus::NotWritten,
            Status::Aborted => ExitStatus::Refused,
            Status::Interrupted => signal.unwrap_or(Signal::Interrupt).exit_status(),
            Status::Unlisted => ExitStatus::NotDone,
            // Somebody has yet to say yes, whatever is left.
            Status::Paused => ExitStatus::NotDone,
            // What has no row may match, too.
            Status::Completed | Status::Deadline if self.listed.has_gaps() => ExitStatus::NotDone,
            // The deadline came before anything was found.
            Status::Deadline if self.listed.selects && self.selected() == 0 => ExitStatus::NotDone,
            // What other shards stop is selected: one shard without a target is no mistake.
            Status::Completed | Status::Deadline if self.selected() == 0 && self.elsewhere == 0 => {
                ExitStatus::NothingSelected
            }
            Status::Completed | Status::Deadline if self.open() > 0 => ExitStatus::NotDone,
            Status::Completed | Status::Deadline => ExitStatus::Done,
        }
    }
}

/// The exit statuses of runs, the gravest first: how a run ended goes before what its rows say, and an empty selection
/// counts only where there is nothing else.
const GRAVEST: [ExitStatus; 8] = [
    ExitStatus::NotWritten,
    ExitStatus::Refused,
    ExitStatus::Terminate,
    ExitStatus::Interrupt,
    ExitStatus::Hangup,
    ExitStatus::NotDone,
    ExitStatus::Done,
    ExitStatus::NothingSelected,
];

/// Returns the gravest of the exit codes of several runs; one that no run has counts as [`ExitStatus::NotDone`] does.
pub(super) fn gravest(exit_codes: impl Iterator<Item = u8>) -> Option<u8> {
    let place = |code: u8| GRAVEST.iter().position(|status| status.code() == code);
    let unknown = place(ExitStatus::NotDone.code());
    exit_codes.min_by_key(|code| place(*code).or(unknown))
}
