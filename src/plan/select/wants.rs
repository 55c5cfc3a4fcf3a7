//! What several selections want of one listing that they share.

use jiff::Timestamp;

use super::conditions::Conditions;
use super::entry::Select;
use super::globs::{Globs, common};
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

impl Wants<'_> {
    /// Returns the conditions of the selections, and those of what they leave out.
    fn all_conditions(&self) -> impl Iterator<Item = &Conditions> {
        self.selects.iter().flat_map(|select| select.query.all_conditions())
    }

    /// Returns the selections that may take something of which this much is known.
    fn possible(&self, known: &Resource) -> impl Iterator<Item = &Select> {
        self.selects.iter().copied().filter(|select| select.query.may_match(select.kind, known))
    }
}

impl Wanted for Wants<'_> {
    fn may_match(&self, known: &Resource) -> bool {
        self.possible(known).next().is_some()
    }

    fn exactly(&self, field: usize) -> Option<Vec<String>> {
        let mut values = Vec::new();
        for select in &self.selects {
            for value in select.query.conditions.field(field)?.exactly()? {
                if !values.iter().any(|known| *known == **value) {
                    values.push(value.to_string());
                }
            }
        }
        Some(values)
    }

    fn literals(&self, field: usize) -> Vec<String> {
        let mut values = Vec::new();
        let globs = self.selects.iter().filter_map(|select| select.query.conditions.field(field));
        for value in globs.flat_map(Globs::literals) {
            if !values.iter().any(|known| known == value) {
                values.push(value.to_owned());
            }
        }
        values
    }

    fn prefix(&self, known: &Resource, field: usize) -> String {
        let of = |select: &Select| select.query.conditions.field(field).map_or("", |globs| globs.prefix()).to_owned();
        self.possible(known).map(of).reduce(|one, other| common(one, &other)).unwrap_or_default()
    }

    fn names(&self, field: usize) -> bool {
        self.all_conditions().any(|conditions| conditions.field(field).is_some())
    }

    fn needs_tags(&self) -> bool {
        self.needs_tags || self.all_conditions().any(|conditions| !conditions.tags.is_empty())
    }

    fn needs_start(&self) -> bool {
        self.selects.iter().any(|select| select.query.needs_start())
    }

    fn started(&self, known: &Resource, now: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
        let bounds = self.possible(known).map(|select| select.query.conditions.started(now));
        let loosest = bounds.reduce(|(earliest, latest), (earlier, later)| {
            (
                earliest.zip(earlier).map(|(one, other)| one.min(other)),
                latest.zip(later).map(|(one, other)| one.max(other)),
            )
        });
        loosest.unwrap_or_default()
    }

    fn takes_missing_for_none(&self) -> bool {
        self.takes_missing_for_none
    }
}
