//! Why targets are not stopped, as the page shows it: grouped, and each row with the rank of its group.

use std::borrow::Cow;

use super::super::causes::{self, ranked, rest};
use super::super::disposition::Disposition;
use super::super::json::Row;
use super::super::place::Places;
use super::super::text::Escaped;
use super::chip::chip;
use crate::base::count::HumanCount;
use crate::wording;

/// How many causes are listed one by one.
const SHOWN: usize = 20;

/// How many ids are shown for a cause.
const EXAMPLES: usize = 3;

/// All causes of a report, the most frequent first.
#[derive(Debug)]
pub(super) struct Causes {
    /// Those that are listed one by one.
    pub(super) shown: Vec<Cause>,
    /// A sentence about the others.
    pub(super) rest: Option<String>,
    /// The rank of each row's cause, from 1; 0 where it has none.
    pub(super) ranks: Vec<usize>,
}

/// Rows that are not done for the same reason; escaped.
#[derive(Debug)]
pub(super) struct Cause {
    /// The page's name of the outcome that these rows share.
    pub(super) outcome: &'static str,
    pub(super) outcome_word: String,
    pub(super) count: String,
    /// What went wrong in a few words, such as `denied, AccessDenied`.
    pub(super) title: String,
    /// The message, with what differs between the rows left out.
    pub(super) message: Option<String>,
    pub(super) hint: Option<String>,
    /// The ids of the first few rows, and their places if these are shown.
    pub(super) examples: Vec<(String, Option<String>)>,
    /// How many rows are not among the examples.
    pub(super) more: u64,
}

impl Causes {
    /// Groups the rows that are not done.
    pub(super) fn of<'r>(rows: impl Iterator<Item = Cow<'r, Row>>, places: Places) -> Self {
        let open = rows.map(|row| Some(row).filter(|row| row.disposition == Disposition::Open));
        let (causes, ranks) = ranked(open, places, EXAMPLES);
        let (shown, others) = causes.split_at(causes.len().min(SHOWN));
        let rest = rest(others).map(|rest| format!("{rest} are in the table below."));
        Self { shown: shown.iter().map(Cause::of).collect(), rest, ranks }
    }
}

impl Cause {
    fn of(cause: &causes::Cause) -> Self {
        let escaped = |text: &str| Escaped(text).to_string();
        let outcome = chip(cause.outcome, cause.reason);
        let reason = cause.reason.map(|reason| wording::reason(reason).short.to_owned());
        let title: Vec<String> = reason.into_iter().chain(cause.class()).collect();
        Self {
            outcome,
            outcome_word: wording::label(outcome),
            count: HumanCount(cause.count).to_string(),
            title: match title.is_empty() {
                true => wording::outcome(cause.outcome).short.to_owned(),
                false => escaped(&title.join(", ")),
            },
            message: cause.message().filter(|message| !message.is_empty()).map(escaped),
            hint: cause.hint().map(escaped),
            examples: cause.ids().map(|(id, place)| (escaped(id), place.map(str::to_owned))).collect(),
            more: cause.more(),
        }
    }
}
