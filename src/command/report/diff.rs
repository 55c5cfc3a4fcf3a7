//! `allstop report diff`: what changed from one report to another.

use std::io;

use allstop::environment::Environment;
use allstop::report::Diff;

use super::super::say;
use super::Failure;
use crate::cli::{DiffArgs, JournalArgs};

pub(super) fn diff(args: &DiffArgs, environment: &Environment) -> Result<u8, Failure> {
    let read = |path| super::read(path, &JournalArgs::default(), environment);
    let (old, new) = (read(&args.old)?, read(&args.new)?);
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
