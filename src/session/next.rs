//! The command that goes on where a run left off, ready for a POSIX shell.

use std::path::Path;

use crate::engine::Status;
use crate::plan::show_duration;
use crate::report::{Report, RunMode};

use super::begun::Session;
use super::input::Input;
use super::place::is_journal;
use super::shell;
use crate::base::shell::quoted;

impl Session {
    /// Returns the command that resumes the run from its journal, where that is a file.
    pub(super) fn resume_command(&self, journal: &Path, status: Status) -> Option<String> {
        let mut command = self.command("resume", journal)?;
        if let Some(deadline) = self.options.deadline.filter(|_| status == Status::Deadline) {
            command.push_str(&format!(" --deadline {}", show_duration(deadline)));
        }
        Some(command)
    }

    /// Returns the command that retries what the report leaves open, where that is a file.
    pub(super) fn retry_command(&self) -> Option<String> {
        self.command("retry", self.report.path()?)
    }

    /// Returns the command that runs the plan again, where that is a file.
    pub(super) fn run_command(&self) -> Option<String> {
        self.command("run", self.selected.path.as_deref()?)
    }

    fn command(&self, verb: &str, from: &Path) -> Option<String> {
        // Nobody can read again what came from a pipe.
        if !from.is_file() || self.selected.path.is_none() {
            return None;
        }
        let mut command = format!("allstop {verb} {}", shell::path(from)?);
        // The value of a variable may be secret: whoever pastes the command fills it in.
        for name in &self.selected.set {
            command.push_str(&format!(" --set {}=…", quoted(name)));
        }
        if self.begin.rehearsal.is_some() {
            command.push_str(" --rehearse");
        }
        Some(command)
    }
}

/// Returns the command that runs a reviewed plan once more.
pub(super) fn run_again(plan: &Path) -> Option<String> {
    Some(format!("allstop run {} --again", shell::path(plan)?))
}

/// Returns the command that goes on with what a stored report or journal leaves open; `None` where there is none.
#[must_use]
pub fn next_command(input: &Input, report: &Report) -> Option<String> {
    let path = input.path()?;
    if is_journal(path) {
        let can_go_on = report.run.mode == RunMode::Live && report.run.status != Status::Completed;
        return Some(format!("allstop resume {}", shell::path(path).filter(|_| can_go_on)?));
    }
    let option = match report.run.mode {
        RunMode::Live => "",
        RunMode::Rehearsal => " --rehearse",
        RunMode::DryRun => return None,
    };
    if report.run.plan.is_standard_input() {
        return None;
    }
    let is_left_alone = report.run.mode == RunMode::Live && report.run.shard.is_none();
    if is_left_alone && report.has_unbegun() {
        return run_again(Path::new(&report.run.plan.path));
    }
    Some(format!("allstop retry {}{option}", shell::path(path)?))
}
