//! `allstop report diff`: what changed from one report to another.

use std::io;

use allstop::report::Diff;
use allstop::session::SessionError;

use super::files;
use crate::cli::{DiffArgs, JournalArgs};
use crate::command::process::Process;

pub(super) fn diff(args: &DiffArgs, process: &Process) -> Result<u8, SessionError> {
    let read = |input| files::read(input, JournalArgs::default(), process);
    let (old, new) = (read(&args.old)?, read(&args.new)?);
    let diff = Diff::new(&old, &new);
    process.terminal.write(|out| {
        if args.json {
            serde_json::to_writer_pretty(&mut *out, &diff).map_err(io::Error::from)?;
            writeln!(out)
        } else {
            diff.write(out)
        }
    })?;
    Ok(u8::from(diff.is_worse()))
}
