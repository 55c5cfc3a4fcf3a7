//! A lane of listings: one list API of one key in one region, with its rate, clock and circuit breaker.
//!
//! Lanes are per API: a list that is throttled slows no stop down.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::engine::attempt::{ClockOffset, Permit, SentAt};
use crate::engine::scheduler::{Breaker, Gate, Refused, Throttling, Trip};
use crate::error::{ApiError, ErrorClass};
use crate::http::{Quota, Response};
use crate::plan::{Plan, Retry};

/// One lane of listings.
pub(super) struct Lane {
    retry: Retry,
    state: Mutex<State>,
    /// Requests that wait for their turn, in the order of their coming.
    turns: tokio::sync::Mutex<()>,
    /// Notified when the probe of a half-open breaker has its response.
    probed: Notify,
}

struct State {
    throttling: Throttling,
    breaker: Breaker,
    clock: ClockOffset,
    /// How far the service's clock is ahead of this machine's, as its last response showed.
    ahead: Option<SignedDuration>,
    in_flight: usize,
    /// The last failure that gave the lane up.
    dead: Option<ApiError>,
}

impl Lane {
    pub(super) fn new(plan: &Plan, quota: Quota, speed: f64) -> Self {
        let state = State {
            throttling: Throttling::of_quota(quota, plan.limits.adaptive, speed),
            breaker: Breaker::default(),
            clock: ClockOffset::default(),
            ahead: None,
            in_flight: 0,
            dead: None,
        };
        let (turns, probed) = (tokio::sync::Mutex::new(()), Notify::new());
        Self { retry: plan.retry, state: Mutex::new(state), turns, probed }
    }

    /// Waits for the turn of a request that leaves then.
    ///
    /// # Errors
    ///
    /// Fails when the lane is given up.
    pub(super) async fn admit(&self) -> Result<Permit, ApiError> {
        let _turn = self.turns.lock().await;
        loop {
            let wait = {
                let mut state = self.state();
                if let Some(error) = &state.dead {
                    return Err(error.clone());
                }
                match state.take(Instant::now()) {
                    Ok(permit) => return Ok(permit),
                    Err(wait) => wait,
                }
            };
            match wait {
                Some(until) => sleep_until(until).await,
                None => self.probed.notified().await,
            }
        }
    }

    /// Takes in that a request has ended without a response.
    pub(super) fn failed(&self, sent: &SentAt, error: &ApiError) {
        let mut state = self.state();
        state.unhealthy(&self.retry, sent, error);
        self.ended(state);
    }

    /// Takes in a response, which came at `wall`; tells whether its request should leave again at once, as the clock is
    /// corrected.
    pub(super) fn responded(
        &self,
        sent: &SentAt,
        (response, wall): (&Response, Timestamp),
        error: Option<&ApiError>,
    ) -> bool {
        let now = Instant::now();
        let mut state = self.state();
        if let Some(theirs) = response.date() {
            state.ahead = Some(theirs.duration_since(wall));
        }
        let class = error.and_then(|error| error.class);
        let mut is_corrected = false;
        if class != Some(ErrorClass::Throttled) {
            state.throttling.granted(now);
        }
        match (class, error) {
            (Some(ErrorClass::Throttled), Some(error)) => {
                let refused = Refused {
                    sent_at: sent.instant,
                    now,
                    retry_after: response.retry_after(|| wall),
                    // A listing has few requests: it tries again sooner than a whole window of the quota lasts.
                    stated: None,
                    is_stuck: false,
                };
                state.throttling.throttled(&self.retry, &refused, false);
                if state.throttling.is_parched(&self.retry, now) {
                    state.dead = Some(error.clone());
                }
            }
            (Some(ErrorClass::Clock), _) => {
                is_corrected = state.clock.correct(sent.permit.clock, response, wall);
            }
            (Some(class), Some(error)) if Breaker::counts(class) => state.unhealthy(&self.retry, sent, error),
            _ => state.breaker.responded(sent.permit.number),
        }
        self.ended(state);
        is_corrected
    }

    /// Takes in that a request that was admitted did not leave.
    pub(super) fn withdrawn(&self) {
        self.ended(self.state());
    }

    /// Returns how far the service's clock is ahead of this machine's, once a response has shown it.
    pub(super) fn ahead(&self) -> Option<SignedDuration> {
        self.state().ahead
    }

    fn ended(&self, mut state: MutexGuard<'_, State>) {
        state.in_flight = state.in_flight.saturating_sub(1);
        self.probed.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes the slot of a request that leaves now, or returns until when it waits; `None` until a response comes.
    fn take(&mut self, now: Instant) -> Result<Permit, Option<Instant>> {
        match self.breaker.gate(now) {
            Gate::Open(until) => return Err(Some(until)),
            Gate::HalfOpen if self.in_flight > 0 => return Err(None),
            Gate::HalfOpen | Gate::Closed => {}
        }
        self.throttling.take(now).map_err(Some)?;
        self.in_flight += 1;
        Ok(Permit { clock: self.clock, number: self.breaker.handed_out() })
    }

    fn unhealthy(&mut self, retry: &Retry, sent: &SentAt, error: &ApiError) {
        if self.breaker.failed(retry, sent.permit.number, Instant::now()) == Trip::Dead {
            self.dead = Some(error.clone());
        }
    }
}
