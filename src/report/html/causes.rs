//! Why targets are not stopped, grouped: a thousand rows with one cause are one entry.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use indicatif::HumanCount;

use super::super::text::Harmless;
use super::super::{Report, Row, RowError};
use super::words;
use crate::class::ErrorClass;
use crate::operation::Kind;
use crate::report::NamedValue;
use crate::run::{Outcome, SkipReason};

/// How many causes are told one by one.
pub(super) const SHOWN: usize = 20;

/// How many ids stand for a cause.
const EXAMPLES: usize = 3;

/// Rows that are not done for the same reason.
#[derive(Debug)]
pub(super) struct Cause<'a> {
    /// How many rows.
    count: u64,
    /// The first of them.
    first: &'a Row,
    /// The message without what differs from row to row.
    message: String,
    ids: Vec<&'a str>,
}

/// All causes of a report, the most frequent first.
#[derive(Debug)]
pub(super) struct Causes<'a> {
    list: Vec<Cause<'a>>,
    /// The rank of each row's cause, from 1; 0 where it has none.
    ranks: Vec<u32>,
}

/// What makes two rows one group.
type Key<'a> = (Outcome, Option<SkipReason>, Option<(ErrorClass, Option<&'a str>)>, String);

impl<'a> Causes<'a> {
    /// Groups the rows that are not done.
    pub(super) fn of(report: &'a Report) -> Self {
        let mut list: Vec<Cause<'a>> = Vec::new();
        let mut places: HashMap<Key<'a>, usize> = HashMap::new();
        let mut of_row = vec![0; report.targets.len()];
        for (row, place_of_row) in report.targets.iter().zip(&mut of_row) {
            if !is_told(row, report) {
                continue;
            }
            let message = row.error.as_ref().map(|error| general(error, row)).unwrap_or_default();
            let error = row.error.as_ref().map(|error| (error.class, error.code.as_deref()));
            let place = match places.entry((row.outcome, row.reason, error, message)) {
                Entry::Occupied(place) => *place.get(),
                Entry::Vacant(place) => {
                    list.push(Cause { count: 0, first: row, message: place.key().3.clone(), ids: Vec::new() });
                    *place.insert(list.len() - 1)
                }
            };
            if let Some(cause) = list.get_mut(place) {
                cause.add(row);
            }
            *place_of_row = place + 1;
        }
        ranked(list, &of_row)
    }

    /// Returns the rank of a row's cause, from 1; 0 where the row has none.
    pub(super) fn rank(&self, row: usize) -> usize {
        self.ranks.get(row).map_or(0, |rank| *rank as usize)
    }

    /// Returns the causes that are told one by one.
    pub(super) fn shown(&self) -> &[Cause<'a>] {
        self.list.get(..SHOWN).unwrap_or(&self.list)
    }

    /// Says what the causes that are not told one by one amount to.
    pub(super) fn rest(&self) -> Option<String> {
        let rest = self.list.get(SHOWN..).filter(|rest| !rest.is_empty())?;
        let targets = rest.iter().map(|cause| cause.count).sum();
        Some(format!(
            "{} for {} are in the table below.",
            words::counted(targets, "more target"),
            words::counted(rest.len() as u64, "other cause")
        ))
    }
}

/// Orders the causes by weight, and gives every row the rank of its own.
fn ranked<'a>(list: Vec<Cause<'a>>, of_row: &[usize]) -> Causes<'a> {
    let mut numbered: Vec<(usize, Cause<'a>)> = (1..).zip(list).collect();
    numbered.sort_by_key(|(_, cause)| Reverse(cause.count));
    let mut rank_of = vec![0; numbered.len() + 1];
    for (rank, (place, _)) in (1..).zip(&numbered) {
        if let Some(slot) = rank_of.get_mut(*place) {
            *slot = rank;
        }
    }
    let ranks = of_row.iter().map(|place| rank_of.get(*place).copied().unwrap_or_default()).collect();
    Causes { list: numbered.into_iter().map(|(_, cause)| cause).collect(), ranks }
}

/// Tells whether a row is not where the plan wants it, as far as the report can say.
fn is_told(row: &Row, report: &Report) -> bool {
    match row.outcome {
        Outcome::Stopped | Outcome::AlreadyStopped | Outcome::WouldStop => false,
        Outcome::Skipped => !row.reason.is_some_and(SkipReason::is_chosen),
        Outcome::Failed | Outcome::Unknown => true,
        Outcome::Accepted | Outcome::NotFound => report.run.exit_code != 0,
    }
}

/// Takes out of a message what names this one target or request.
fn general(error: &RowError, row: &Row) -> String {
    let params = Kind::named(&row.kind).map(Kind::params).unwrap_or_default();
    let identifies = |name: &str| params.iter().any(|param| param.identifying && param.name == name);
    let own = row.params.0.iter().filter(|(name, _)| identifies(name)).filter_map(|(_, value)| match value {
        NamedValue::Text(text) => Some(text.as_str()),
        NamedValue::Flag(_) => None,
    });
    own.chain(error.request_id.as_deref())
        .filter(|text| text.len() > 2)
        .fold(error.message.clone(), |message, text| message.replace(text, "…"))
}

impl<'a> Cause<'a> {
    fn add(&mut self, row: &'a Row) {
        self.count += 1;
        if self.ids.len() < EXAMPLES {
            self.ids.push(&row.id);
        }
    }

    /// Returns the outcome that these rows share.
    pub(super) fn outcome(&self) -> Outcome {
        self.first.outcome
    }

    /// Returns the outcome in words.
    pub(super) fn outcome_word(&self) -> &'static str {
        words::outcome(self.first.outcome)
    }

    /// Returns how many rows there are.
    pub(super) fn count(&self) -> String {
        HumanCount(self.count).to_string()
    }

    /// Returns what went wrong in a few words, such as `denied, AccessDenied`.
    pub(super) fn title(&self) -> String {
        let error = self.first.error.as_ref();
        let parts = [
            self.first.reason.map(words::skipped).map(str::to_owned),
            error.map(|error| error.class.name().replace('_', " ")),
            error.and_then(|error| error.code.clone()),
        ];
        let said: Vec<String> = parts.into_iter().flatten().collect();
        let text = if said.is_empty() { words::meaning(self.first.outcome).to_owned() } else { said.join(", ") };
        Harmless(&text).to_string()
    }

    /// Returns the message, with what differs between the rows left out.
    pub(super) fn message(&self) -> Option<String> {
        let error = self.first.error.as_ref()?;
        let message = if self.count == 1 { &error.message } else { &self.message };
        Some(Harmless(message).to_string()).filter(|message| !message.is_empty())
    }

    /// Returns what to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        let hint = self.first.error.as_ref()?.hint.as_deref()?;
        Some(Harmless(hint).to_string())
    }

    /// Returns the ids of the first few rows.
    pub(super) fn examples(&self) -> Vec<String> {
        self.ids.iter().map(|id| Harmless(id).to_string()).collect()
    }

    /// Returns how many rows are not among the examples.
    pub(super) fn more(&self) -> u64 {
        self.count.saturating_sub(self.ids.len() as u64)
    }
}
