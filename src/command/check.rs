//! `allstop check`: what a plan would do, without any network.

use allstop::environment::Environment;
use allstop::report::folded;
use console::Term;

use super::failure::Failure;
use super::say;
use super::selection;
use super::shard;
use crate::cli::CheckArgs;

pub(super) fn check(args: CheckArgs, environment: &Environment) -> Result<u8, Failure> {
    let part = shard::of(args.selection.shard, environment)?;
    let mut plan = super::load(&args.plan.plan, args.plan.set, environment)?.plan;
    shard::take(&mut plan, part);
    let selection = selection::of(args.selection, &plan)?;
    let overview = plan.overview_of(|_, target| selection.takes(target));
    let shown = overview.to_string();
    let width = super::columns(&Term::stdout());
    say::aloud(width.map_or_else(|| shown.clone(), |width| folded(&shown, width)))?;
    if overview.stops() + overview.elsewhere == 0 { Err(selection::empty()) } else { Ok(0) }
}
