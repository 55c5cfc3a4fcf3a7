//! `allstop report merge`: the reports of all shards as one.

use allstop::report::{Part, merge as merged};

use super::Failure;
use crate::cli::MergeArgs;

pub(super) fn merge(args: MergeArgs) -> Result<u8, Failure> {
    let parts = args.shards.into_iter().map(|path| Ok(Part { report: super::read(&path)?, path }));
    let parts = parts.collect::<Result<Vec<_>, Failure>>()?;
    let report = merged(parts, args.partial).map_err(|error| Failure::input(&error, error.hint()))?;
    super::write(args.output.as_deref(), |out| report.write_json(out))?;
    Ok(0)
}
