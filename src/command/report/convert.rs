//! `allstop report convert`: a report in another format.

use std::path::Path;

use allstop::report::{Mode, Report};

use super::super::shell;
use super::Failure;
use crate::cli::ConvertArgs;

pub(super) fn convert(args: &ConvertArgs) -> Result<u8, Failure> {
    let report = super::read(&args.report)?;
    let again = again(&args.report, &report);
    super::write(args.output.as_deref(), |out| args.to.write(&report, again.as_deref(), out))?;
    Ok(0)
}

/// Returns the command that retries what the report at `path` leaves open; `None` where there is none.
fn again(path: &Path, report: &Report) -> Option<String> {
    if path == Path::new("-") || report.run.plan.path == "-" || report.run.mode != Mode::Live {
        return None;
    }
    Some(format!("allstop retry {}", shell::path(path)?))
}
