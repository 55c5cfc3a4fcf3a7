//! What limits the rate of a lane: its own token bucket, or a limiter that somebody else owns.

use std::time::Duration;

use tokio::time::Instant;

use super::adaptive::{Adaptive, Learnt};
use super::pace::Pace;

/// Decides when the requests of one lane may leave, in the place of the lane's own token bucket.
///
/// The lane still obeys `Retry-After` and its circuit breaker, and still takes its turn among the other lanes. What it
/// would learn from throttled responses is left to the limiter.
pub trait Limiter: Send {
    /// Takes the slot of a request that leaves now, or returns how long to wait before it asks again.
    ///
    /// # Errors
    ///
    /// Fails when no slot is free.
    fn take(&mut self) -> Result<(), Duration>;

    /// Learns that the service granted a request.
    fn granted(&mut self) {}

    /// Learns that the service throttled a request.
    fn throttled(&mut self, _response: &Throttled) {}
}

/// A throttled response.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Throttled {
    /// How long ago the request was sent.
    pub sent_ago: Duration,
    /// How long the service asks to wait.
    pub retry_after: Option<Duration>,
    /// The quota that the response states, in requests a second.
    pub stated: Option<f64>,
}

/// The shortest wait before a limiter is asked again, so that one that never waits cannot keep the run busy.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// What limits the rate of one lane.
pub(super) enum Limit {
    /// The stated rate, whatever happens.
    Fixed(Pace),
    /// The stated rate, or less where the service grants less.
    Learning(Pace, Adaptive),
    /// Whatever somebody else says.
    Other(Box<dyn Limiter>),
}

impl Limit {
    /// Takes the slot of a request that leaves now, or returns when the next one is free.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Instant> {
        match self {
            Self::Fixed(pace) => pace.take(),
            Self::Learning(pace, adaptive) => {
                adaptive.wait(now).map_or(Ok(()), Err)?;
                pace.take()?;
                adaptive.reserve(now);
                Ok(())
            }
            Self::Other(limiter) => limiter.take().map_err(|wait| now + wait.max(SHORTEST_WAIT)),
        }
    }

    /// Returns the learnt rate now, a second; `None` while the stated one applies.
    pub(super) fn rate(&self, now: Instant) -> Option<f64> {
        match self {
            Self::Learning(_, adaptive) => adaptive.rate(now),
            Self::Fixed(_) | Self::Other(_) => None,
        }
    }

    /// Notes a response that was not throttled.
    pub(super) fn granted(&mut self) {
        match self {
            Self::Fixed(_) => {}
            Self::Learning(_, adaptive) => adaptive.granted(),
            Self::Other(limiter) => limiter.granted(),
        }
    }

    /// Goes on with what an earlier part of the run learnt: a rate, and how long ago a request was sent.
    pub(super) fn recall(&mut self, learnt: Option<Learnt>, sent_ago: Option<Duration>) {
        if let (Self::Fixed(pace) | Self::Learning(pace, _), Some(ago)) = (&*self, sent_ago) {
            pace.recall(ago);
        }
        if let Self::Learning(_, adaptive) = self {
            adaptive.learnt = learnt;
        }
    }

    pub(super) const fn learnt(&self) -> Option<Learnt> {
        match self {
            Self::Learning(_, adaptive) => adaptive.learnt,
            Self::Fixed(_) | Self::Other(_) => None,
        }
    }
}
