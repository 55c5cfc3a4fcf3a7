//! A lane's learnt rate: what the service really grants, where that is less than the stated quota.
//!
//! A quota is a bucket that is empty whenever a request is throttled. Between two such moments it granted exactly
//! what it refilled, so the responses that were not throttled in between, over the time in between, *are* the quota.
//! Until two moments are far enough apart to tell, each round of throttled responses cuts the rate by a fixed part.
//! From what was learnt the rate creeps up, slowly at first and then ever faster, so that a quota that rises is
//! followed, and never beyond what the plan states.

use std::time::Duration;

use tokio::time::Instant;

/// What is left of the rate after a streak of throttled responses that teaches nothing else.
const CUT: f64 = 0.7;

/// How many throttled responses without another one between them are a streak.
const STREAK: u32 = 3;

/// How much above the learnt rate a lane is one unit of time after it was learnt; it grows with the fifth power of the
/// time: a lane that is at its quota is throttled soon after, and one that is not then is below a quota that has risen.
const CREEP: f64 = 0.04;

/// The shortest time between two throttled responses that a rate is learnt from.
const SHORTEST_LESSON: Duration = Duration::from_millis(250);

/// The fewest responses in that time.
const SMALLEST_LESSON: u64 = 5;

/// Rates at which a lane creeps once in a second; slower lanes creep more slowly, as each step costs a request.
const BRISK: f64 = 20.0;

/// The longest unit of creeping.
const SLOWEST_UNIT: f64 = 30.0;

/// The lowest rate, a second; lower only where the plan states less.
const FLOOR: f64 = 0.5;

/// The learnt rate of a lane.
#[derive(Debug)]
pub(super) struct Adaptive {
    ceiling: f64,
    /// How many times as fast as in the world time passes for quotas.
    speed: f64,
    pub(super) learnt: Option<Learnt>,
    streak: u32,
    /// The last throttled response that a lesson began with, and how many responses were granted by then.
    lesson: Option<(Instant, u64)>,
    granted: u64,
    /// When the next request may leave.
    next: Option<Instant>,
}

/// A rate that was learnt, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Learnt {
    pub(super) rate: f64,
    pub(super) at: Instant,
}

impl Adaptive {
    /// Starts without having learnt anything; `stated` is the stated rate, a second, before `speed`.
    pub(super) const fn new(stated: f64, speed: f64) -> Self {
        Self { ceiling: stated * speed, speed, learnt: None, streak: 0, lesson: None, granted: 0, next: None }
    }

    /// Returns the rate now, a second; `None` while the stated one applies.
    pub(super) fn rate(&self, now: Instant) -> Option<f64> {
        let learnt = self.learnt?;
        let unit = (BRISK * self.speed / learnt.rate).clamp(1.0, SLOWEST_UNIT);
        let units = now.saturating_duration_since(learnt.at).as_secs_f64() * self.speed / unit;
        Some(learnt.rate * (1.0 + CREEP * units.powi(5))).filter(|rate| *rate < self.ceiling)
    }

    /// Returns when the next request may leave, if not now.
    pub(super) fn wait(&self, now: Instant) -> Option<Instant> {
        self.next.filter(|next| *next > now)
    }

    /// Reserves a slot for a request that leaves now.
    pub(super) fn reserve(&mut self, now: Instant) {
        self.next = self.rate(now).map(|rate| {
            let interval = Duration::from_secs_f64(1.0 / rate);
            // A timer wakes up a little late: what it is late by is not lost.
            let due = self.next.filter(|next| now.saturating_duration_since(*next) < interval).unwrap_or(now);
            due + interval
        });
    }

    /// Notes a response that was not throttled.
    pub(super) const fn granted(&mut self) {
        self.granted += 1;
        self.streak = 0;
    }

    /// Learns from a throttled response to a request that left at `sent_at`; tells whether the rate changed.
    pub(super) fn throttled(&mut self, sent_at: Instant, now: Instant) -> bool {
        self.streak = self.streak.saturating_add(1);
        let current = self.rate(now).unwrap_or(self.ceiling);
        if let Some((began, before)) = self.lesson {
            let (time, granted) = (now.saturating_duration_since(began), self.granted - before);
            if time.mul_f64(self.speed) >= SHORTEST_LESSON && granted >= SMALLEST_LESSON {
                self.lesson = Some((now, self.granted));
                // A bucket that was full for a while granted less than it refilled: not less than half is believed.
                let rate = (granted as f64 / time.as_secs_f64()).clamp(current * CUT * CUT, current);
                return self.learn(rate, now);
            }
        } else {
            self.lesson = Some((now, self.granted));
        }
        let is_news = self.learnt.is_none_or(|learnt| sent_at >= learnt.at);
        is_news && self.streak >= STREAK && self.learn(current * CUT, now)
    }

