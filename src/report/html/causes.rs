//! Why targets are not stopped, as the page shows it: grouped, and each row with the rank of its group.

use std::borrow::Cow;

use crate::base::count::HumanCount;

use super::super::causes::{self, ranked};
use super::super::disposition::Disposition;
use super::super::json::Row;
use super::super::place::Places;
use super::super::text::Escaped;
use super::words;
use crate::base::count::counted;

/// How many causes are listed one by one.
const SHOWN: usize = 20;

/// How many ids are shown for a cause.
const EXAMPLES: usize = 3;

/// All causes of a report, the most frequent first.
#[derive(Debug)]
pub(super) struct Causes {
    list: Vec<Cause>,
    /// The rank of each row's cause, from 1; 0 where it has none.
    ranks: Vec<usize>,
}

/// Rows that are not done for the same reason.
#[derive(Debug)]
pub(super) struct Cause(causes::Cause);

impl Causes {
    /// Groups the rows that are not done.
    pub(super) fn of<'r>(rows: impl Iterator<Item = Cow<'r, Row>>, places: Places) -> Self {
        let open = rows.map(|row| Some(row).filter(|row| row.disposition == Disposition::Open));
        let (list, ranks) = ranked(open, places, EXAMPLES);
        Self { list: list.into_iter().map(Cause).collect(), ranks }
    }

    /// Returns the rank of each row's cause, from 1; 0 for rows without a cause.
    pub(super) fn ranks(&self) -> &[usize] {
        &self.ranks
    }

    /// Returns the causes that are listed one by one.
    pub(super) fn shown(&self) -> &[Cause] {
        self.list.get(..SHOWN).unwrap_or(&self.list)
    }

    /// Returns a sentence about the causes that are not listed.
    pub(super) fn rest(&self) -> Option<String> {
        let rest = self.list.get(SHOWN..).filter(|rest| !rest.is_empty())?;
        let targets = rest.iter().map(|cause| cause.0.count).sum();
        Some(format!(
            "{} for {} are in the table below.",
            counted(targets, "more target"),
            counted(rest.len() as u64, "other cause")
        ))
    }
}

impl Cause {
    /// Returns the name of the outcome that these rows share.
    pub(super) fn outcome(&self) -> &'static str {
        words::chip(self.0.outcome, self.0.reason)
    }

    /// Returns the outcome in words.
    pub(super) fn outcome_word(&self) -> String {
        words::label(self.outcome())
    }

    /// Returns how many rows there are.
    pub(super) fn count(&self) -> String {
        HumanCount(self.0.count).to_string()
    }

    /// Returns what went wrong in a few words, such as `denied, AccessDenied`.
    pub(super) fn title(&self) -> String {
        let reason = self.0.reason.map(words::skipped).map(str::to_owned);
        let said: Vec<String> = reason.into_iter().chain(self.0.class()).collect();
        let text = if said.is_empty() { words::meaning(self.0.outcome).to_owned() } else { said.join(", ") };
        Escaped(&text).to_string()
    }

    /// Returns the message, with what differs between the rows left out.
    pub(super) fn message(&self) -> Option<String> {
        self.0.message().filter(|message| !message.is_empty()).map(|message| Escaped(message).to_string())
    }

    /// Returns what to do about it.
    pub(super) fn hint(&self) -> Option<String> {
        self.0.hint().map(|hint| Escaped(hint).to_string())
    }

    /// Returns the ids of the first few rows, and their places if these are shown.
    pub(super) fn examples(&self) -> Vec<(String, Option<&str>)> {
        self.0.ids().map(|(id, place)| (Escaped(id).to_string(), place)).collect()
    }

    /// Returns how many rows are not among the examples.
    pub(super) fn more(&self) -> u64 {
        self.0.more()
    }
}
