//! `allstop check`: what a plan would do, without any network.

use allstop::environment::Environment;

use super::failure::Failure;
use crate::cli::CheckArgs;

pub(super) fn check(args: CheckArgs, environment: &Environment) -> Result<u8, Failure> {
    let loaded = super::load(&args.plan.plan, args.plan.set, environment)?;
    anstream::println!("{}", loaded.plan.overview());
    Ok(0)
}
