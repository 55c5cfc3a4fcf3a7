//! `allstop check`: what a plan would do, without any network.

mod line;

use allstop::environment::Environment;
use allstop::plan::{Overview, Plan};
use allstop::report::folded;
use console::Term;

use super::failure::Failure;
use super::say;
use super::selection;
use super::shard;
use crate::cli::{CheckArgs, CheckOutput};
use line::Line;

pub(super) fn check(args: CheckArgs, environment: &Environment) -> Result<u8, Failure> {
    let is_for_programs = args.output == CheckOutput::Json;
    let result = look_at(args, environment);
    if is_for_programs {
        return tell_programs(result);
    }
    let (_, overview) = result?;
    let shown = overview.to_string();
    let width = super::columns(&Term::stdout());
    say::aloud(width.map_or_else(|| shown.clone(), |width| folded(&shown, width)))?;
    verdict(&overview)
}

/// Reads the plan and works out what its selected part would stop.
fn look_at(args: CheckArgs, environment: &Environment) -> Result<(Plan, Overview), Failure> {
    let part = shard::of(args.selection.shard, environment)?;
    let mut plan = super::load(&args.plan.plan, args.plan.set, environment)?.plan;
    shard::take(&mut plan, part);
    let selection = selection::of(args.selection, &plan)?;
    let overview = plan.overview_of(|_, target| selection.takes(target));
    Ok((plan, overview))
}

fn verdict(overview: &Overview) -> Result<u8, Failure> {
    if overview.stops() + overview.elsewhere == 0 { Err(selection::empty()) } else { Ok(0) }
}

/// Writes the line for programs; what is wrong is told on standard error all the same.
fn tell_programs(result: Result<(Plan, Overview), Failure>) -> Result<u8, Failure> {
    let (line, verdict) = match result {
        Ok((plan, overview)) => (Line::new(&plan, &overview), verdict(&overview)),
        Err(failure) => (Line::default(), Err(failure)),
    };
    let written = line.ended(&verdict).write();
    // A plan that is wrong is worse news than a line that could not be written.
    verdict.and_then(|code| written.map(|()| code))
}
