//! What a run does when the process has no file descriptor left for another connection: it has fewer requests in
//! flight, and the request that could not leave waits, at no cost.

use std::time::Duration;

use tokio::time::Instant;

/// How long a request that could not leave waits.
const PAUSE: Duration = Duration::from_millis(100);

/// How many requests may be in flight, and since when none can leave.
#[derive(Debug, Default)]
pub(super) struct Shortage {
    since: Option<Instant>,
    /// The most requests in flight; `None` where there is no shortage.
    most: Option<usize>,
    /// Nothing leaves before this moment.
    until: Option<Instant>,
}

impl Shortage {
    /// Notes that a request could not leave while others were `in_flight`. Returns how long it waits; `None` when none
    /// could for so long that it is taken for a failure like any other.
    pub(super) fn met(&mut self, in_flight: usize, now: Instant, longest: Duration) -> Option<Duration> {
        let since = *self.since.get_or_insert(now);
        self.most = Some(in_flight.max(1));
        if in_flight == 0 {
            self.until = Some(now + PAUSE);
        }
        (now.saturating_duration_since(since) < longest).then_some(PAUSE)
    }

    /// Notes that a request got through.
    pub(super) const fn passed(&mut self) {
        self.since = None;
    }

    /// Returns the most requests that may be in flight, of `stated`.
    pub(super) fn most(&self, stated: usize) -> usize {
        self.most.map_or(stated, |most| most.min(stated))
    }

    /// Returns when something may leave again, if not now.
    pub(super) fn until(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|until| *until > now)
    }

    /// Lets a few more requests be in flight: what took the descriptors may have given them back.
    pub(super) fn ease(&mut self, stated: usize) {
        self.most = self.most.map(|most| most + 1 + most / 8).filter(|most| *most < stated);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn fewer_are_in_flight_and_more_again_later() {
        let (mut shortage, now) = (Shortage::default(), Instant::now());
        let longest = Duration::from_secs(600);
        assert_eq!(shortage.most(64), 64);
        assert_eq!(shortage.met(13, now, longest), Some(PAUSE));
        assert_eq!((shortage.most(64), shortage.until(now)), (13, None));
        assert_eq!(shortage.met(0, now, longest), Some(PAUSE));
        assert_eq!((shortage.most(64), shortage.until(now)), (1, Some(now + PAUSE)));
        assert_eq!(shortage.until(now + PAUSE), None);
        for _ in 0..30 {
            shortage.ease(64);
        }
        assert_eq!(shortage.most(64), 64);
        assert_eq!(shortage.met(0, now + longest, longest), None, "none got through");
        shortage.passed();
        assert_eq!(shortage.met(0, now + longest, longest), Some(PAUSE));
    }
}
