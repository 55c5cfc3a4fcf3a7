//! What refuses a run before anything is sent, known without a key and without a network.

use jiff::Timestamp;

use super::earlier::Earlier;
use crate::plan::{Account, Choice, Overview, Plan, Target};

/// Says what a run of what an overview counts would meet before anything is sent, its credentials apart: the guard that
/// refuses it, if one does. Without `now`, as in a rehearsal and a dry run, no window is closed.
pub(crate) fn foresee(plan: &Plan, overview: &Overview, now: Option<Timestamp>) -> Option<String> {
    let count = usize::try_from(overview.stops() + overview.elsewhere).unwrap_or(usize::MAX);
    refusal(plan, count, Earlier::default(), now)
}

/// Returns which accounts of a plan have targets that an overview counts as to be stopped, by number.
#[must_use]
pub(crate) fn in_use(plan: &Plan, overview: &Overview) -> Vec<bool> {
    let stops = |account: &Account| overview.rows.iter().any(|row| row.stops > 0 && row.account == account.name);
    plan.accounts.iter().map(stops).collect()
}

/// Returns which accounts have targets that are to be stopped, by number.
pub(super) fn accounts_in_use(plan: &Plan, selected: impl Fn(usize, &Target) -> bool) -> Vec<bool> {
    let mut in_use = vec![false; plan.accounts.len()];
    for (target, _) in plan.targets.iter().zip(plan.choices(selected)).filter(|(_, choice)| *choice == Choice::Stop) {
        in_use[target.account_id().index()] = true;
    }
    in_use
}

/// Tells which guard refuses to stop so many targets now, after what earlier rounds did, if one does; without `now`, no
/// window is closed.
pub(super) fn refusal(plan: &Plan, selected: usize, earlier: Earlier, now: Option<Timestamp>) -> Option<String> {
    let guards = &plan.guards;
    if earlier.found > 0 && selected as u64 + earlier.found > guards.max_targets as u64 {
        return Some(format!(
            "this round selects {selected} targets after {} in earlier rounds, more than guards.max_targets allows in all \
             ({})",
            earlier.found, guards.max_targets
        ));
    }
    if selected > guards.max_targets {
        return Some(format!(
            "the plan selects {selected} targets, more than guards.max_targets allows ({})",
            guards.max_targets
        ));
    }
    foresee_window(plan, now?)
}

/// Says that the guards' window is closed now, if it is.
pub(crate) fn foresee_window(plan: &Plan, now: Timestamp) -> Option<String> {
    let window = plan.guards.window.as_ref()?;
    if window.is_open(now) {
        return None;
    }
    let why = window.exception_at(now).map_or_else(String::new, |why| format!(": {why}"));
    let opens = match window.next_open(now) {
        Some(at) => format!("; it opens at {}", window.opening_text(at)),
        None if window.except.is_empty() => String::new(),
        None => "; it never opens again, because all days from now on are excepted".to_owned(),
    };
    Some(format!("guards.window is closed now{why}{opens}"))
}
