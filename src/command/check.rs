//! `allstop check`: what a plan would do, without any network.

use allstop::environment::Environment;

use super::failure::Failure;
use super::selection;
use crate::cli::CheckArgs;

pub(super) fn check(args: CheckArgs, environment: &Environment) -> Result<u8, Failure> {
    let plan = super::load(&args.plan.plan, args.plan.set, environment)?.plan;
    let selection = selection::of(args.selection, &plan)?;
    let overview = plan.overview_of(|_, target| selection.takes(target));
    anstream::println!("{overview}");
    if overview.stops() == 0 { Err(selection::empty()) } else { Ok(0) }
}
