//! `allstop report merge`: the reports of all shards as one.

use std::path::PathBuf;

use allstop::environment::Environment;
use allstop::report::{Part, merge as merged};

use super::Failure;
use crate::cli::{JournalArgs, MergeArgs};

pub(super) fn merge(args: MergeArgs, environment: &Environment) -> Result<u8, Failure> {
    super::refuse_loss(args.output.as_deref(), &args.shards)?;
    let read = |path: &PathBuf| super::read(path, &JournalArgs::default(), environment);
    let parts = args.shards.into_iter().map(|path| Ok(Part { report: read(&path)?, path }));
    let parts = parts.collect::<Result<Vec<_>, Failure>>()?;
    let report = merged(parts, args.partial).map_err(|error| Failure::input(&error, error.hint()))?;
    super::write(args.output.as_deref(), Some(&report.run.id), |out| report.write_json(out))?;
    Ok(0)
}
