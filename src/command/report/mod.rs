//! `allstop report`: what earlier runs wrote, for people and for other programs.

mod convert;
mod diff;
mod exports;
mod merge;
mod show;

use std::io::{self, Read, Write};
use std::path::Path;

use allstop::environment::Environment;
use allstop::report::{Destination, Mode, Report};

pub(super) use exports::Exports;

use super::failure::Failure;
use super::{say, shell};
use crate::cli::{ReportArgs, ReportCommand};

pub(super) fn report(args: ReportArgs, environment: &Environment) -> Result<u8, Failure> {
    match args.command {
        ReportCommand::Convert(args) => convert::convert(&args),
        ReportCommand::Diff(args) => diff::diff(&args),
        ReportCommand::Merge(args) => merge::merge(args),
        ReportCommand::Show(args) => show::show(&args, environment),
    }
}

/// Reads a report; `-` is standard input.
fn read(path: &Path) -> Result<Report, Failure> {
    let report = if path == Path::new("-") { from_stdin()? } else { Report::read(path) };
    report.map_err(|error| Failure::input(&error, error.hint()))
}

fn from_stdin() -> Result<Result<Report, allstop::report::ReadError>, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::input(format!("standard input cannot be read: {error}"), "name a file"))?;
    Ok(Report::parse(&bytes, Path::new("standard input")))
}

/// Writes to a file, or where none is named or it is `-`, to standard output, whose reader may go away.
fn write(path: Option<&Path>, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    match path.map(Destination::new) {
        None | Some(Destination::Stdout) => say::aloud_by(content),
        Some(file) => Ok(file.write(content)?),
    }
}

/// Returns the command that retries what the report at `path` leaves open; `None` where there is none.
fn again(path: &Path, report: &Report) -> Option<String> {
    let option = match report.run.mode {
        Mode::Live => "",
        Mode::Rehearsal => " --rehearse",
        Mode::DryRun => return None,
    };
    if path == Path::new("-") || report.run.plan.path == "-" {
        return None;
    }
    Some(format!("allstop retry {}{option}", shell::path(path)?))
}
