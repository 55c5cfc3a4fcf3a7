//! `allstop report show`: a report as a table.

use std::io::{self, IsTerminal};

use allstop::report::Table;
use allstop::session::{SessionError, next_command};
use console::Term;

use super::files;
use crate::cli::ShowArgs;
use crate::command::columns::columns;
use crate::command::process::Process;

pub(super) fn show(args: ShowArgs, process: &Process) -> Result<u8, SessionError> {
    let ShowArgs { report: input, journal, all } = args;
    let report = files::read(&input, journal, process)?;
    let next = next_command(&input, &report);
    let colour = process.terminal.colours(io::stdout().is_terminal());
    let table = Table { report: &report, all, again: next.as_deref(), width: columns(&Term::stdout()), colour };
    process.terminal.write(|out| table.write(out))?;
    Ok(0)
}
