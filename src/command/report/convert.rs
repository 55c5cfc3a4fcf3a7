//! `allstop report convert`: a report in another format.

use allstop::environment::Environment;

use super::Failure;
use crate::cli::ConvertArgs;

pub(super) fn convert(args: &ConvertArgs, environment: &Environment) -> Result<u8, Failure> {
    super::refuse_loss(args.output.as_deref(), [&args.report])?;
    let report = super::read(&args.report, &args.journal, environment)?;
    let again = super::again(&args.report, &report);
    super::write(args.output.as_deref(), None, |out| args.to.write(&report, again.as_deref(), out))?;
    Ok(0)
}
