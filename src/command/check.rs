//! `allstop check`: what a plan would do, without any network.

mod line;

use allstop::environment::Environment;
use allstop::plan::{Overview, Plan, Selection};
use allstop::report::folded;
use console::Term;

use super::failure::Failure;
use super::say;
use super::selection;
use super::shard;
use crate::cli::{CheckArgs, CheckOutput};
use line::Line;

pub(super) fn check(args: CheckArgs, environment: &Environment) -> Result<u8, Failure> {
    let (is_for_programs, is_listed) = (args.output == CheckOutput::Json, args.list);
    let result = look_at(args, environment);
    if is_for_programs {
        return tell_programs(result);
    }
    let (plan, selection) = result?;
    let overview = plan.overview_of(|_, target| selection.takes(target));
    let shown = overview.to_string();
    let width = super::columns(&Term::stdout());
    say::aloud(width.map_or_else(|| shown.clone(), |width| folded(&shown, width)))?;
    if is_listed {
        // Names are not folded: they will be copied.
        let listing = plan.listing(|_, target| selection.takes(target));
        say::aloud(listing.shown(usize::MAX).trim_end())?;
    }
    verdict(&overview)
}

/// Reads the plan and prepares the selection of what of it would be stopped.
fn look_at(args: CheckArgs, environment: &Environment) -> Result<(Plan, Selection), Failure> {
    let part = shard::of(args.selection.shard, environment)?;
    let mut plan = super::load(&args.plan.plan, args.plan.set, environment)?.plan;
    shard::take(&mut plan, part);
    let selection = selection::of(args.selection, &plan)?;
    Ok((plan, selection))
}

fn verdict(overview: &Overview) -> Result<u8, Failure> {
    if overview.stops() + overview.elsewhere == 0 { Err(selection::empty()) } else { Ok(0) }
}

/// Writes the line for programs; what is wrong is told on standard error all the same.
fn tell_programs(result: Result<(Plan, Selection), Failure>) -> Result<u8, Failure> {
    let (plan, selection) = match result {
        Ok(read) => read,
        Err(failure) => {
            let verdict = Err(failure);
            // A plan that is wrong is worse news than a line that could not be written.
            let _ = Line::default().ended(&verdict).write();
            return verdict;
        }
    };
    let overview = plan.overview_of(|_, target| selection.takes(target));
    let listing = plan.listing(|_, target| selection.takes(target));
    let verdict = verdict(&overview);
    let written = Line::new(&listing, &overview).ended(&verdict).write();
    verdict.and_then(|code| written.map(|()| code))
}
