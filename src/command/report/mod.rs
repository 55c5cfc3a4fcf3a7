//! `allstop report`: what earlier runs wrote, for people and for other programs.

mod convert;
mod diff;
mod exports;
mod journal;
mod merge;
mod show;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use allstop::engine::Status;
use allstop::environment::Environment;
use allstop::report::{Destination, Report, RunMode};

pub(super) use exports::Exports;

use super::failure::Failure;
use super::{beside, say, shell};
use crate::cli::{JournalArgs, ReportArgs, ReportCommand};

pub(super) fn report(args: ReportArgs, environment: &Environment) -> Result<u8, Failure> {
    match args.command {
        ReportCommand::Convert(args) => convert::convert(&args, environment),
        ReportCommand::Diff(args) => diff::diff(&args, environment),
        ReportCommand::Merge(args) => merge::merge(args, environment),
        ReportCommand::Show(args) => show::show(&args, environment),
    }
}

/// Reads a report, or makes it from a journal; `-` is standard input.
fn read(path: &Path, journal: &JournalArgs, environment: &Environment) -> Result<Report, Failure> {
    if path == Path::new("-") {
        let report = Report::read_from(io::stdin().lock(), Path::new("standard input"));
        return report.map_err(|error| Failure::input(&error, error.hint()));
    }
    if journal::is_at(path) {
        return journal::report(path, journal, environment);
    }
    let report = Report::read(path).map_err(|error| beside::no_report(&error, path))?;
    beside::mind_later_run(path, &report);
    Ok(report)
}

/// Refuses to write in the place of what is read.
fn refuse_loss<'a>(output: Option<&Path>, inputs: impl IntoIterator<Item = &'a PathBuf>) -> Result<(), Failure> {
    let Some(output) = output else { return Ok(()) };
    let place = Destination::new(output);
    match inputs.into_iter().find(|input| place.replaces(input)) {
        None => refuse_journal("--output", output),
        Some(input) => {
            let message = format!("--output would replace {}, which is read", input.display());
            Err(Failure::input(message, "name another file"))
        }
    }
}

/// Refuses to write a report in the place of a journal: its run may be going on, or could.
pub(super) fn refuse_journal(option: &str, path: &Path) -> Result<(), Failure> {
    if !journal::is_at(path) {
        return Ok(());
    }
    let message = format!("{option} would replace the journal {}", path.display());
    Err(Failure::input(message, "name another file"))
}

/// Writes to a file, or where none is named or it is `-`, to standard output, whose reader may go away. `run` is the id
/// of the run whose report it is, if it is one.
fn write(
    path: Option<&Path>,
    run: Option<&str>,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    match path.map(Destination::new) {
        None | Some(Destination::Stdout) => say::aloud_by(content),
        Some(file) => {
            tell_kept(file.prepare()?.write(run, content)?);
            Ok(())
        }
    }
}

/// Tells where the report is now that stood at the place of the one that was written.
pub(super) fn tell_kept(kept: Option<PathBuf>) {
    if let Some(kept) = kept {
        say::aside(format_args!("note: the report of another run that stood there is kept: {}", kept.display()));
    }
}

/// Returns the command that takes up what the report or journal at `path` leaves open; `None` where there is none.
fn again(path: &Path, report: &Report) -> Option<String> {
    if path != Path::new("-") && journal::is_at(path) {
        let can_go_on = report.run.mode == RunMode::Live && report.run.status != Status::Completed;
        return Some(format!("allstop resume {}", shell::path(path).filter(|_| can_go_on)?));
    }
    let option = match report.run.mode {
        RunMode::Live => "",
        RunMode::Rehearsal => " --rehearse",
        RunMode::DryRun => return None,
    };
    if path == Path::new("-") || report.run.plan.path == "-" {
        return None;
    }
    Some(format!("allstop retry {}{option}", shell::path(path)?))
}
