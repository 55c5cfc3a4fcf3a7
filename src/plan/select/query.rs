//! What a selection says: conditions, exceptions, order and limits.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::judgement::Judgement;
use crate::service::{Kind, Resource};

/// What a selection says.
#[derive(Debug, Clone)]
pub struct Query {
    /// As the plan writes it, its variables put in.
    pub written: serde_json::Value,
    /// The most targets of it.
    pub limit: Option<u64>,
    /// How many resources it should match.
    pub expect: Expect,
}

/// How many resources a selection should match, after its limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expect {
    /// At least so many.
    pub at_least: Option<u64>,
    /// At most so many.
    pub at_most: Option<u64>,
}

impl Query {
    /// Says whether a resource is selected, by what is known of it. Its age is that at [`Resource::at`].
    #[must_use]
    pub fn judge(&self, _kind: Kind, _resource: &Resource) -> Judgement {
        Judgement::Unclear("conditions are not read yet".into())
    }

    /// Returns when a resource began, as far as the order of targets goes.
    #[must_use]
    pub fn began(&self, _kind: Kind, _resource: &Resource) -> Option<Timestamp> {
        None
    }

    /// Compares two times as the order of targets wants it; those that are not known come last.
    #[must_use]
    pub fn order(&self, one: Option<Timestamp>, other: Option<Timestamp>) -> Ordering {
        one.is_none().cmp(&other.is_none()).then_with(|| one.cmp(&other))
    }
}
