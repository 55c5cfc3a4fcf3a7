//! How many targets a run may have: a listing ends early when there are more.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio_util::sync::CancellationToken;

use crate::plan::Target;

/// Counts what would be stopped.
pub(super) struct Budget<'l> {
    most: usize,
    counted: AtomicUsize,
    /// Tells whether a run would stop a target.
    stops: &'l (dyn Fn(&Target) -> bool + Send + Sync),
    /// Cancelled when there are too many.
    pub(super) exceeded: CancellationToken,
}

impl<'l> Budget<'l> {
    /// Begins with the targets that the plan names.
    pub(super) fn new(most: usize, named: usize, stops: &'l (dyn Fn(&Target) -> bool + Send + Sync)) -> Self {
        Self { most, counted: AtomicUsize::new(named), stops, exceeded: CancellationToken::new() }
    }

    /// Takes in a target that was found.
    pub(super) fn take(&self, target: &Target) {
        if (self.stops)(target) && self.counted.fetch_add(1, Ordering::Relaxed) >= self.most {
            self.exceeded.cancel();
        }
    }
}
