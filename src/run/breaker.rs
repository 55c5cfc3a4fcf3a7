//! A lane's breaker: when a service stops answering, the lane pauses and probes it instead of burning every
//! target's tries.

use std::time::Duration;

use tokio::time::Instant;

use super::retry;
use crate::class::ErrorClass;
use crate::plan::Retry;

/// How many failures in a row open the breaker.
const TRIP: u32 = 10;

/// How many times it opens in a row, each for longer, before the lane is given up.
const MOST_OPENINGS: u32 = 8;

/// How much longer the first pause is than the first wait of a retry, in doublings.
const HEAD_START: u32 = 3;

/// Counts a lane's failures in a row and says when to go on.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    failures: u32,
    open: Option<Open>,
    dead: bool,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    since: Instant,
    until: Instant,
    openings: u32,
}

/// What a lane may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    /// Send.
    Free,
    /// Send one request, and no other until it has its answer.
    Probe,
    /// Send nothing before this moment.
    Shut(Instant),
}

/// What a failure did to the breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trip {
    /// Nothing new.
    Unchanged,
    /// The lane pauses for this long.
    Opened(Duration),
    /// The lane is given up.
    Dead,
}

impl Breaker {
    /// Tells whether an error of this class is the service's being sick, and not one target's trouble.
    pub(super) const fn counts(class: ErrorClass) -> bool {
        matches!(class, ErrorClass::Network | ErrorClass::Timeout | ErrorClass::Server | ErrorClass::Protocol)
    }

    /// Says what the lane may do now.
    pub(super) fn gate(&self, now: Instant) -> Gate {
        match self.open {
            None => Gate::Free,
            Some(open) if open.until <= now => Gate::Probe,
            Some(open) => Gate::Shut(open.until),
        }
    }

    /// Tells whether the lane was given up.
    pub(super) const fn is_dead(&self) -> bool {
        self.dead
    }

    /// Notes an answer that is not the service's being sick.
    pub(super) const fn answered(&mut self) {
        self.failures = 0;
        self.open = None;
    }

    /// Notes a failure of a request that left at `sent_at`. Those that left before it opened say nothing new.
    pub(super) fn failed(&mut self, retry: &Retry, sent_at: Instant, now: Instant) -> Trip {
        self.failures = self.failures.saturating_add(1);
        let openings = match self.open {
            None if self.failures < TRIP => return Trip::Unchanged,
            None => 1,
            Some(open) if sent_at < open.since => return Trip::Unchanged,
            Some(open) => open.openings + 1,
        };
        if openings > MOST_OPENINGS {
            self.dead = true;
            return Trip::Dead;
        }
        let pause = retry::bound(retry, HEAD_START + openings);
        self.open = Some(Open { since: now, until: now + pause, openings });
        Trip::Opened(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn opens_probes_and_gives_up_in_bounded_time() {
        let (retry, start) = (Retry::default(), Instant::now());
        let mut breaker = Breaker::default();
        for _ in 1..TRIP {
            assert_eq!(breaker.failed(&retry, start, start), Trip::Unchanged);
        }
        let mut now = start;
        let mut openings = 0;
        loop {
            match breaker.failed(&retry, now, now) {
                Trip::Opened(pause) => {
                    openings += 1;
                    assert_eq!(breaker.gate(now), Gate::Shut(now + pause));
                    now += pause;
                    assert_eq!(breaker.gate(now), Gate::Probe);
                }
                Trip::Dead => break,
                Trip::Unchanged => panic!("a failed probe always counts"),
            }
        }
        assert_eq!(openings, MOST_OPENINGS);
        assert!(now - start < Duration::from_secs(110), "{:?}", now - start);
    }

    #[tokio::test(start_paused = true)]
    async fn one_answer_closes_it() {
        let (retry, now) = (Retry::default(), Instant::now());
        let mut breaker = Breaker::default();
        for _ in 0..TRIP {
            breaker.failed(&retry, now, now);
        }
        assert_ne!(breaker.gate(now), Gate::Free);
        breaker.answered();
        assert_eq!(breaker.gate(now), Gate::Free);
        assert_eq!(breaker.failed(&retry, now, now), Trip::Unchanged);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_in_flight_when_it_opened_does_not_count_again() {
        let (retry, sent) = (Retry::default(), Instant::now());
        let now = sent + Duration::from_millis(5);
        let mut breaker = Breaker::default();
        for _ in 1..TRIP {
            breaker.failed(&retry, sent, now);
        }
        assert!(matches!(breaker.failed(&retry, sent, now), Trip::Opened(_)));
        for _ in 0..100 {
            assert_eq!(breaker.failed(&retry, sent, now), Trip::Unchanged);
        }
    }
}
