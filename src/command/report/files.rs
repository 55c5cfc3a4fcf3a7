//! The files of `allstop report`: what is read, what is written, and what must not be overwritten.

use std::io::{self, Write};

use allstop::report::{Destination, Report};
use allstop::session::{Input, SessionError, note_kept, read_stored, refuse_journal};

use crate::cli::JournalArgs;
use crate::command::process::Process;

/// Reads a report, or makes it from a journal.
pub(super) fn read(input: &Input, journal: JournalArgs, process: &Process) -> Result<Report, SessionError> {
    read_stored(input, journal.into(), &process.context())
}

/// Refuses to overwrite what is read.
pub(super) fn refuse_loss<'a>(
    output: Option<&Destination>,
    inputs: impl IntoIterator<Item = &'a Input>,
) -> Result<(), SessionError> {
    let Some(output) = output else { return Ok(()) };
    match inputs.into_iter().filter_map(Input::path).find(|input| output.replaces(input)) {
        None => refuse_journal("--output", output),
        Some(input) => {
            let message = format!("--output would overwrite {}, which is an input", input.display());
            Err(SessionError::input(message, "name another file"))
        }
    }
}

/// Writes to a file or to standard output, whose reader may go away. `run` is the id of the run whose report it is, if
/// it is one.
pub(super) fn write(
    output: Option<&Destination>,
    run: Option<&str>,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    process: &Process,
) -> Result<(), SessionError> {
    match output {
        None | Some(Destination::Stdout) => process.terminal.write(content),
        Some(file) => {
            note_kept(file.prepare()?.write(run, content)?, &process.context());
            Ok(())
        }
    }
}
