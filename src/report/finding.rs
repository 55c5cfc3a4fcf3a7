//! One row that is not done, and what makes it like others.

use std::borrow::Cow;

use super::json::{Row, RowError};
use super::place::Place;
use crate::engine::{Outcome, SkipReason, TargetError, TargetResult};
use crate::error::ErrorClass;
use crate::plan::Target;

/// One row that is not done.
#[derive(Debug)]
pub(super) struct Finding<'a> {
    pub(super) id: Cow<'a, str>,
    /// Where it is, where that has to be told.
    pub(super) place: Option<Place<'a>>,
    /// The values that name the resource.
    identity: Vec<&'a str>,
    pub(super) outcome: Outcome,
    pub(super) reason: Option<SkipReason>,
    pub(super) error: Option<Trouble<'a>>,
}

/// The error of a row.
#[derive(Debug, Clone)]
pub(super) struct Trouble<'a> {
    pub(super) class: ErrorClass,
    pub(super) code: Option<Cow<'a, str>>,
    pub(super) message: Cow<'a, str>,
    request_id: Option<Cow<'a, str>>,
    pub(super) hint: Option<Cow<'a, str>>,
}

/// What makes two rows one group: outcome and reason, class and code, message, and what is to be done.
pub(super) type Key<'a> =
    (Outcome, Option<SkipReason>, Option<(ErrorClass, Option<Cow<'a, str>>)>, String, Option<Cow<'a, str>>);

impl<'a> Finding<'a> {
    /// Takes what a run knows of a target. It is the finding's own: those of a run are never all there at once.
    pub(super) fn of_result(target: &'a Target, result: TargetResult, place: Option<Place<'a>>) -> Self {
        Self {
            id: target.id(),
            place,
            identity: target.params.identity(target.kind.params()).collect(),
            outcome: result.outcome,
            reason: result.reason,
            error: result.error.map(|error| Trouble::from(*error)),
        }
    }

    /// Takes what a report says of a target.
    pub(super) fn of_row(row: &'a Row, place: Option<Place<'a>>) -> Self {
        Self {
            id: Cow::Borrowed(&row.id),
            place,
            identity: row.identity().filter_map(|(_, value)| value.text()).collect(),
            outcome: row.outcome,
            reason: row.reason,
            error: row.error.as_ref().map(Trouble::from),
        }
    }

    /// Returns what it has in common with others.
    pub(super) fn key(&self) -> Key<'a> {
        let error = self.error.as_ref().map(|error| (error.class, error.code.clone()));
        let hint = self.error.as_ref().and_then(|error| error.hint.clone());
        (self.outcome, self.reason, error, self.general(), hint)
    }

    /// Takes out of the message what names this one target or request.
    fn general(&self) -> String {
        let Some(error) = &self.error else { return String::new() };
        let own = self.identity.iter().copied().chain(error.request_id.as_deref());
        own.filter(|text| text.len() > 2).fold(error.message.clone().into_owned(), |message, text| {
            if message.contains(text) { message.replace(text, "…") } else { message }
        })
    }
}

impl From<TargetError> for Trouble<'_> {
    fn from(error: TargetError) -> Self {
        let owned = |text: Box<str>| Cow::Owned(text.into_string());
        Self {
            class: error.class,
            code: error.code.map(owned),
            message: owned(error.message),
            request_id: error.request_id.map(owned),
            hint: error.hint.map(owned),
        }
    }
}

impl<'a> From<&'a RowError> for Trouble<'a> {
    fn from(error: &'a RowError) -> Self {
        Self {
            class: error.class,
            code: error.code.as_deref().map(Cow::Borrowed),
            message: Cow::Borrowed(&error.message),
            request_id: error.request_id.as_deref().map(Cow::Borrowed),
            hint: error.hint.as_deref().map(Cow::Borrowed),
        }
    }
}
