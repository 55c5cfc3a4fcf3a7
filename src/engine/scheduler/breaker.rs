//! A lane's circuit breaker: when a service fails again and again, the lane pauses and probes it instead of using up
//! the attempts of every target.

use std::time::Duration;

use tokio::time::Instant;

use crate::engine::retry;
use crate::error::ErrorClass;
use crate::plan::Retry;

/// How many failures in a row open the breaker.
const TRIP: u32 = 10;

/// How many times it opens in a row, each for longer, before the lane is given up.
const MOST_OPENINGS: u32 = 8;

/// How much longer the first pause is than the first wait of a retry, in doublings.
const HEAD_START: u32 = 3;

/// Counts a lane's failures in a row and says when to go on.
///
/// It numbers the requests in the order they are handed out. The failure of a request says nothing new when a later
/// one got a response, or when it was handed out before the breaker opened: all of those are one outage.
#[derive(Debug, Default)]
pub(in crate::engine) struct Breaker {
    failures: u32,
    open: Option<Open>,
    /// Whether the lane was given up.
    pub(in crate::engine) is_dead: bool,
    /// The number of the next request.
    next: u64,
    /// Failures of requests below this number say nothing new.
    news_from: u64,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    until: Instant,
    openings: u32,
}

/// What a lane may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Gate {
    /// Send: the breaker is closed.
    Closed,
    /// Send one request, and no other until it has its response: the breaker is half-open.
    HalfOpen,
    /// Send nothing before this moment: the breaker is open.
    Open(Instant),
}

/// What a failure did to the breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Trip {
    /// Nothing new.
    Unchanged,
    /// The lane pauses for this long.
    Opened(Duration),
    /// The lane is given up.
    Dead,
}

impl Breaker {
    /// Tells whether an error of this class says that the service is unhealthy, and not only one target.
    pub(in crate::engine) const fn counts(class: ErrorClass) -> bool {
        matches!(class, ErrorClass::Network | ErrorClass::Timeout | ErrorClass::Server | ErrorClass::Protocol)
    }

    /// Says what the lane may do now.
    pub(in crate::engine) fn gate(&self, now: Instant) -> Gate {
        match self.open {
            None => Gate::Closed,
            Some(open) if open.until <= now => Gate::HalfOpen,
            Some(open) => Gate::Open(open.until),
        }
    }

    /// Counts a request that is handed out now; returns its number.
    pub(in crate::engine) const fn handed_out(&mut self) -> u64 {
        let number = self.next;
        self.next += 1;
        number
    }

    /// Notes a response to the request of this number that says that the service is healthy.
    pub(in crate::engine) fn responded(&mut self, number: u64) {
        self.failures = 0;
        self.open = None;
        self.news_from = self.news_from.max(number);
    }

    /// Notes the failure of the request of this number.
    pub(in crate::engine) fn failed(&mut self, retry: &Retry, number: u64, now: Instant) -> Trip {
        if number < self.news_from {
            return Trip::Unchanged;
        }
        self.failures = self.failures.saturating_add(1);
        let openings = match self.open {
            None if self.failures < TRIP => return Trip::Unchanged,
            None => 1,
            Some(open) => open.openings + 1,
        };
        if openings > MOST_OPENINGS {
            self.is_dead = true;
            return Trip::Dead;
        }
        let pause = retry::bound(retry, HEAD_START + openings);
        self.open = Some(Open { until: now + pause, openings });
        self.news_from = self.next;
        Trip::Opened(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands a request out and lets it fail at once.
    fn fail(breaker: &mut Breaker, retry: &Retry, now: Instant) -> Trip {
        let number = breaker.handed_out();
        breaker.failed(retry, number, now)
    }

    #[tokio::test(start_paused = true)]
    async fn opens_probes_and_gives_up_in_bounded_time() {
        let (retry, start) = (Retry::default(), Instant::now());
        let mut breaker = Breaker::default();
        for _ in 1..TRIP {
            assert_eq!(fail(&mut breaker, &retry, start), Trip::Unchanged);
        }
        let mut now = start;
        let mut openings = 0;
        loop {
            match fail(&mut breaker, &retry, now) {
                Trip::Opened(pause) => {
                    openings += 1;
                    assert_eq!(breaker.gate(now), Gate::Open(now + pause));
                    now += pause;
                    assert_eq!(breaker.gate(now), Gate::HalfOpen);
                }
                Trip::Dead => break,
                Trip::Unchanged => panic!("a failed probe always counts"),
            }
        }
        assert_eq!(openings, MOST_OPENINGS);
        assert!(now - start < Duration::from_secs(110), "{:?}", now - start);
    }

    #[tokio::test(start_paused = true)]
    async fn one_response_closes_it() {
        let (retry, now) = (Retry::default(), Instant::now());
        let mut breaker = Breaker::default();
        for _ in 0..TRIP {
            fail(&mut breaker, &retry, now);
        }
        assert_ne!(breaker.gate(now), Gate::Closed);
        let probe = breaker.handed_out();
        breaker.responded(probe);
        assert_eq!(breaker.gate(now), Gate::Closed);
        assert_eq!(fail(&mut breaker, &retry, now), Trip::Unchanged);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_handed_out_before_it_opened_counts_once() {
        let (retry, now) = (Retry::default(), Instant::now());
        // They may fail in the very moment in which they leave, and land when it is open.
        for closed_again in [false, true] {
            let mut breaker = Breaker::default();
            let burst: Vec<u64> = (0..200).map(|_| breaker.handed_out()).collect();
            let trips: Vec<_> = burst.iter().take(100).map(|number| breaker.failed(&retry, *number, now)).collect();
            assert_eq!(trips.iter().filter(|trip| matches!(trip, Trip::Opened(_))).count(), 1);
            assert!(matches!(breaker.gate(now), Gate::Open(_)));
            if closed_again {
                breaker.responded(burst[100]);
            }
            for number in &burst[101..] {
                assert_eq!(breaker.failed(&retry, *number, now), Trip::Unchanged);
            }
            assert_eq!(matches!(breaker.gate(now), Gate::Closed), closed_again);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_fails_after_a_later_response_is_no_news() {
        let (retry, now) = (Retry::default(), Instant::now());
        let mut breaker = Breaker::default();
        let hanging: Vec<u64> = (0..100).map(|_| breaker.handed_out()).collect();
        let later = breaker.handed_out();
        breaker.responded(later);
        for number in hanging {
            assert_eq!(breaker.failed(&retry, number, now), Trip::Unchanged);
        }
        assert_eq!(breaker.gate(now), Gate::Closed);
    }
}
