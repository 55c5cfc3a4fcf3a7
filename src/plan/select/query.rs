//! What a selection says: conditions, exceptions, order and limits.

use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use jiff::Timestamp;

use super::began::Began;
use super::conditions::{Conditions, Unknown};
use super::judgement::Judgement;
use crate::service::{Kind, Phase, Resource, Selectable};

/// What a selection says.
#[derive(Debug, Clone)]
pub struct Query {
    /// As the plan writes it, its variables put in.
    pub written: serde_json::Value,
    /// What must be true of everything that is selected.
    pub(in crate::plan) conditions: Conditions,
    /// What is taken away: that of which one of these is true.
    pub(in crate::plan) except: Vec<Conditions>,
    /// Whether `except` took something away before it was listed, such as all executions of a flow: nobody counts those.
    pub(in crate::plan) took_unlisted: Arc<AtomicBool>,
    /// The states that are selected. Where none is stated, a condition on the status selects them all, and else what
    /// runs is selected.
    pub(in crate::plan) states: Option<Vec<Phase>>,
    /// Which targets come first; `None` if no order is stated: the oldest do.
    pub(in crate::plan) order: Option<Order>,
    /// Which parts of others are selected; `None` if none are.
    pub(in crate::plan) children: Option<Children>,
    /// The most targets of it.
    pub limit: Option<u64>,
    /// How many resources it should match.
    pub expect: Expect,
}

/// Which targets come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Order {
    /// Those that began first.
    Oldest,
    /// Those that began last.
    Newest,
}

/// Which parts of others are selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Children {
    /// All of them.
    Include,
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
    pub fn judge(&self, kind: Kind, resource: &Resource) -> Judgement {
        let lister = kind.service().lister();
        let shown = lister.selectable();
        if self.leaves_out_child(resource) {
            return Judgement::Child;
        }
        let matches = self.conditions.hold(shown, resource);
        if matches == Ok(false) {
            return Judgement::Other;
        }
        let Some(status) = resource.status.as_deref() else {
            // That is not a word which nobody explains, but none.
            return Judgement::Unclear(Unknown::Status.reason(shown).into());
        };
        let phase = lister.phase(status);
        if !self.takes(phase) {
            return match phase {
                Phase::Unclear => Judgement::of_status(status),
                Phase::Running | Phase::Stopping | Phase::Ended => Judgement::NotRunning,
            };
        }
        if let Err(why) = matches {
            return Judgement::Unclear(why.reason(shown).into());
        }
        match self.is_excepted(shown, resource) {
            Ok(true) => Judgement::Excepted,
            Ok(false) => Judgement::Selected,
            Err(why) => Judgement::Unclear(format!("perhaps excepted: {}", why.reason(shown)).into()),
        }
    }

    /// Tells whether something of which this much is known may be selected: `false` only if more cannot change that.
    pub(super) fn may_match(&self, kind: Kind, known: &Resource) -> bool {
        let lister = kind.service().lister();
        let shown = lister.selectable();
        !self.leaves_out_child(known)
            && self.conditions.hold(shown, known) != Ok(false)
            && !self.excepts_unlisted(shown, known)
            && known.status.as_deref().is_none_or(|status| self.takes(lister.phase(status)))
    }

    /// Returns when a resource began at the latest, by which targets are [ordered](Self::order).
    #[must_use]
    pub fn began(kind: Kind, resource: &Resource) -> Option<Timestamp> {
        let start = kind.service().lister().selectable().start;
        Began::of(resource, start).ok().map(|began| began.latest)
    }

    /// Returns when something began at the latest that a listing shows so, by which targets are [ordered](Self::order).
    #[must_use]
    pub fn began_at(kind: Kind, since: &str) -> Option<Timestamp> {
        Self::began(kind, &Resource { since: Some(since.into()), ..Resource::unknown(0) })
    }

    /// Compares two times as the order of targets wants it; those that are not known come last. Equal ones are in the
    /// order of their ids.
    #[must_use]
    pub fn order(&self, one: Option<Timestamp>, other: Option<Timestamp>) -> Ordering {
        let by_time = one.cmp(&other);
        let by_time = if self.order == Some(Order::Newest) { by_time.reverse() } else { by_time };
        one.is_none().cmp(&other.is_none()).then(by_time)
    }

    /// Returns the conditions, and those that take away.
    pub(super) fn all_conditions(&self) -> impl Iterator<Item = &Conditions> {
        std::iter::once(&self.conditions).chain(&self.except)
    }

    /// Tells whether it must be known when things began: a time is asked for, or the first ones of an order.
    pub(super) fn needs_start(&self) -> bool {
        self.order.is_some() || self.limit.is_some() || self.all_conditions().any(|all| !all.times.is_empty())
    }

    fn leaves_out_child(&self, resource: &Resource) -> bool {
        resource.is_child && self.children.is_none()
    }

    /// Tells whether a state is selected. What has ended never is.
    fn takes(&self, phase: Phase) -> bool {
        let is_stated = match &self.states {
            Some(states) => states.contains(&phase),
            None => self.conditions.status.is_some() || phase == Phase::Running,
        };
        is_stated && phase != Phase::Ended
    }

    /// Tells whether `except` takes away something that may never be listed, and remembers it.
    fn excepts_unlisted(&self, shown: &Selectable, known: &Resource) -> bool {
        let is_excepted = self.is_excepted(shown, known) == Ok(true);
        if is_excepted {
            self.took_unlisted.store(true, Relaxed);
        }
        is_excepted
    }

    /// Tells whether there is an `except`, and it took nothing away; `counted` is what it took of what was listed.
    #[must_use]
    pub(crate) fn excepts_nothing(&self, counted: u64) -> bool {
        !self.except.is_empty() && counted == 0 && !self.took_unlisted.load(Relaxed)
    }

    /// Tells whether a mapping of `except` takes a resource away.
    fn is_excepted(&self, shown: &Selectable, resource: &Resource) -> Result<bool, Unknown> {
        let mut unknown = None;
        for conditions in &self.except {
            match conditions.hold(shown, resource) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(why) => unknown = unknown.or(Some(why)),
            }
        }
        unknown.map_or(Ok(false), Err)
    }
}
