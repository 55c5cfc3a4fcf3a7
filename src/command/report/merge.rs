//! `allstop report merge`: the reports of all shards as one.

use std::path::{Path, PathBuf};

use allstop::report::{Part, merge as merged};
use allstop::session::{Input, SessionError};

use super::files;
use crate::cli::{JournalArgs, MergeArgs};
use crate::command::process::Process;

pub(super) fn merge(args: MergeArgs, process: &Process) -> Result<u8, SessionError> {
    files::refuse_loss(args.output.as_ref(), &args.shards)?;
    let part = |input: &Input| {
        let report = files::read(input, JournalArgs::default(), process)?;
        Ok(Part { report, path: input.path().map_or_else(|| PathBuf::from("standard input"), Path::to_owned) })
    };
    let parts = args.shards.iter().map(part).collect::<Result<Vec<_>, SessionError>>()?;
    let report = merged(parts, args.partial)?;
    files::write(args.output.as_ref(), Some(&report.run.id), |out| report.write_json(out), process)?;
    Ok(0)
}
