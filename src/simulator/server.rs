//! A cloud and its clock.

use tokio::time::Instant;

use super::cloud::Cloud;
use super::entry::Moment;
use crate::base::clock::{Clock, SystemClock};

/// A cloud and its clock.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) cloud: Cloud,
    pub(super) clock_offset: jiff::SignedDuration,
}

impl Server {
    /// Returns the present moment.
    pub(super) fn now(&self) -> Moment {
        let system = SystemClock.now();
        // An offset beyond the end of time leaves the clock as it is.
        let wall = system.checked_add(self.clock_offset).unwrap_or(system);
        Moment { instant: Instant::now(), wall }
    }
}