    /// Takes a rate that the service itself states.
    pub(super) fn stated(&mut self, rate: f64, now: Instant) -> bool {
        let is_less = self.rate(now).unwrap_or(self.ceiling) > rate;
        is_less && self.learn(rate, now)
    }

    fn learn(&mut self, rate: f64, now: Instant) -> bool {
        let rate = rate.max((FLOOR * self.speed).min(self.ceiling / 10.0));
        self.learnt = Some(Learnt { rate, at: now });
        self.next = Some(now + Duration::from_secs_f64(1.0 / rate));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A service's bucket whose rate may change.
    struct Bucket {
        tokens: f64,
        burst: f64,
        at: Instant,
    }

    impl Bucket {
        fn take(&mut self, rate: f64, now: Instant) -> bool {
            let passed = now.duration_since(self.at).as_secs_f64();
            self.tokens = (self.tokens + passed * rate).min(self.burst);
            self.at = now;
            let granted = self.tokens >= 1.0;
            if granted {
                self.tokens -= 1.0;
            }
            granted
        }
    }

    /// Sends `count` requests, retrying throttled ones, to a bucket of 20 whose rate depends on the time; responses
    /// take 5 ms. Returns the time it took and the throttled responses.
    async fn send(count: u32, stated: f64, quota: impl Fn(f64) -> f64) -> (f64, u32) {
        let start = Instant::now();
        let mut adaptive = Adaptive::new(stated, 1.0);
        let mut bucket = Bucket { tokens: 20.0, burst: 20.0, at: start };
        let mut responses = std::collections::VecDeque::new();
        let (mut granted, mut throttled, mut in_flight) = (0, 0, 0);
        let mut stated_next = start;
        while granted < count {
            let now = Instant::now();
            while let Some((sent_at, ok)) = responses.pop_front_if(|(sent_at, _)| *sent_at + LATENCY <= now) {
                in_flight -= 1;
                if ok {
                    granted += 1;
                    adaptive.granted();
                } else {
                    throttled += 1;
                    adaptive.throttled(sent_at, now);
                }
            }
            let free = adaptive.wait(now).is_none() && stated_next <= now;
            if free && in_flight < 64 && granted + in_flight < count {
                adaptive.reserve(now);
                stated_next = stated_next.max(now - Duration::from_millis(10)) + Duration::from_secs_f64(1.0 / stated);
                let ok = bucket.take(quota(now.duration_since(start).as_secs_f64()), now);
                responses.push_back((now, ok));
                in_flight += 1;
                continue;
            }
            tokio::time::advance(Duration::from_micros(500)).await;
        }
        (start.elapsed().as_secs_f64(), throttled)
    }

    const LATENCY: Duration = Duration::from_millis(5);

    #[tokio::test(start_paused = true)]
    async fn a_true_quota_is_kept_to() {
        let (took, throttled) = send(1000, 100.0, |_| 100.0).await;
        assert!(took <= 10.0 * 1.02, "{took} s");
        assert_eq!(throttled, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_quota_that_was_overstated_is_learnt() {
        let (took, throttled) = send(1000, 2000.0, |_| 100.0).await;
        assert!(took <= 9.8 * 1.10, "{took} s");
        assert!(throttled <= 150, "{throttled} throttled");
    }

    #[tokio::test(start_paused = true)]
    async fn a_quota_that_falls_and_rises_is_followed() {
        let quota = |at: f64| if (5.0..15.0).contains(&at) { 20.0 } else { 100.0 };
        // 20 at once, 500 in the first five seconds, 200 in the next ten, then 100 a second.
        let (took, throttled) = send(2000, 100.0, quota).await;
        let ideal = 15.0 + (2000.0 - 20.0 - 700.0) / 100.0;
        assert!(took <= ideal * 1.10, "{took} s instead of {ideal} s");
        assert!(throttled <= 200, "{throttled} throttled");
    }

    #[tokio::test(start_paused = true)]
    async fn slow_quotas_are_not_hammered() {
        let (took, throttled) = send(60, 10.0, |_| 2.0).await;
        assert!(took <= 20.0 * 1.25, "{took} s");
        assert!(throttled <= 20, "{throttled} throttled");
    }
}
