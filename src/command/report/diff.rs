//! `allstop report diff`: what changed from one report to another.

use std::io;

use allstop::report::Diff;

use super::super::say;
use super::Failure;
use crate::cli::DiffArgs;

pub(super) fn diff(args: &DiffArgs) -> Result<u8, Failure> {
    let (old, new) = (super::read(&args.old)?, super::read(&args.new)?);
    let diff = Diff::new(&old, &new);
    say::aloud_by(|out| {
        if args.json {
            serde_json::to_writer_pretty(&mut *out, &diff).map_err(io::Error::from)?;
            writeln!(out)
        } else {
            diff.write(out)
        }
    })?;
    Ok(u8::from(diff.is_worse()))
}
