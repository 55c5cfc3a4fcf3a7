//! A target that an earlier part of the run had under way.

use std::time::Duration;

use tokio::time::Instant;

use super::{Flight, Next, Purpose, Reading, counts};
use crate::engine::journal::{Effect, InProgress, UNNOTED};
use crate::engine::outcome::{Attempt, TargetError};
use crate::error::ErrorClass;

impl Flight {
    /// Takes up a target that an earlier part of the run had under way, and says where to begin.
    ///
    /// A request may have left after the last note of it, so the state is read before anything is sent. `max_elapsed`
    /// and `verify.timeout` begin anew with that read: the time in between was nobody's to use.
    pub(in crate::engine) fn resumed(target: u32, open: InProgress, now: Instant) -> (Self, Next) {
        let effect = open.effect;
        let attempts = open.into_attempts();
        let counted = |attempt: &&Attempt| counts(attempt.class);
        let tries = u32::try_from(attempts.iter().filter(counted).count()).unwrap_or(u32::MAX);
        let purpose = match effect {
            Effect::Accepted | Effect::Proven => Purpose::Verify,
            Effect::Nothing | Effect::Lost => Purpose::Settle { class: ErrorClass::Network, doubtful: false },
        };
        let mut flight = Self {
            error: (effect < Effect::Accepted).then(|| Box::new(last_error(attempts.last()))),
            attempts,
            effect: effect.max(Effect::Lost),
            lost_at: Some(now),
            reading: Some(Reading::new(purpose, now)),
            tries,
            setbacks: tries,
            ..Self::new(target)
        };
        flight.circumstances.is_unnoted = flight.error.as_ref().is_some_and(|error| &*error.message == UNNOTED);
        (flight, Next::Read(0, Duration::ZERO))
    }
}

/// Says what went wrong last; where nothing is noted of it, its answer was lost.
fn last_error(last: Option<&Attempt>) -> TargetError {
    let message = last.and_then(|attempt| attempt.message.clone());
    let class = last.and_then(|attempt| attempt.class).unwrap_or(ErrorClass::Network);
    TargetError {
        class,
        code: last.and_then(|attempt| attempt.code.clone()),
        message: message.unwrap_or_else(|| last.map_or_else(|| UNNOTED.into(), |_| class.name().into())),
        request_id: last.and_then(|attempt| attempt.request_id.clone()),
        hint: None,
    }
}
