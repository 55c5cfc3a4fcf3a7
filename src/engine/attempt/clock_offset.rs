//! How far a service's clock is from ours.

use jiff::{SignedDuration, Timestamp};

use crate::http::Response;

/// How far a service's clock must be off before a clock error is believed to be one.
const LEAST_SKEW: SignedDuration = SignedDuration::from_secs(30);

/// How far the service's clock is from ours, learnt once from a response's `Date`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::engine) struct ClockOffset(pub(in crate::engine) Option<SignedDuration>);

impl ClockOffset {
    /// Returns the service's time at our time `now`.
    pub(in crate::engine) fn apply(self, now: Timestamp) -> Timestamp {
        now.checked_add(self.0.unwrap_or_default()).unwrap_or(now)
    }

    /// Returns the offset that a service's time at our time `now` shows; none where it is small.
    pub(in crate::engine) fn of(theirs: Option<Timestamp>, now: Timestamp) -> Self {
        let offset = theirs.map(|theirs| theirs.duration_since(now));
        Self(offset.filter(|offset| offset.abs() >= LEAST_SKEW))
    }

    /// Takes a clock error to a request signed with `used`; tells whether sending it again makes sense.
    pub(in crate::engine) fn correct(&mut self, used: Self, response: &Response, now: Timestamp) -> bool {
        if self.0.is_none() {
            *self = Self::of(response.date(), now);
        }
        *self != used
    }
}
