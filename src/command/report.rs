//! `allstop report`: what earlier runs wrote, for people and for other programs.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use console::Term;

use super::diff::diff;
use super::history::{history, prune};
use super::output::{json, refuse_loss, write};
use crate::cli::{ConvertArgs, JournalArgs, MergeArgs, ReportArgs, ReportCommand, ShowArgs, UndoArgs};
use crate::report::{CountKey, CountsBy, Report, ShardReport, Table, UndoScript, merge as merged};
use crate::session::{Input, SessionError, next_command, read_stored};
use crate::terminal::{Terminal, columns};

pub(super) fn report(args: ReportArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    match args.command {
        ReportCommand::Convert(args) => convert(args, terminal),
        ReportCommand::Diff(args) => diff(&args, terminal),
        ReportCommand::History(args) => history(args, terminal),
        ReportCommand::Merge(args) => merge(args, terminal),
        ReportCommand::Prune(args) => prune(args, terminal),
        ReportCommand::Show(args) => show(args, terminal),
        ReportCommand::Undo(args) => undo(args, terminal),
    }
}

fn show(args: ShowArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let ShowArgs { report: input, journal, all, by, json } = args;
    let too_many = (by.len() > CountsBy::MOST_KEYS).then(|| format!("--by has {} keys", by.len()));
    if let Some(message) = too_many {
        return Err(SessionError::input(message, "name one or two of kind, account, region and label.KEY"));
    }
    let report = read(&input, journal, terminal)?;
    if !by.is_empty() {
        return count(&report, &by, json, terminal);
    }
    let next = next_command(&input, &report);
    let colour = terminal.colours(io::stdout().is_terminal());
    let table = Table { report: &report, all, again: next.as_deref(), width: columns(&Term::stdout()), colour };
    terminal.write(|out| table.write(out))?;
    Ok(0)
}

fn count(report: &Report, by: &[CountKey], as_json: bool, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let counts = CountsBy::new(report, by);
    for key in counts.absent() {
        terminal.context().ui.note(&format!("no target of the report has a value of {key}"));
    }
    terminal.write(|out| if as_json { json(&counts, out) } else { counts.write(out) })?;
    Ok(0)
}

fn convert(args: ConvertArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let ConvertArgs { report: input, journal, to, output } = args;
    refuse_loss(output.as_ref(), [&input])?;
    let report = read(&input, journal, terminal)?;
    let next = next_command(&input, &report);
    write(output.as_ref(), None, |out| to.write(&report, next.as_deref(), out), terminal)?;
    Ok(0)
}

fn undo(args: UndoArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let UndoArgs { report: input, journal, output } = args;
    refuse_loss(output.as_ref(), [&input])?;
    let report = read(&input, journal, terminal)?;
    let script = UndoScript::of(&report).map_err(|error| SessionError::input(error, error.hint()))?;
    write(output.as_ref(), None, |out| script.write(out), terminal)?;
    if script.commands() == 0 {
        terminal.context().ui.note("the script has no command: the run stopped nothing that can be started again");
    }
    Ok(0)
}

fn merge(args: MergeArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    refuse_loss(args.output.as_ref(), &args.shards)?;
    let part = |input: &Input| {
        let report = read(input, JournalArgs::default(), terminal)?;
        Ok(ShardReport { report, path: input.path().map_or_else(|| PathBuf::from("standard input"), Path::to_owned) })
    };
    let parts = args.shards.iter().map(part).collect::<Result<Vec<_>, SessionError>>()?;
    let report = merged(parts, args.partial)?;
    write(args.output.as_ref(), Some(&report.run.id), |out| report.write_json(out), terminal)?;
    Ok(0)
}

/// Reads a report, or makes it from a journal.
fn read(
    input: &Input,
    JournalArgs { plan, set }: JournalArgs,
    terminal: &Arc<Terminal>,
) -> Result<Report, SessionError> {
    read_stored(input, plan, set, &terminal.context())
}
