//! A lane's pauses: how long one still lasts, what time passed without them, and how many are to be expected.

use std::time::Duration;

use tokio::time::Instant;

/// The pauses of one lane.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    from: Option<Instant>,
    until: Option<Instant>,
    /// What pauses before the last took.
    before: Duration,
    /// Pauses that the quota made, how long they were, and how many requests had been sent when the last began.
    count: u32,
    length: Duration,
    requests: u64,
}

impl Pauses {
    /// Begins a pause, or makes the one that lasts longer; `requests` were sent so far.
    ///
    /// More pauses like it are to be expected if it `may_recur`.
    pub(super) fn begin(&mut self, pause: Duration, may_recur: bool, requests: u64, now: Instant) {
        let is_new = self.left(now).is_none();
        self.before += self.last(now);
        let earlier = self.until.filter(|until| *until > now).unwrap_or(now);
        let until = earlier.max(now + pause);
        (self.from, self.until) = (Some(now), Some(until));
        if may_recur && until > earlier {
            self.length += until - earlier;
            if is_new {
                self.count += 1;
                self.requests = requests;
            }
        }
    }

    /// Returns how long the pause still lasts, if there is one.
    pub(super) fn left(&self, now: Instant) -> Option<Duration> {
        self.until?.checked_duration_since(now).filter(|left| !left.is_zero())
    }

    /// Returns the moment on a clock that stands still during pauses.
    pub(super) fn active(&self, now: Instant) -> Instant {
        now.checked_sub(self.before + self.last(now)).unwrap_or(now)
    }

    /// Returns how long pauses will last that so many further requests run into, as far as earlier ones tell.
    pub(super) fn to_come(&self, requests: f64) -> Duration {
        if self.count == 0 {
            return Duration::ZERO;
        }
        let each = (self.requests as f64 / f64::from(self.count)).max(1.0);
        let pauses = ((requests / each).ceil() - 1.0).max(0.0);
        // One pause is a hint that they come again, and no more.
        let most = if self.count == 1 { 1.0 } else { f64::from(u16::MAX) };
        (self.length / self.count).mul_f64(pauses.min(most))
    }

    /// Returns how much of the last pause is over.
    fn last(&self, now: Instant) -> Duration {
        match (self.from, self.until) {
            (Some(from), Some(until)) => until.min(now).saturating_duration_since(from),
            (None, _) | (_, None) => Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_clock_stands_still_during_pauses_and_more_of_them_are_expected() {
        let (start, seconds) = (Instant::now(), Duration::from_secs);
        let mut pauses = Pauses::default();
        assert_eq!((pauses.left(start), pauses.active(start)), (None, start));
        assert_eq!(pauses.to_come(1000.0), Duration::ZERO, "none was seen");

        pauses.begin(seconds(10), true, 20, start + seconds(10));
        assert_eq!(pauses.left(start + seconds(14)), Some(seconds(6)));
        pauses.begin(seconds(16), true, 20, start + seconds(14));
        pauses.begin(seconds(1), true, 20, start + seconds(15));
        assert_eq!(pauses.left(start + seconds(15)), Some(seconds(15)), "it was made longer, once");
        assert_eq!(pauses.active(start + seconds(15)), start + seconds(10));
        assert_eq!(pauses.active(start + seconds(35)), start + seconds(15), "20 seconds were a pause");
        assert_eq!(pauses.to_come(19.0), Duration::ZERO, "twenty requests went before");
        assert_eq!(pauses.to_come(45.0), seconds(20), "who knows whether that one was the last");
        pauses.begin(seconds(10), true, 30, start + seconds(36));
        assert_eq!(pauses.to_come(15.0), Duration::ZERO);
        assert_eq!(pauses.to_come(46.0), seconds(45), "three of fifteen seconds");

        pauses.begin(seconds(5), false, 40, start + seconds(50));
        assert_eq!(pauses.active(start + seconds(60)), start + seconds(25));
        assert_eq!(pauses.to_come(46.0), seconds(45), "a failing service does not pause by the request");
    }
}
