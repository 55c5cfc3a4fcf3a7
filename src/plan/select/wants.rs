//! What several selections want of one listing that they share.

use jiff::Timestamp;

use super::entry::Select;
use crate::service::{Resource, Wanted};

/// The conditions of all selections that share a listing.
pub struct Wants<'p> {
    /// The selections, all of one kind.
    pub selects: Vec<&'p Select>,
    /// Whether tags are needed besides, for `protect` or a filter.
    pub needs_tags: bool,
    /// Whether `guards.not_found` is `ok`.
    pub takes_missing_for_none: bool,
}

impl Wanted for Wants<'_> {
    fn may_match(&self, _known: &Resource) -> bool {
        true
    }

    fn exactly(&self, _field: usize) -> Option<Vec<String>> {
        None
    }

    fn prefix(&self, _known: &Resource, _field: usize) -> String {
        String::new()
    }

    fn names(&self, _field: usize) -> bool {
        true
    }

    fn needs_tags(&self) -> bool {
        self.needs_tags
    }

    fn needs_start(&self) -> bool {
        true
    }

    fn started(&self, _known: &Resource, _now: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
        (None, None)
    }

    fn takes_missing_for_none(&self) -> bool {
        self.takes_missing_for_none
    }
}
