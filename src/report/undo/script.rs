//! The whole script.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::accounts::Accounts;
use super::head::Head;
use super::leftovers;
use super::step::{Step, command_of};
use crate::engine::Outcome;
use crate::report::json::{Report, Row, RunMode};
use crate::report::words::mode_words;

/// A run that there is nothing to undo of, because it stopped nothing in a cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is the report of a {}: it stopped nothing that could be started again", mode_words(*.0))]
pub struct NoUndo(RunMode);

impl NoUndo {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        "name the report of a live run"
    }
}

/// A shell script that starts again what a run has stopped, with the command lines of the vendors.
pub struct UndoScript<'a> {
    report: &'a Report,
    accounts: Accounts<'a>,
    commands: u64,
}

impl<'a> UndoScript<'a> {
    /// Makes the script of a report.
    ///
    /// # Errors
    ///
    /// Fails for a rehearsal and for a dry run.
    pub fn of(report: &'a Report) -> Result<Self, NoUndo> {
        if report.run.mode != RunMode::Live {
            return Err(NoUndo(report.run.mode));
        }
        let mut accounts = Accounts::of(report);
        let mut commands = 0;
        for row in stopped(report) {
            let Ok((kind, _)) = command_of(row) else { continue };
            if let Step::Start { .. } = Step::of(row, &accounts) {
                accounts.uses(row, kind.cloud);
                commands += 1;
            }
        }
        Ok(Self { report, accounts, commands })
    }

    /// Returns how many targets the script starts.
    #[must_use]
    pub const fn commands(&self) -> u64 {
        self.commands
    }

    /// Writes the script. Text from plans and services is quoted in commands and escaped in comments.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { report, accounts, commands } = self;
        let (mut kinds, mut count) = (BTreeSet::new(), 0);
        for row in stopped(report) {
            kinds.insert(row.kind.as_str());
            count += 1;
        }
        let head =
            Head { tool: &report.tool, run: &report.run, accounts, kinds: &kinds, stopped: count, commands: *commands };
        head.write(out)?;
        let mut number = 0;
        for row in stopped(report) {
            let step = Step::of(row, accounts);
            number += u64::from(matches!(step, Step::Start { .. }));
            step.write(row, number, out)?;
        }
        leftovers::write(report, out)
    }
}

/// Returns the rows of what the run stopped.
fn stopped(report: &Report) -> impl Iterator<Item = &Row> {
    report.targets.iter().filter(|row| row.outcome == Outcome::Stopped)
}
