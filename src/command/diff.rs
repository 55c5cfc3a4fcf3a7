//! `allstop report diff`: what changed from one report to the next, or over many.

use std::sync::Arc;

use jiff::Timestamp;

use super::output::json;
use crate::cli::{DiffArgs, JournalArgs};
use crate::report::{Diff, Drift, Report, head_of};
use crate::session::{Input, SessionError, read_stored};
use crate::terminal::Terminal;

pub(super) fn diff(args: &DiffArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let [old, new] = args.reports.as_slice() else { return drift(args, terminal) };
    let (old, new) = (read(old, terminal)?, read(new, terminal)?);
    let diff = Diff::new(&old, &new);
    terminal.write(|out| if args.json { json(&diff, out) } else { diff.write(out) })?;
    Ok(u8::from(diff.is_worse()))
}

/// A report, or where it is: not all of them fit into memory.
enum Part<'a> {
    Read(Box<Report>),
    Unread(&'a Input),
}

/// Compares more than two reports, in the order of their runs.
fn drift(args: &DiffArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let parts = args.reports.iter().map(|input| part(input, terminal));
    let mut parts = parts.collect::<Result<Vec<_>, SessionError>>()?;
    parts.sort_by_key(|(started_at, _)| *started_at);
    let mut drift = Drift::default();
    for (_, part) in parts {
        let report = match part {
            Part::Read(report) => *report,
            Part::Unread(input) => read(input, terminal)?,
        };
        drift.add(&report).map_err(|error| SessionError::input(error, error.hint()))?;
    }
    terminal.write(|out| if args.json { json(&drift, out) } else { drift.write(out) })?;
    Ok(u8::from(drift.is_worse()))
}

/// Finds out when the run of a report began. A journal, and what comes from a pipe, is read for that.
fn part<'a>(input: &'a Input, terminal: &Arc<Terminal>) -> Result<(Timestamp, Part<'a>), SessionError> {
    let head = input.path().and_then(|path| head_of(path).ok().flatten());
    match head {
        Some((run, _)) => Ok((run.started_at.timestamp(), Part::Unread(input))),
        None => {
            let report = read(input, terminal)?;
            Ok((report.run.started_at.timestamp(), Part::Read(Box::new(report))))
        }
    }
}

fn read(input: &Input, terminal: &Arc<Terminal>) -> Result<Report, SessionError> {
    let JournalArgs { plan, set } = JournalArgs::default();
    read_stored(input, plan, set, &terminal.context())
}
