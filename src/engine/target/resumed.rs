//! A target that an earlier part of the run had in progress.

use std::time::Duration;

use tokio::time::Instant;

use super::{Purpose, StatusRead, Step, TargetState, counts};
use crate::engine::journal::{Effect, InProgress, UNNOTED};
use crate::engine::outcome::{Attempt, TargetError};
use crate::error::ErrorClass;
use crate::plan::TargetId;

impl TargetState {
    /// Takes up a target that an earlier part of the run had in progress, and returns its first step.
    ///
    /// Where a request may have had an effect, the state is read before anything is sent. `max_elapsed` and
    /// `verify.timeout` begin anew with that read: nobody could use the time in between.
    pub(in crate::engine) fn resumed(id: TargetId, open: InProgress, now: Instant) -> (Self, Step) {
        let (effect, is_in_doubt) = (open.effect, open.is_in_doubt());
        let attempts = open.into_attempts();
        let counted = attempts.iter().filter(|attempt| counts(attempt)).count();
        let counted = u32::try_from(counted).unwrap_or(u32::MAX);
        // Where nothing is noted, the response of the first attempt was lost.
        let error = attempts.last().map_or_else(|| TargetError::new(ErrorClass::Network, UNNOTED), Attempt::error);
        let state = Self {
            error: (effect < Effect::Accepted).then(|| Box::new(error)),
            attempts,
            counted,
            setbacks: counted,
            ..Self::new(id)
        };
        if !is_in_doubt {
            return (state, Step::Stop(Duration::ZERO));
        }
        let purpose = match effect {
            Effect::Accepted | Effect::Proven => Purpose::Verify,
            Effect::Nothing | Effect::Lost => Purpose::Settle { class: ErrorClass::Network, doubtful: false },
        };
        let mut state = Self {
            effect: effect.max(Effect::Lost),
            lost_at: Some(now),
            reading: Some(StatusRead::new(purpose, now)),
            ..state
        };
        state.circumstances.is_unnoted = state.error.as_ref().is_some_and(|error| &*error.message == UNNOTED);
        (state, Step::Read(0, Duration::ZERO))
    }
}
