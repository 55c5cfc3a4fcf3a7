//! `allstop report convert`: a report in another format.

use super::Failure;
use crate::cli::ConvertArgs;

pub(super) fn convert(args: &ConvertArgs) -> Result<u8, Failure> {
    let report = super::read(&args.report)?;
    let again = super::again(&args.report, &report);
    super::write(args.output.as_deref(), |out| args.to.write(&report, again.as_deref(), out))?;
    Ok(0)
}
