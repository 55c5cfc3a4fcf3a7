//! What went wrong, grouped: a thousand rows with one cause are one line.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::json::{Row, RowError};
use super::text::Harmless;
use crate::class::ErrorClass;
use crate::plan::Target;
use crate::run::{Outcome, TargetError, TargetResult};

/// One row that is not done.
#[derive(Debug)]
pub(super) struct Finding<'a> {
    id: Cow<'a, str>,
    /// The values that name the resource.
    identity: Vec<&'a str>,
    outcome: Outcome,
    error: Option<Trouble<'a>>,
}

/// The error of a row.
#[derive(Debug, Clone, Copy)]
struct Trouble<'a> {
    class: ErrorClass,
    code: Option<&'a str>,
    message: &'a str,
    request_id: Option<&'a str>,
    hint: Option<&'a str>,
}

/// Rows that are not done for the same reason.
#[derive(Debug)]
pub(super) struct Cause<'a> {
    /// How many rows.
    pub(super) count: u64,
    outcome: Outcome,
    error: Option<Trouble<'a>>,
    /// The message without what differs from row to row.
    message: String,
    /// The first few rows.
    ids: Vec<Cow<'a, str>>,
}

/// What makes two rows one group.
type Key<'a> = (Outcome, Option<(ErrorClass, Option<&'a str>)>, String);

/// Groups rows that are not done, the largest group first; each keeps the ids of its first `examples` rows.
///
/// Skipped rows without an error of their own are left out: the counts say everything about those.
pub(super) fn causes<'a>(findings: impl Iterator<Item = Finding<'a>>, examples: usize) -> Vec<Cause<'a>> {
    let mut causes: Vec<Cause<'a>> = Vec::new();
    let mut places: HashMap<Key<'a>, usize> = HashMap::new();
    for finding in findings.filter(|finding| finding.outcome != Outcome::Skipped || finding.error.is_some()) {
        let error = finding.error;
        let key = (finding.outcome, error.map(|error| (error.class, error.code)), finding.general());
        match places.entry(key) {
            Entry::Occupied(place) => {
                if let Some(cause) = causes.get_mut(*place.get()) {
                    cause.count += 1;
                    if cause.ids.len() < examples {
                        cause.ids.push(finding.id);
                    }
                }
            }
            Entry::Vacant(place) => {
                causes.push(Cause::new(finding, place.key().2.clone()));
                place.insert(causes.len() - 1);
            }
        }
    }
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.count));
    causes
}

impl<'a> Finding<'a> {
    /// Takes what a run knows of a target.
    pub(super) fn of_result(target: &'a Target, result: &'a TargetResult) -> Self {
        Self {
            id: target.id(),
            identity: target.params.identity(target.kind.params()).collect(),
            outcome: result.outcome,
            error: result.error.as_deref().map(Trouble::from),
        }
    }

    /// Takes what a report says of a target.
    pub(super) fn of_row(row: &'a Row) -> Self {
        Self {
            id: Cow::Borrowed(&row.id),
            identity: row.identity().filter_map(|(_, value)| value.text()).collect(),
            outcome: row.outcome,
            error: row.error.as_ref().map(Trouble::from),
        }
    }

    /// Takes out of the message what names this one target or request.
    fn general(&self) -> String {
        let Some(error) = self.error else { return String::new() };
        let own = self.identity.iter().copied().chain(error.request_id);
        own.filter(|text| text.len() > 2).fold(error.message.to_owned(), |message, text| {
            if message.contains(text) { message.replace(text, "…") } else { message }
        })
    }
}

impl<'a> From<&'a TargetError> for Trouble<'a> {
    fn from(error: &'a TargetError) -> Self {
        Self {
            class: error.class,
            code: error.code.as_deref(),
            message: &error.message,
            request_id: error.request_id.as_deref(),
            hint: error.hint.as_deref(),
        }
    }
}

impl<'a> From<&'a RowError> for Trouble<'a> {
    fn from(error: &'a RowError) -> Self {
        Self {
            class: error.class,
            code: error.code.as_deref(),
            message: &error.message,
            request_id: error.request_id.as_deref(),
            hint: error.hint.as_deref(),
        }
    }
}

impl<'a> Cause<'a> {
    fn new(first: Finding<'a>, message: String) -> Self {
        Self { count: 1, outcome: first.outcome, error: first.error, message, ids: vec![first.id] }
    }

    /// Returns what to do about it.
    pub(super) fn hint(&self) -> Option<&'a str> {
        self.error.and_then(|error| error.hint)
    }

    /// Returns the group's first line after the number, such as `failed: denied, AccessDenied: no permission`.
    pub(super) fn headline(&self) -> String {
        let outcome = self.outcome.name().replace('_', " ");
        let Some(error) = self.error else { return outcome };
        let code = error.code.map(|code| format!(", {code}")).unwrap_or_default();
        let message = if self.count == 1 { error.message } else { self.message.as_str() };
        let class = error.class.name().replace('_', " ");
        Harmless(&format!("{outcome}: {class}{code}: {message}")).to_string()
    }

    /// Returns the ids of its first rows, as they are.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(AsRef::as_ref)
    }

    /// Lists the ids of its first rows.
    pub(super) fn examples(&self) -> String {
        let ids: Vec<String> = self.ids.iter().map(|id| Harmless(id).to_string()).collect();
        let shown = ids.join(", ");
        match self.count - self.ids.len() as u64 {
            0 => shown,
            more => format!("{shown} and {more} more"),
        }
    }
}
