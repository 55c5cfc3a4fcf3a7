//! The lease to send: as long as the engine cannot have given the lane to another session.

use std::time::Duration;

use allstop::Timestamp;
use allstop::clock::{Clock, SystemClock};
use tokio::sync::watch;
use tokio::time::Instant;

/// A moment, by both clocks: a machine that sleeps stops the monotonic one, and somebody may set the other back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    monotonic: Instant,
    wall: Timestamp,
}

impl Moment {
    pub(super) fn now() -> Self {
        Self { monotonic: Instant::now(), wall: SystemClock.now() }
    }

    /// Returns how long ago an earlier moment was, by the clock that says more.
    fn since(self, earlier: Self) -> Duration {
        let monotonic = self.monotonic.saturating_duration_since(earlier.monotonic);
        monotonic.max(Duration::try_from(self.wall.duration_since(earlier.wall)).unwrap_or_default())
    }
}

/// Whether a session may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It may.
    Valid,
    /// Not before the engine acknowledges a heartbeat.
    Expired,
    /// Never again: another session may hold the lane.
    Lost,
}

#[derive(Debug, Clone, Copy)]
enum Held {
    /// The engine acknowledged a heartbeat that was sent then.
    Since(Moment),
    Not,
    Lost,
}

/// The lease of a session.
pub(super) struct Lease {
    span: Duration,
    held: watch::Sender<Held>,
}

impl Lease {
    /// Begins without an acknowledged heartbeat; `span` is how long one counts.
    pub(super) fn new(span: Duration) -> Self {
        Self { span, held: watch::Sender::new(Held::Not) }
    }

    /// Takes in that the engine acknowledged a heartbeat, and when that was sent.
    pub(super) fn renew(&self, sent: Moment) {
        self.held.send_if_modified(|held| {
            let is_lost = matches!(held, Held::Lost);
            if !is_lost {
                *held = Held::Since(sent);
            }
            !is_lost
        });
    }

    /// Takes in that the engine knows the session no more.
    pub(super) fn lose(&self) {
        self.held.send_replace(Held::Lost);
    }

    /// Tells whether the engine knows the session no more.
    pub(super) fn is_lost(&self) -> bool {
        matches!(*self.held.borrow(), Held::Lost)
    }

    pub(super) fn standing(&self, now: Moment) -> Standing {
        match *self.held.borrow() {
            Held::Since(sent) if now.since(sent) < self.span => Standing::Valid,
            Held::Since(_) | Held::Not => Standing::Expired,
            Held::Lost => Standing::Lost,
        }
    }

    /// Waits until the session may send; tells whether it ever may.
    pub(super) async fn valid(&self) -> bool {
        let mut held = self.held.subscribe();
        loop {
            held.borrow_and_update();
            match self.standing(Moment::now()) {
                Standing::Valid => return true,
                Standing::Lost => return false,
                Standing::Expired => {}
            }
            if held.changed().await.is_err() {
                return false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Duration = Duration::from_secs(8);

    fn at(start: Moment, monotonic: u64, wall: u64) -> Moment {
        let after = Duration::from_secs;
        Moment { monotonic: start.monotonic + after(monotonic), wall: start.wall + after(wall) }
    }

    #[test]
    fn it_ends_by_the_clock_that_says_more() {
        let (lease, start) = (Lease::new(SPAN), Moment::now());
        assert_eq!(lease.standing(start), Standing::Expired);
        lease.renew(start);
        assert_eq!(lease.standing(at(start, 7, 7)), Standing::Valid);
        assert_eq!(lease.standing(at(start, 8, 0)), Standing::Expired);
        // The machine slept.
        assert_eq!(lease.standing(at(start, 1, 60)), Standing::Expired);
    }

    #[test]
    fn a_lost_one_is_lost_for_good() {
        let (lease, start) = (Lease::new(SPAN), Moment::now());
        lease.lose();
        lease.renew(start);
        assert_eq!(lease.standing(start), Standing::Lost);
    }
}
