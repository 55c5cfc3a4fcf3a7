//! A lane's rate, and what throttled responses do to it: the lane holds, and learns a rate where it may.

use std::time::Duration;

use tokio::time::Instant;

use super::adaptive::{Adaptive, Learnt};
use super::limiter::{Limit, Throttled};
use super::pace::Pace;
use super::reaction::Slowed;
use crate::base::rate::{Rate, Unit};
use crate::engine::retry;
use crate::error::ErrorClass;
use crate::http::Quota;
use crate::plan::Retry;

/// How many throttled responses there must be at least before a lane is given up for them.
const LEAST_DROUGHT: u32 = 10;

/// How much faster a lane must be than observers know before they hear of it.
const NEWS: f64 = 1.25;

/// The rate of one lane.
pub(in crate::engine) struct Throttling {
    pub(super) limit: Limit,
    hold: Hold,
    drought: Drought,
    /// The learnt rate that observers know of.
    known: Option<f64>,
    /// How many times as fast as in the world time passes for quotas.
    speed: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Hold {
    began: Option<Instant>,
    until: Option<Instant>,
    count: u32,
    /// When the first response after the last hold was granted: where a window of the service may have begun.
    granted_since: Option<Instant>,
}

/// A throttled response, as the lane that it concerns sees it.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Refused {
    /// When its request was sent.
    pub(in crate::engine) sent_at: Instant,
    pub(in crate::engine) now: Instant,
    /// How long the service asks to wait.
    pub(in crate::engine) retry_after: Option<Duration>,
    /// The quota that it states.
    pub(in crate::engine) stated: Option<Rate>,
    /// Whether its target was throttled again and again before.
    pub(in crate::engine) is_stuck: bool,
}

/// A time in which every response was throttled.
#[derive(Debug, Clone, Copy, Default)]
struct Drought {
    since: Option<Instant>,
    count: u32,
    /// Whether it lasted so long that the lane was given up.
    is_over: bool,
}

impl Throttling {
    /// Makes that of a lane with this quota, which may learn a lower one.
    pub(in crate::engine) fn of_quota(quota: Quota, is_adaptive: bool, speed: f64) -> Self {
        let speed = speed.max(f64::MIN_POSITIVE);
        let pace = Pace::new(quota.rate.interval().div_f64(speed), quota.burst);
        let limit = match is_adaptive {
            true => Limit::Learning(pace, Adaptive::new(quota.rate.as_f64(), speed)),
            false => Limit::Fixed(pace),
        };
        Self::new(limit, speed)
    }

    /// Takes the slot of a request that leaves now, or returns when the next one is free.
    pub(in crate::engine) fn take(&mut self, now: Instant) -> Result<(), Instant> {
        match self.held_until(now) {
            Some(until) => Err(until),
            None => self.limit.take(now),
        }
    }

    pub(super) fn new(limit: Limit, speed: f64) -> Self {
        Self { limit, hold: Hold::default(), drought: Drought::default(), known: None, speed }
    }

    /// Returns until when the lane holds, if it does.
    pub(in crate::engine) fn held_until(&self, now: Instant) -> Option<Instant> {
        self.hold.until.filter(|until| *until > now)
    }

    /// Slows the lane down after a throttled response, which may name the quota.
    ///
    /// A lane that learns its rate holds only when it is asked to, or until the window of a quota that is counted by the
    /// minute is over; another one holds for a part of the retry policy's limit. Responses to requests that left before
    /// the last hold began say nothing new, unless they ask for a longer one.
    pub(in crate::engine) fn throttled(
        &mut self,
        retry: &Retry,
        response: &Refused,
        others_are_granted: bool,
    ) -> Option<Slowed> {
        let Refused { sent_at, now, retry_after, stated, is_stuck } = *response;
        let from = self.limit.rate(now);
        let window_end =
            stated.and_then(|stated| self.window_end(stated)).map(|end| end.saturating_duration_since(now));
        let asked = retry_after.max(window_end);
        let stated = stated.map(|stated| stated.as_f64() * self.speed);
        let is_own_trouble = is_stuck && others_are_granted;
        let pause = match &mut self.limit {
            Limit::Fixed(_) => {
                if self.hold.began.is_none_or(|began| sent_at >= began) {
                    self.hold.count = self.hold.count.saturating_add(1);
                    self.hold.began = Some(now);
                }
                retry_after.unwrap_or_else(|| retry::bound(retry, self.hold.count) / 2)
            }
            // Where others are granted, it is that target's own trouble, and says nothing of the lane's quota.
            Limit::Learning(..) | Limit::Other(_) if is_own_trouble => retry_after?,
            Limit::Learning(_, adaptive) => {
                let is_less = stated.is_some_and(|stated| adaptive.stated(stated, now));
                if !(adaptive.throttled(sent_at, now) || is_less) && asked.is_none() {
                    return None;
                }
                asked.unwrap_or_default()
            }
            Limit::Other(limiter) => {
                let sent_ago = now.saturating_duration_since(sent_at);
                limiter.throttled(&Throttled { sent_ago, retry_after, stated });
                asked?
            }
        };
        let pause = pause.min(retry.max_elapsed);
        self.hold.until = self.hold.until.max(Some(now + pause));
        self.known = self.limit.rate(now);
        Some(Slowed { pause, from, rate: self.known, class: ErrorClass::Throttled })
    }

    /// Returns the learnt rate that observers know of and the one now, where the lane has become much faster since;
    /// `None` for the stated one.
    pub(super) fn quickened(&mut self, now: Instant) -> Option<(f64, Option<f64>)> {
        let (from, rate) = (self.known?, self.limit.rate(now));
        if rate.is_some_and(|rate| rate < from * NEWS) {
            return None;
        }
        self.known = rate;
        Some((from, rate))
    }

    /// Returns when the window of a quota that is counted by the minute or hour is over, if one is running.
    fn window_end(&self, stated: Rate) -> Option<Instant> {
        let length = Duration::from_secs(u64::from(stated.per.seconds())).div_f64(self.speed);
        self.hold.granted_since.filter(|_| stated.per != Unit::Second).map(|began| began + length)
    }

    /// Tells, after a throttled response, whether the lane is to be given up: for as long as a target may be retried,
    /// every response was throttled.
    pub(in crate::engine) fn is_parched(&mut self, retry: &Retry, now: Instant) -> bool {
        let since = *self.drought.since.get_or_insert(now);
        self.drought.count = self.drought.count.saturating_add(1);
        let is_over = self.drought.count >= LEAST_DROUGHT && now.saturating_duration_since(since) >= retry.max_elapsed;
        self.drought.is_over |= is_over;
        is_over
    }

    /// Tells whether the lane was given up.
    pub(in crate::engine) const fn is_dead(&self) -> bool {
        self.drought.is_over
    }

    /// Notes a response that was not throttled.
    pub(in crate::engine) fn granted(&mut self, now: Instant) {
        (self.drought.since, self.drought.count) = (None, 0);
        if self.hold.until.is_some_and(|until| until <= now) {
            self.hold.until = None;
            self.hold.granted_since = None;
        }
        self.hold.granted_since.get_or_insert(now);
        self.hold.count = 0;
        self.limit.granted();
    }

    /// Goes on with what an earlier part of the run learnt.
    pub(super) fn recall(&mut self, learnt: Option<Learnt>, held_until: Option<Instant>, sent_ago: Option<Duration>) {
        self.limit.recall(learnt, sent_ago);
        self.hold.until = held_until;
    }
}
