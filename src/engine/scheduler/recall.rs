//! Moments of one process, as another process knows them.

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// The present on both clocks.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Now {
    pub(in crate::engine) instant: Instant,
    pub(in crate::engine) wall: Timestamp,
}

impl Now {
    /// Returns the wall time of an instant.
    pub(super) fn wall_of(self, at: Instant) -> Timestamp {
        let ahead = SignedDuration::try_from(at.saturating_duration_since(self.instant)).unwrap_or(SignedDuration::MAX);
        let ago = SignedDuration::try_from(self.instant.saturating_duration_since(at)).unwrap_or(SignedDuration::MAX);
        self.wall.saturating_add(ahead - ago).unwrap_or(self.wall)
    }

    /// Returns the instant of a wall time; the present where the clock cannot go that far.
    pub(super) fn instant_of(self, at: Timestamp) -> Instant {
        let ahead = at.duration_since(self.wall);
        let moment = if ahead.is_negative() {
            self.instant.checked_sub(ahead.unsigned_abs())
        } else {
            self.instant.checked_add(ahead.unsigned_abs())
        };
        moment.unwrap_or(self.instant)
    }
}
