//! The guards and the verification of a plan, in sentences.

use crate::base::count::HumanCount;
use crate::plan::{MaxFailures, NotFound, Plan, VerifyMode};

/// Returns the rules that a run goes by, one sentence each.
pub(super) fn rules(plan: &Plan) -> Vec<String> {
    let guards = &plan.guards;
    let patterns = guards.protect.texts();
    let protected = (!patterns.is_empty()).then(|| format!("Protected: targets matching {}.", patterns.join(" or ")));
    let until: Vec<_> =
        guards.protect_until.holding_entries().map(|(text, day)| format!("{text} until {day}")).collect();
    let until = (!until.is_empty()).then(|| format!("Protected: targets matching {}.", until.join(" or ")));
    let failures = guards.max_failures.map(|rule| match rule {
        MaxFailures::Count(1) => "The first failure ends the run.".to_owned(),
        MaxFailures::Count(count) => format!("{} failures end the run.", HumanCount(count)),
        MaxFailures::Percent(_) => format!("The run ends when {rule} of its targets have failed."),
    });
    let gone = match guards.not_found {
        NotFound::Ok => "A resource that is gone counts as done.",
        NotFound::Fail => "A resource that is gone counts as a failure.",
    };
    let window = guards.window.as_ref().map(|window| format!("Stops are sent only {window}."));
    let verify = match plan.verify.mode {
        VerifyMode::Auto => "Verify: only when the response is inconclusive.",
        VerifyMode::Always => "Verify: every target's state is read after its stop.",
        VerifyMode::Off => "Verify: off; accepted stops are reported as `accepted` without verification.",
    };
    let rules = [protected, until, failures, Some(gone.to_owned()), window, Some(verify.to_owned())];
    rules.into_iter().flatten().collect()
}
