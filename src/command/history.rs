//! `allstop report history` and `allstop report prune`: the runs of many reports, and what need not be kept of them.

use std::sync::Arc;

use super::output::{json, write};
use crate::base::ExitStatus;
use crate::base::count::counted;
use crate::cli::{HistoryArgs, PruneArgs};
use crate::report::{Escaped, History, HistoryPage, HistoryRun};
use crate::session::{HistoryOptions, Pruning, SessionError, delete_report, read_history, refuse_journal};
use crate::terminal::Terminal;

pub(super) fn history(args: HistoryArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let HistoryArgs { reports, live, since, json: as_json, html } = args;
    let options = HistoryOptions { since, is_live: live, ..reports.into() };
    if let Some(page) = &html {
        refuse_journal("--html", page)?;
    }
    let history = read_history(options, &terminal.context())?;
    match &html {
        Some(page) => write(Some(page), None, |out| HistoryPage(&history).write(out), terminal)?,
        None if as_json => terminal.write(|out| json(&history, out))?,
        None => terminal.write(|out| history.write(out))?,
    }
    Ok(status(&history))
}

pub(super) fn prune(args: PruneArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let PruneArgs { reports, keep, dry_run, yes } = args;
    let context = terminal.context();
    let history = read_history(reports.into(), &context)?;
    let Pruning { delete, open, newest, .. } = Pruning::of(&history, &keep, &context)?;
    for run in open {
        context.ui.note(&format!("kept {}: its run can be resumed from its journal", run.path.display()));
    }
    let all = counted(delete.len() as u64, "report");
    if delete.is_empty() {
        terminal.write(|out| writeln!(out, "No report to delete."))?;
        return Ok(status(&history));
    }
    terminal.write(|out| HistoryRun::write_old(&delete, context.now(), out))?;
    for run in newest {
        let kept =
            format!("Kept as the newest run of its plan, shard and mode: {}", Escaped(&run.path.to_string_lossy()));
        terminal.write(|out| writeln!(out, "{kept}"))?;
    }
    if dry_run {
        terminal.write(|out| writeln!(out, "{all} would be deleted."))?;
        return Ok(status(&history));
    }
    if !yes && !agrees(&all, terminal)? {
        terminal.write(|out| writeln!(out, "No report was deleted."))?;
        return Ok(ExitStatus::Refused.code());
    }
    let failed = delete.iter().filter(|run| !is_deleted(run, terminal)).count() as u64;
    let deleted = counted(delete.len() as u64 - failed, "report");
    terminal.write(|out| writeln!(out, "{deleted} deleted."))?;
    Ok(if failed > 0 { ExitStatus::NotDone.code() } else { status(&history) })
}

/// Returns the exit status: what could not be read may be missing.
fn status(history: &History) -> u8 {
    if history.unread.is_empty() { ExitStatus::Done.code() } else { ExitStatus::NotDone.code() }
}

fn agrees(all: &str, terminal: &Arc<Terminal>) -> Result<bool, SessionError> {
    let context = terminal.context();
    if !context.ui.can_confirm() {
        let message = format!("{all} would be deleted, and nobody can be asked");
        return Err(SessionError::new(ExitStatus::Refused, message, "add --yes to delete without a prompt"));
    }
    Ok(terminal.agrees(&format!("Delete {all}?")))
}

fn is_deleted(run: &HistoryRun, terminal: &Arc<Terminal>) -> bool {
    match delete_report(run) {
        Ok(()) => true,
        Err(error) => {
            terminal.context().ui.warning(&format!("cannot delete {}: {error}", run.path.display()));
            false
        }
    }
}
