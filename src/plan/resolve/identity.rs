//! Gives every target its id, and finds those that name the same resource.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::environment::Environment;
use crate::plan::account::Account;
use crate::plan::duplicates::duplicates;
use crate::plan::files::{Files, Line};
use crate::plan::finding::Finding;
use crate::plan::naming;
use crate::plan::reader::Reader;
use crate::plan::sites::{self, Sites};
use crate::plan::target::Target;
use crate::plan::tree::Span;

const TITLE: &str = "this target names the same resource as an earlier one";
const HINT: &str = "the resource is stopped once; the report marks this target as a duplicate";

/// The place of a target, or of its id.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Plan(Span),
    File(Line),
}

impl Place {
    /// Returns the place of a part of that line, or of the plan.
    pub(super) fn of(part: Span, line: Option<Line>) -> Self {
        line.map_or(Self::Plan(part), Self::File)
    }

    /// Names it for a message, such as `executions.csv:17`; `plan` is the plan's text.
    pub(super) fn name(self, plan: &str, files: &Files<'_>) -> String {
        match self {
            Self::File(line) => files.name(line),
            Self::Plan(span) => {
                let before = plan.get(..span.range().start).unwrap_or_default();
                format!("line {} of the plan", before.matches('\n').count() + 1)
            }
        }
    }
}

/// Sets the ids that are not as they are made, and marks duplicates.
pub(super) fn settle(
    targets: &mut [Target],
    places: &[Place],
    stated: &HashMap<Arc<str>, Place>,
    accounts: &[Account],
    (files, reader): (&mut Files<'_>, &mut Reader<'_>),
) {
    naming::name(targets, accounts, &|id| stated.contains_key(id));
    let environment = reader.variables.map(|known| &known.variables.environment);
    let sites = Sites::of(accounts, environment.unwrap_or(&Environment::default()), |_| None);
    for (number, first) in duplicates(targets, &sites) {
        let hint = hint(targets, accounts, (number, first));
        if let Some(target) = targets.get_mut(number as usize) {
            target.duplicate_of = Some(first);
        }
        match (places.get(number as usize), places.get(first as usize)) {
            (Some(Place::Plan(place)), Some(Place::Plan(first))) => reader.found.push(
                Finding::warning(*place, TITLE).label("duplicate").related(*first, "first defined here").hint(hint),
            ),
            (Some(Place::Plan(place)), Some(first)) => {
                let hint = format!("first defined at {}; {hint}", first.name(reader.source, files));
                reader.found.push(Finding::warning(*place, TITLE).label("duplicate").hint(hint));
            }
            (Some(Place::File(line)), Some(first)) => files
                .warn(*line, TITLE, |files| format!("first defined at {}; {hint}", first.name(reader.source, files))),
            (_, None) | (None, _) => {}
        }
    }
}

/// Returns a hint: what follows, and whether two accounts are one place.
fn hint(targets: &[Target], accounts: &[Account], (number, first): (u32, u32)) -> String {
    let account = |number: u32| accounts.get(usize::from(targets.get(number as usize)?.account));
    match (account(first), account(number)) {
        (Some(first), Some(own)) if first.name != own.name => {
            format!("{}; {HINT}", sites::same(first, own))
        }
        _ => HINT.to_owned(),
    }
}
