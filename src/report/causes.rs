//! What went wrong, grouped: a thousand rows with one cause are one line.

use std::borrow::Borrow;
use std::cmp::Reverse;
use std::collections::HashMap;

use indexmap::IndexMap;

use super::json::{Row, RowError};
use super::place::{Places, beside};
use super::text::Escaped;
use super::words::plain;
use crate::base::count::{HumanCount, counted};
use crate::engine::{Outcome, SkipReason};
use crate::error::ErrorClass;
use crate::wording::label;

/// Rows that are not done for the same reason.
#[derive(Debug)]
pub(super) struct Cause {
    /// How many rows.
    pub(super) count: u64,
    /// Their outcome.
    pub(super) outcome: Outcome,
    /// Why nothing was sent, for `skipped`.
    pub(super) reason: Option<SkipReason>,
    /// The first row's error.
    error: Option<RowError>,
    /// The message without what differs from row to row.
    message: String,
    /// Whether all rows have the first one's message, word for word.
    is_same: bool,
    /// The ids of the first few rows, and where they are.
    ids: Vec<(String, Option<String>)>,
}

/// What makes two rows one group: outcome and reason, class and code, message, and hint.
type Key = (Outcome, Option<SkipReason>, Option<(ErrorClass, Option<String>)>, String, Option<String>);

/// Groups rows that are not done, the largest group first; each keeps the ids of its first `examples` rows.
///
/// Skipped rows without an error of their own are left out: the counts say everything about those.
pub(super) fn causes(rows: impl Iterator<Item = impl Borrow<Row>>, places: Places, examples: usize) -> Vec<Cause> {
    let is_told = |row: &Row| row.outcome != Outcome::Skipped || row.error.is_some();
    ranked(rows.filter(|row| is_told(row.borrow())).map(Some), places, examples).0
}

/// Groups rows that are not done as [`causes`] does, skipped ones included; `None` is a row that is done.
///
/// Besides, returns for each row the rank of its cause, from 1; 0 for those that are done.
pub(super) fn ranked(
    rows: impl Iterator<Item = Option<impl Borrow<Row>>>,
    places: Places,
    examples: usize,
) -> (Vec<Cause>, Vec<usize>) {
    let mut groups: IndexMap<Key, Cause> = IndexMap::new();
    let mut of_rows = Vec::new();
    for row in rows {
        let Some(row) = row.as_ref().map(Borrow::borrow) else {
            of_rows.push(0);
            continue;
        };
        let group = groups.entry(key(row));
        of_rows.push(group.index() + 1);
        group.or_insert_with_key(|key| Cause::new(row, key.3.clone())).add(row, places, examples);
    }
    let mut numbered: Vec<_> = (1..).zip(groups.into_values()).collect();
    numbered.sort_by_key(|(_, cause)| Reverse(cause.count));
    let ranks: HashMap<_, _> = numbered.iter().zip(1..).map(|((number, _), rank)| (*number, rank)).collect();
    of_rows.iter_mut().for_each(|number| *number = ranks.get(number).copied().unwrap_or(0));
    (numbered.into_iter().map(|(_, cause)| cause).collect(), of_rows)
}

/// Says how many targets have causes that are not shown, as in `4 more targets for 2 other causes`.
pub(super) fn rest(causes: &[Cause]) -> Option<String> {
    let targets = counted(causes.iter().map(|cause| cause.count).sum(), "more target");
    (!causes.is_empty()).then(|| format!("{targets} for {}", counted(causes.len() as u64, "other cause")))
}

/// Returns what a row has in common with others.
fn key(row: &Row) -> Key {
    let error = row.error.as_ref();
    let code = error.map(|error| (error.class, error.code.clone()));
    (row.outcome, row.reason, code, general(row), error.and_then(|error| error.hint.clone()))
}

/// Returns the error's message without what names this one target or request.
fn general(row: &Row) -> String {
    let Some(error) = &row.error else { return String::new() };
    let identity = row.identity().filter_map(|(_, value)| value.text());
    let own = identity.chain(error.request_id.as_deref());
    own.filter(|text| text.len() > 2).fold(error.message.clone(), |message, text| {
        if message.contains(text) { message.replace(text, "…") } else { message }
    })
}

impl Cause {
    fn new(first: &Row, message: String) -> Self {
        let (outcome, reason, error) = (first.outcome, first.reason, first.error.clone());
        Self { count: 0, outcome, reason, error, message, is_same: true, ids: Vec::new() }
    }

    fn add(&mut self, row: &Row, places: Places, examples: usize) {
        let (first, own) = (self.error.as_ref(), row.error.as_ref());
        self.count += 1;
        self.is_same &= first.map(|error| &error.message) == own.map(|error| &error.message);
        if self.ids.len() < examples {
            self.ids.push((row.id.clone(), places.of(row)));
        }
    }

    /// Returns what to do about it.
    pub(super) fn hint(&self) -> Option<&str> {
        self.error.as_ref()?.hint.as_deref()
    }

    /// Returns the group's first line after the number, such as `failed: denied, AccessDenied: no permission`.
    pub(super) fn headline(&self) -> String {
        let outcome = plain(self.outcome);
        let (Some(class), Some(message)) = (self.class(), self.message()) else { return outcome };
        Escaped(&format!("{outcome}: {class}: {message}")).to_string()
    }

    /// Returns the class of the error and the vendor's code, such as `denied, AccessDenied`; not made harmless.
    pub(super) fn class(&self) -> Option<String> {
        let error = self.error.as_ref()?;
        let code = error.code.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
        Some(format!("{}{code}", label(error.class.name())))
    }

    /// Returns the error's message, without what differs from row to row; not made harmless.
    pub(super) fn message(&self) -> Option<&str> {
        self.error.as_ref().map(|error| if self.is_same { &*error.message } else { &*self.message })
    }

    /// Returns the ids of its first rows, as they are, and where they are, harmless.
    pub(super) fn ids(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.ids.iter().map(|(id, place)| (id.as_str(), place.as_deref()))
    }

    /// Lists the ids of its first rows.
    pub(super) fn examples(&self) -> String {
        let ids: Vec<String> = self.ids().map(|(id, place)| beside(id, place)).collect();
        let shown = ids.join(", ");
        match self.more() {
            0 => shown,
            more => format!("{shown} and {} more", HumanCount(more)),
        }
    }

    /// Returns how many rows there are besides its first.
    pub(super) fn more(&self) -> u64 {
        self.count.saturating_sub(self.ids.len() as u64)
    }
}
