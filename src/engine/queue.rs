//! The orders in which targets under way wait in a lane.

use std::cmp::Ordering;

use tokio::time::Instant;

use super::flight::Flight;

/// A target to serve now, in plan order.
pub(super) struct Due(pub(super) Box<Flight>);

/// A target to serve later.
pub(super) struct Waiting {
    pub(super) at: Instant,
    pub(super) flight: Box<Flight>,
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.target.cmp(&other.0.target)
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Due {}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.flight.target).cmp(&(other.at, other.flight.target))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Waiting {}
