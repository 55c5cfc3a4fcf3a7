//! The runs of many reports, found in files and directories, and the reports that are old enough to be deleted.

use std::fs;
use std::io;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::context::Context;
use super::error::SessionError;
use super::place::journal_of;
use crate::base::count::{HumanCount, agreed};
use crate::journal;
use crate::report::{History, HistoryFilter, HistoryRun, head_of, is_whole, old, report_files};

/// How many reports that could not be read are named.
const NAMED: usize = 10;

/// Where reports are looked for, and which runs are wanted.
#[derive(Debug, Clone, Default)]
pub struct HistoryOptions {
    /// Reports, and directories with reports; the working directory if there are none.
    pub paths: Vec<PathBuf>,
    /// Whether directories in directories are searched, too.
    pub is_recursive: bool,
    /// The names of the plans; all if there are none.
    pub plans: Vec<String>,
    /// How long ago the runs began at most.
    pub since: Option<Span>,
    /// Whether only runs are wanted that stopped things in a cloud.
    pub is_live: bool,
}

/// Reads the history of runs. Files that are no reports get a note, reports that cannot be read a warning each.
///
/// # Errors
///
/// Fails when a path cannot be read.
pub fn read_history(options: HistoryOptions, context: &Context) -> Result<History, SessionError> {
    let HistoryOptions { mut paths, is_recursive, plans, since, is_live } = options;
    if paths.is_empty() {
        paths.push(".".into());
    }
    let mut files = Vec::new();
    for path in paths {
        let found = report_files(&path, is_recursive).map_err(|error| {
            let message = format!("cannot read the report or directory {}: {error}", path.display());
            SessionError::input(message, "name a report, or a directory with reports")
        })?;
        // A directory is written without its `.`: whoever copies a name copies a short one.
        files.extend(found.into_iter().map(|file| file.strip_prefix(".").map(Into::into).unwrap_or(file)));
    }
    let mut history = History::read(files);
    let since = since.map(|span| before(&span, context)).transpose()?;
    history.retain(&HistoryFilter { plans, since, is_live });
    tell(&history, context);
    Ok(history)
}

fn tell(history: &History, context: &Context) {
    if history.others > 0 {
        let files = agreed(history.others, "file that is no report", "files that are no reports");
        context.ui.note(&format!("skipped {files}"));
    }
    if !history.copies.is_empty() {
        let copies = agreed(history.copies.len() as u64, "further report of a run", "further reports of runs");
        context.ui.note(&format!("left out {copies} in the list"));
    }
    for unread in history.unread.iter().take(NAMED) {
        context.ui.warning(&format!("cannot read the report {}", unread.line()));
    }
    match history.unread.len().saturating_sub(NAMED) {
        0 => {}
        more => context.ui.warning(&format!("cannot read {} more reports", HumanCount(more as u64))),
    }
}

/// Returns the moment that lies so long before now.
fn before(span: &Span, context: &Context) -> Result<Timestamp, SessionError> {
    let before = context.now().to_zoned(TimeZone::UTC).checked_sub(*span);
    let before = before.map_err(|error| SessionError::input(error, "name a shorter time"))?;
    Ok(before.timestamp())
}

/// The reports that a pruning deletes, and those that it keeps although they are old.
#[derive(Debug)]
#[non_exhaustive]
pub struct Pruning<'a> {
    /// The reports to delete, the oldest first.
    pub delete: Vec<&'a HistoryRun>,
    /// Reports whose runs can be resumed from their journals, or are still going on.
    pub open: Vec<&'a HistoryRun>,
    /// Reports of the newest runs of their plans, shards and modes, the oldest first.
    pub newest: Vec<&'a HistoryRun>,
}

impl<'a> Pruning<'a> {
    /// Finds the reports of runs that ended longer than `keep` ago. The newest run of each plan, shard and mode stays,
    /// and so does what is damaged or no regular file; a damaged report gets a warning.
    ///
    /// # Errors
    ///
    /// Fails when there is no moment so long ago.
    pub fn of(history: &'a History, keep: &Span, context: &Context) -> Result<Self, SessionError> {
        let (old, newest) = old(history, before(keep, context)?);
        let files = old.into_iter().filter(|run| fs::symlink_metadata(&run.path).is_ok_and(|found| found.is_file()));
        let (whole, damaged): (Vec<_>, Vec<_>) = files.partition(|run| is_whole(&run.path));
        for run in damaged {
            context.ui.warning(&format!("kept the report {}: it is damaged", run.path.display()));
        }
        let (open, delete) = whole.into_iter().partition(|run| journal::is_open(&journal_of(&run.path)));
        Ok(Self { delete, open, newest })
    }
}

/// Deletes a report, if it is still the one of its run.
///
/// # Errors
///
/// Fails when another file is there now, and when the system does not delete it.
pub fn delete_report(run: &HistoryRun) -> io::Result<()> {
    match head_of(&run.path) {
        Ok(Some((found, _))) if found.id == run.run.id => fs::remove_file(&run.path),
        Ok(_) | Err(_) => Err(io::Error::other("it has changed")),
    }
}
