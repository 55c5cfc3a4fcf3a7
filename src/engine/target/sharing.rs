//! Whether a target's stop may share a request with those of others.
//!
//! One target must not keep others from their outcome, nor they it: where requests that it shares fail, or tell nothing of
//! it, its stop goes alone.

use crate::error::ErrorClass;

/// How many requests that a target shared may fail before it goes alone.
const MOST_FAILURES: u8 = 2;

/// What came of the requests that a target shared.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sharing {
    failures: u8,
    /// Whether it shares no request any more.
    is_over: bool,
    /// Whether the last request was refused for all its targets, so that the stop of this one is still to be sent.
    is_due_alone: bool,
}

impl Sharing {
    /// Tells whether the next stop may share a request.
    pub(super) const fn may_share(self) -> bool {
        !self.is_over && self.failures < MOST_FAILURES
    }

    /// Tells whether the stop is to be sent alone, as its request was refused for all its targets.
    pub(super) const fn is_due_alone(self) -> bool {
        self.is_due_alone
    }

    /// Notes that a stop leaves.
    pub(super) const fn sending(&mut self) {
        self.is_due_alone = false;
    }

    /// Notes that a request was refused for all its targets.
    pub(super) const fn refused(&mut self) {
        (self.is_over, self.is_due_alone) = (true, true);
    }

    /// Notes what a request that it shared told of it, by the class of the error.
    pub(super) const fn shared(&mut self, class: Option<ErrorClass>) {
        match class {
            None | Some(ErrorClass::Throttled | ErrorClass::Auth | ErrorClass::Clock) => {}
            Some(ErrorClass::Protocol) => self.is_over = true,
            Some(_) => self.failures = self.failures.saturating_add(1),
        }
    }
}
