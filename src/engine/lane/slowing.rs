//! What throttled answers do to a lane: it holds, and learns a rate where it may.

use std::time::Duration;

use tokio::time::Instant;

use super::Lane;
use crate::base::rate::{Rate, Unit};
use crate::engine::flight::Moment;
use crate::engine::retry;
use crate::plan::Retry;

/// How many throttled answers there must be at least before a lane is given up for them.
const LEAST_DROUGHT: u32 = 10;

/// How much faster a lane must be than it was told to be before that is news.
const NEWS: f64 = 1.25;

impl Lane {
    /// Slows the lane down after a throttled answer, which may name the quota.
    ///
    /// An adaptive lane learns its rate and holds only when it is asked to, or until the window of a quota that is
    /// counted by the minute is over; another one holds for a part of the retry policy's bound. Answers to requests
    /// that left before the last hold began say nothing new, unless they ask for a longer one.
    pub(in crate::engine) fn throttled(&mut self, retry: &Retry, moment: &Moment, limit: Option<Rate>) -> Slowing {
        self.stats.throttled += 1;
        self.turns.answered(moment, true);
        let (sent_at, now) = (moment.departure.instant, moment.now);
        let from = self.rate(now);
        let window_end = limit.and_then(|limit| self.window_end(limit)).map(|end| end.saturating_duration_since(now));
        let pause = match &mut self.adaptive {
            // Where others are granted, it is that target's own trouble, and tells nothing of the lane's quota.
            Some(_) if moment.is_stuck && self.turns.others_are_granted() => match moment.hint {
                Some(hint) => hint,
                None => return Slowing::Unchanged,
            },
            Some(adaptive) => {
                let told = limit.is_some_and(|limit| adaptive.told(limit.as_f64() * self.speed, now));
                if !(adaptive.throttled(sent_at, now) || told) && moment.hint.is_none() && window_end.is_none() {
                    return Slowing::Unchanged;
                }
                moment.hint.max(window_end).unwrap_or_default()
            }
            None => {
                if self.hold.began.is_none_or(|began| sent_at >= began) {
                    self.hold.count = self.hold.count.saturating_add(1);
                    self.hold.began = Some(now);
                }
                moment.hint.unwrap_or_else(|| retry::bound(retry, self.hold.count) / 2)
            }
        };
        let pause = pause.min(retry.max_elapsed);
        self.hold.until = self.hold.until.max(Some(now + pause));
        self.told = self.rate(now);
        Slowing::To { from, rate: self.told, pause }
    }

    /// Returns the learnt rate that was told of last and the one now, where the lane has become much faster since;
    /// `None` for the stated one.
    pub(in crate::engine) fn quickened(&mut self, now: Instant) -> Option<(f64, Option<f64>)> {
        let (from, rate) = (self.told?, self.rate(now));
        if rate.is_some_and(|rate| rate < from * NEWS) {
            return None;
        }
        self.told = rate;
        Some((from, rate))
    }

    /// Returns the learnt rate now, a second; `None` while the stated one applies.
    pub(super) fn rate(&self, now: Instant) -> Option<f64> {
        self.adaptive.as_ref().and_then(|adaptive| adaptive.rate(now))
    }

    /// Returns when the window of a quota that is counted by the minute or hour is over, if one is running.
    fn window_end(&self, limit: Rate) -> Option<Instant> {
        let length = Duration::from_secs(u64::from(limit.per.seconds())).div_f64(self.speed);
        self.hold.granted_since.filter(|_| limit.per != Unit::Second).map(|began| began + length)
    }

    /// Tells, after a throttled answer, whether the lane is to be given up: for as long as a target may be tried, every
    /// answer was throttled.
    pub(in crate::engine) fn is_parched(&mut self, retry: &Retry, now: Instant) -> bool {
        let since = *self.drought.since.get_or_insert(now);
        self.drought.count = self.drought.count.saturating_add(1);
        let is_over = self.drought.count >= LEAST_DROUGHT && now.saturating_duration_since(since) >= retry.max_elapsed;
        self.drought.is_over |= is_over;
        is_over
    }

    /// Notes an answer that was not throttled.
    pub(in crate::engine) fn granted(&mut self, moment: &Moment) {
        let now = moment.now;
        (self.drought.since, self.drought.count) = (None, 0);
        self.turns.answered(moment, false);
        if self.hold.until.is_some_and(|until| until <= now) {
            self.hold.until = None;
            self.hold.granted_since = None;
        }
        self.hold.granted_since.get_or_insert(now);
        self.hold.count = 0;
        if let Some(adaptive) = &mut self.adaptive {
            adaptive.granted();
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hold {
    began: Option<Instant>,
    pub(super) until: Option<Instant>,
    count: u32,
    /// When the first answer after the last hold was granted: where a window of the service may have begun.
    granted_since: Option<Instant>,
}

/// A time in which every answer was throttled.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Drought {
    since: Option<Instant>,
    count: u32,
    /// Whether it lasted so long that the lane was given up.
    pub(super) is_over: bool,
}

/// What a throttled answer did to its lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::engine) enum Slowing {
    /// Nothing that was not so before.
    Unchanged,
    /// It sends at this rate a second instead of the one before, where it learnt them, after this pause.
    To { from: Option<f64>, rate: Option<f64>, pause: Duration },
}
