//! How long it still takes: the arithmetic, apart from where its numbers come from.
//!
//! It gives no time if none can be known: no time left is better than one that stops counting down.

use std::time::Duration;

/// The longest time that is given.
const LONGEST: f64 = 100.0 * 24.0 * 3600.0;

/// How many usual gaps between two outcomes may pass before what is left counts as stuck.
const PATIENCE: f64 = 4.0;

/// The shortest pause between two outcomes that can count as being stuck.
const SHORTEST_STILLNESS: Duration = Duration::from_secs(2);

/// What is known of a lane that has not finished.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// Targets that nothing was sent for yet.
    pub(super) queued: u64,
    /// Targets that have no outcome yet, the queued ones included.
    pub(super) left: u64,
    /// How many requests a target takes, as far as seen; from 1.
    pub(super) attempts: f64,
    /// The rate that the lane may send at from now on: what was learnt, else what is stated; a second.
    pub(super) allowed: f64,
    /// The rate that it did send at while it did not pause, a second; `None` in its first seconds.
    pub(super) sent: Option<f64>,
    /// The rate at which targets got their outcomes meanwhile, a second; `None` in the first seconds.
    pub(super) done: Option<f64>,
    /// How long it takes from a target's first request to its outcome, verification included.
    pub(super) usual: Option<Duration>,
    /// For how long the lane will hold back, or at least one target waits for its next attempt.
    pub(super) hold: Duration,
    /// For how long no target has got its outcome, pauses not counted.
    pub(super) still: Duration,
}

impl Facts {
    /// Estimates how long the lane still takes; `None` where that cannot be known.
    pub(super) fn time_left(&self) -> Option<Duration> {
        if self.left == 0 {
            return Some(Duration::ZERO);
        }
        let finishing = self.done.filter(|rate| *rate > 0.0).map(|rate| self.left as f64 / rate);
        let seconds = if self.queued == 0 {
            let gap = self.done.filter(|rate| *rate > 0.0).map(|rate| PATIENCE / rate)?;
            if self.hold.is_zero() && self.still.as_secs_f64() > gap.max(SHORTEST_STILLNESS.as_secs_f64()) {
                return None;
            }
            finishing? + self.hold.as_secs_f64()
        } else {
            let sending = self.queued as f64 * self.attempts.max(1.0) / self.sent?.min(self.allowed);
            (sending + self.usual?.as_secs_f64()).max(finishing.unwrap_or(0.0)) + self.hold.as_secs_f64()
        };
        (seconds.is_finite() && seconds < LONGEST).then(|| Duration::from_secs_f64(seconds))
    }
}

/// Returns how long a lane takes for `requests` by its quota alone, `burst` of which may leave at once.
///
/// `allstop check` says the same of the lane.
pub(super) fn by_quota(requests: u64, burst: u64, rate: f64) -> Duration {
    let seconds = requests.saturating_sub(burst) as f64 / rate;
    Duration::try_from_secs_f64(seconds.clamp(0.0, LONGEST)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lane that sends two a second, without trouble.
    const CALM: Facts = Facts {
        queued: 100,
        left: 101,
        attempts: 1.0,
        allowed: 2.0,
        sent: Some(2.0),
        done: Some(2.0),
        usual: Some(Duration::from_millis(100)),
        hold: Duration::ZERO,
        still: Duration::ZERO,
    };

    #[test]
    fn tells_what_can_be_known() {
        let seconds = Duration::from_secs;
        let table = [
            ("calm", CALM, Some(50)),
            ("nothing is left", Facts { left: 0, queued: 0, ..CALM }, Some(0)),
            ("the first seconds", Facts { sent: None, done: None, ..CALM }, None),
            ("a burst is over soon", Facts { sent: Some(20.0), done: Some(20.0), ..CALM }, Some(50)),
            ("slower than allowed", Facts { sent: Some(1.0), done: Some(1.0), ..CALM }, Some(101)),
            ("every target needs two attempts", Facts { attempts: 2.0, done: Some(1.0), ..CALM }, Some(101)),
            ("attempts are seen before they show", Facts { attempts: 3.0, ..CALM }, Some(150)),
            ("a hold comes on top", Facts { hold: seconds(30), ..CALM }, Some(80)),
            ("slowed down just now", Facts { allowed: 0.5, ..CALM }, Some(200)),
            ("verification takes a minute", Facts { usual: Some(seconds(60)), ..CALM }, Some(110)),
            ("nothing was seen to end yet", Facts { usual: None, done: None, ..CALM }, None),
            ("reads are slower than stops", Facts { left: 1000, done: Some(2.0), ..CALM }, Some(500)),
            ("all sent, ends are seen steadily", Facts { queued: 0, left: 30, ..CALM }, Some(15)),
            ("the last wait for an attempt", Facts { queued: 0, left: 1, hold: seconds(9), ..CALM }, Some(9)),
            (
                "it hangs until its next attempt",
                Facts { queued: 0, left: 1, hold: seconds(9), still: seconds(9), ..CALM },
                Some(9),
            ),
            ("the last one hangs", Facts { queued: 0, left: 1, still: seconds(3), ..CALM }, None),
            ("nothing moves any more", Facts { sent: Some(0.0), ..CALM }, None),
            ("all sent, nothing ends", Facts { queued: 0, left: 5, done: Some(0.0), ..CALM }, None),
            ("longer than anybody plans", Facts { queued: u64::MAX, ..CALM }, None),
        ];
        for (name, facts, wanted) in table {
            assert_eq!(facts.time_left().map(|left| left.as_secs()), wanted, "{name}");
        }
    }

    #[test]
    fn a_quota_alone_tells_the_time_at_the_start() {
        assert_eq!(by_quota(60, 10, 2.0), Duration::from_secs(25));
        assert_eq!(by_quota(3, 10, 2.0), Duration::ZERO);
        assert_eq!(by_quota(40, 1, 80.0 / 60.0), Duration::from_millis(29_250));
    }
}
