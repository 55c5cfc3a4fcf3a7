//! The outcome of an end without proof. It depends on what this run's requests may have done.

use crate::engine::journal::Effect;
use crate::engine::outcome::{Evidence, Outcome};

/// How a target ended when no response and no state proved a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Every request was refused or never sent, and no attempt is left.
    Refused,
    /// It was seen running when a stop would have been seen.
    Running,
    /// It was on its way to a stop, or running, when the time to watch it was out.
    TimedOut,
    /// Nobody looked, or could, and nothing contradicts the last response.
    Unreadable,
    /// The state's meaning is not known, or nobody looked after a response was lost or left a doubt.
    Unsettled,
}

impl End {
    /// Returns the outcome. A doubt that no read has settled counts as a lost response.
    pub(super) const fn outcome(self, effect: Effect) -> Outcome {
        match (self, effect) {
            // A response that proves the stop counts, unless a state contradicts it.
            (Self::Unreadable, Effect::Proven) => Outcome::Stopped,
            (_, Effect::Accepted | Effect::Proven) => Outcome::Accepted,
            (_, Effect::Nothing) | (Self::Running, Effect::Lost) => Outcome::Failed,
            (Self::Refused | Self::TimedOut | Self::Unreadable | Self::Unsettled, Effect::Lost) => Outcome::Unknown,
        }
    }

    /// Returns how it is known.
    pub(super) const fn evidence(self, effect: Effect) -> Option<Evidence> {
        match (self, effect) {
            (_, Effect::Accepted | Effect::Proven) => Some(Evidence::Answer),
            (Self::Running | Self::TimedOut, Effect::Lost | Effect::Nothing) => Some(Evidence::ReadBack),
            (Self::Refused | Self::Unreadable | Self::Unsettled, Effect::Lost) => None,
            (Self::Refused | Self::Unreadable | Self::Unsettled, Effect::Nothing) => Some(Evidence::Answer),
        }
    }
}
