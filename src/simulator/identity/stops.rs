//! What stops were signed with.

use std::sync::Arc;

use super::ledger::SignedStop;

/// The most stops that are written down one by one.
const MOST: usize = 2_000;

/// What stops were signed with.
#[derive(Debug, Default)]
pub(super) struct Stops(pub(super) Vec<Arc<SignedStop>>);

impl Stops {
    /// Returns whether no more are written down.
    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= MOST
    }

    /// Writes a stop down.
    pub(super) fn add(&mut self, stop: SignedStop) {
        self.0.push(Arc::new(stop));
    }
}
