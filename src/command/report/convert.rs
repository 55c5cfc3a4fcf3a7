//! `allstop report convert`: a report in another format.

use allstop::report::Format;
use allstop::session::{SessionError, next_command};

use super::files;
use crate::cli::ConvertArgs;
use crate::command::process::Process;

pub(super) fn convert(args: ConvertArgs, process: &Process) -> Result<u8, SessionError> {
    let ConvertArgs { report: input, journal, to, output } = args;
    files::refuse_loss(output.as_ref(), [&input])?;
    let report = files::read(&input, journal, process)?;
    let next = next_command(&input, &report);
    files::write(output.as_ref(), None, |out| Format::from(to).write(&report, next.as_deref(), out), process)?;
    Ok(0)
}
