//! Where the commands about reports write to.

use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use crate::report::Destination;
use crate::session::{Input, SessionError, note_kept, refuse_journal};
use crate::terminal::Terminal;

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
    terminal: &Arc<Terminal>,
) -> Result<(), SessionError> {
    match output {
        None | Some(Destination::Stdout) => terminal.write(content),
        Some(file) => {
            note_kept(file.prepare()?.write(run, content)?, &terminal.context());
            Ok(())
        }
    }
}

/// Writes a value as JSON that people can read.
pub(super) fn json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)
}
