//! `allstop check`: what a plan would do, without any network.

mod line;

use allstop::clock::{Clock, SystemClock};
use allstop::credentials::{CredentialProvider, EnvironmentProvider};
use allstop::engine::{RunError, foresee, in_use};
use allstop::environment::Environment;
use allstop::plan::{Overview, Plan, Selection};
use allstop::report::{Preview, folded, targets, warnings};
use console::Term;
use futures::FutureExt;

use super::failure::Failure;
use super::options;
use super::say;
use super::selection;
use super::shard;
use crate::cli::{CheckArgs, CheckOutput};
use line::Line;

/// What a look at a plan found.
struct Found {
    plan: Plan,
    selection: Selection,
    overview: Overview,
    warnings: Vec<String>,
    /// How a run would end before it sends anything.
    verdict: Result<u8, Failure>,
}

pub(super) fn check(args: CheckArgs, environment: &Environment) -> Result<u8, Failure> {
    let (is_for_programs, is_listed) = (args.output == CheckOutput::Json, args.list);
    let result = look_at(args, environment);
    if is_for_programs {
        return tell_programs(result);
    }
    let Found { plan, selection, overview, warnings, verdict } = result?;
    let shown = Preview { plan: &plan, overview: &overview, warnings: &warnings }.to_string();
    let width = super::columns(&Term::stdout());
    say::aloud(width.map_or_else(|| shown.clone(), |width| folded(&shown, width)))?;
    if is_listed {
        // Names are not folded: they will be copied.
        let listing = plan.listing(|_, target| selection.takes(target));
        say::aloud(targets(&listing, usize::MAX).trim_end())?;
    }
    verdict
}

/// Reads the plan and works out what its selected part would stop.
fn look_at(args: CheckArgs, environment: &Environment) -> Result<Found, Failure> {
    let part = shard::of(args.selection.shard, environment)?;
    let mut plan = super::load(&args.plan.plan, args.plan.set, environment)?.plan;
    shard::take(&mut plan, part);
    options::complete(&mut plan, environment);
    let selection = selection::of(args.selection, &plan)?;
    let overview = plan.overview_of(|_, target| selection.takes(target));
    let in_use = in_use(&plan, &overview);
    let mut warnings = warnings(&plan, &overview);
    warnings.extend(plan.odd_regions(&in_use));
    warnings.extend(absent_keys(&plan, &in_use, environment));
    let verdict = verdict(&overview, foresee(&plan, &overview, Some(SystemClock.now())));
    Ok(Found { plan, selection, overview, warnings, verdict })
}

fn verdict(overview: &Overview, foreseen: Result<Option<String>, RunError>) -> Result<u8, Failure> {
    if overview.stops() == 0 {
        return if overview.elsewhere == 0 { Err(selection::empty()) } else { Ok(0) };
    }
    match foreseen? {
        None => Ok(0),
        Some(refusal) => Err(Failure::refused(refusal, "`allstop run` would be refused now, and send nothing")),
    }
}

/// Says which keys are not here. A plan may be checked where there are none: they are no fault of the plan.
fn absent_keys(plan: &Plan, in_use: &[bool], environment: &Environment) -> Vec<String> {
    let provider = EnvironmentProvider::new(environment.clone());
    let used = plan.accounts.iter().zip(in_use).filter(|(_, is_used)| **is_used);
    let absent = used.filter_map(|(account, _)| provider.credentials(account).now_or_never()?.err());
    absent.map(|error| format!("A run from here would end with exit status 2: {error}.")).collect()
}

/// Writes the line for programs; what is wrong is told on standard error all the same.
fn tell_programs(result: Result<Found, Failure>) -> Result<u8, Failure> {
    let Found { plan, selection, overview, warnings, verdict } = match result {
        Ok(found) => found,
        Err(failure) => {
            let verdict = Err(failure);
            // A plan that is wrong is worse news than a line that could not be written.
            let _ = Line::default().ended(&verdict).write();
            return verdict;
        }
    };
    let listing = plan.listing(|_, target| selection.takes(target));
    let written = Line::new(&listing, &overview, warnings).ended(&verdict).write();
    verdict.and_then(|code| written.map(|()| code))
}
