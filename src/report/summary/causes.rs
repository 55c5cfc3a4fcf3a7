//! What went wrong, grouped: a thousand rows with one cause are one line.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::super::text::Harmless;
use super::super::{Standing, standing};
use crate::class::ErrorClass;
use crate::plan::{Plan, Target};
use crate::run::{Outcome, Results, TargetError, TargetResult};

/// How many ids stand for a group.
const EXAMPLES: usize = 3;

/// Rows that are not done for the same reason.
#[derive(Debug)]
pub(super) struct Cause<'a> {
    /// How many rows.
    pub(super) count: u64,
    outcome: Outcome,
    /// The first row's.
    error: Option<Box<TargetError>>,
    /// The message without what differs from row to row.
    message: String,
    ids: Vec<Cow<'a, str>>,
}

/// What makes two rows one group.
type Key = (Outcome, Option<(ErrorClass, Option<Box<str>>)>, String);

/// Groups the rows that are not done, the largest group first.
///
/// Skipped rows without an error of their own are not among them: the counts say everything about those.
pub(super) fn causes<'a>(plan: &'a Plan, results: &Results) -> Vec<Cause<'a>> {
    let mut causes: Vec<Cause<'a>> = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    for (target, result) in plan.targets.iter().zip(results.iter()) {
        let error = result.error.as_deref();
        let is_told = result.outcome != Outcome::Skipped || error.is_some();
        if !is_told || standing(plan, &result) != Standing::Open {
            continue;
        }
        let message = error.map(|error| general(error, target)).unwrap_or_default();
        let key = (result.outcome, error.map(|error| (error.class, error.code.clone())), message);
        match places.entry(key) {
            Entry::Occupied(place) => {
                if let Some(cause) = causes.get_mut(*place.get()) {
                    cause.add(target);
                }
            }
            Entry::Vacant(place) => {
                causes.push(Cause::new(target, result, place.key().2.clone()));
                place.insert(causes.len() - 1);
            }
        }
    }
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.count));
    causes
}

/// Takes out of a message what names this one target or request.
fn general(error: &TargetError, target: &Target) -> String {
    let own = target.params.identity(target.kind.params()).chain(error.request_id.as_deref());
    own.filter(|text| text.len() > 2).fold(error.message.to_string(), |message, text| {
        if message.contains(text) { message.replace(text, "…") } else { message }
    })
}

impl<'a> Cause<'a> {
    fn new(target: &'a Target, result: TargetResult, message: String) -> Self {
        Self { count: 1, outcome: result.outcome, error: result.error, message, ids: vec![target.id()] }
    }

    fn add(&mut self, target: &'a Target) {
        self.count += 1;
        if self.ids.len() < EXAMPLES {
            self.ids.push(target.id());
        }
    }

    /// Returns the group's first line after the number, such as `failed: denied, AccessDenied: no permission`.
    pub(super) fn headline(&self) -> String {
        let outcome = self.outcome.name().replace('_', " ");
        let Some(error) = &self.error else { return outcome };
        let code = error.code.as_deref().map(|code| format!(", {code}")).unwrap_or_default();
        let message = if self.count == 1 { &error.message } else { self.message.as_str() };
        let class = error.class.name().replace('_', " ");
        Harmless(&format!("{outcome}: {class}{code}: {message}")).to_string()
    }

    /// Returns what to do about it.
    pub(super) fn hint(&self) -> Option<&str> {
        self.error.as_ref()?.hint.as_deref()
    }

    /// Returns the ids of the first few rows.
    pub(super) fn examples(&self) -> String {
        let ids: Vec<String> = self.ids.iter().map(|id| Harmless(id).to_string()).collect();
        let shown = ids.join(", ");
        match self.count - self.ids.len() as u64 {
            0 => shown,
            more => format!("{shown} and {more} more"),
        }
    }
}
