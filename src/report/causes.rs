//! What went wrong, grouped: a thousand rows with one cause are one line.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::base::count::HumanCount;

use super::finding::{Finding, Key, Trouble};
use super::place::{Place, beside};
use super::text::Escaped;
use super::words::plain;
use crate::engine::{Outcome, SkipReason};
use crate::wording::label;

/// Rows that are not done for the same reason.
#[derive(Debug)]
pub(super) struct Cause<'a> {
    /// How many rows.
    pub(super) count: u64,
    /// What became of them.
    pub(super) outcome: Outcome,
    /// Why nothing was sent, where that is so.
    pub(super) reason: Option<SkipReason>,
    error: Option<Trouble<'a>>,
    /// The message without what differs from row to row.
    message: String,
    /// Whether all rows have the first one's message, word for word.
    is_same: bool,
    /// The ids of the first few rows, and where they are.
    ids: Vec<(Cow<'a, str>, Option<Place<'a>>)>,
}

/// Groups rows that are not done, the largest group first; each keeps the ids of its first `examples` rows.
///
/// Skipped rows without an error of their own are left out: the counts say everything about those.
pub(super) fn causes<'a>(findings: impl Iterator<Item = Finding<'a>>, examples: usize) -> Vec<Cause<'a>> {
    let told = findings.filter(|finding| finding.outcome != Outcome::Skipped || finding.error.is_some());
    ranked(told.map(Some), examples).0
}

/// Groups rows that are not done as [`causes`] does, skipped ones included; `None` stands for a row that is done.
///
/// Besides, returns for each row the rank of its cause, from 1; 0 for those that are done.
pub(super) fn ranked<'a>(
    rows: impl Iterator<Item = Option<Finding<'a>>>,
    examples: usize,
) -> (Vec<Cause<'a>>, Vec<usize>) {
    let mut causes: Vec<Cause<'a>> = Vec::new();
    let mut places: HashMap<Key<'a>, usize> = HashMap::new();
    let mut of_rows = Vec::new();
    for row in rows {
        let Some(finding) = row else {
            of_rows.push(0);
            continue;
        };
        let place = match places.entry(finding.key()) {
            Entry::Occupied(place) => *place.get(),
            Entry::Vacant(place) => {
                causes.push(Cause::new(&finding, place.key().3.clone()));
                *place.insert(causes.len())
            }
        };
        if let Some(cause) = causes.get_mut(place - 1) {
            cause.add(finding, examples);
        }
        of_rows.push(place);
    }
    let mut numbered: Vec<_> = (1..).zip(causes).collect();
    numbered.sort_by_key(|(_, cause): &(usize, Cause<'_>)| std::cmp::Reverse(cause.count));
    let mut ranks = vec![0; numbered.len() + 1];
    for (rank, (place, _)) in (1..).zip(&numbered) {
        if let Some(slot) = ranks.get_mut(*place) {
            *slot = rank;
        }
    }
    of_rows.iter_mut().for_each(|place| *place = ranks.get(*place).copied().unwrap_or_default());
    (numbered.into_iter().map(|(_, cause)| cause).collect(), of_rows)
}

impl<'a> Cause<'a> {
    fn new(first: &Finding<'a>, message: String) -> Self {
        let (outcome, reason, error) = (first.outcome, first.reason, first.error.clone());
        Self { count: 0, outcome, reason, error, message, is_same: true, ids: Vec::new() }
    }

    fn add(&mut self, finding: Finding<'a>, examples: usize) {
        self.count += 1;
        let (first, own) = (self.error.as_ref(), finding.error.as_ref());
        self.is_same &= first.map(|error| &*error.message) == own.map(|error| &*error.message);
        if self.ids.len() < examples {
            self.ids.push((finding.id, finding.place));
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

    /// Returns the ids of its first rows, as they are, and where they are.
    pub(super) fn ids(&self) -> impl Iterator<Item = (&str, Option<Place<'_>>)> {
        self.ids.iter().map(|(id, place)| (id.as_ref(), *place))
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
