//! A request in flight, and the targets that wait for its response.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::time::Instant;

use super::attempt::Reply;
use super::scheduler::{LaneId, Work};
use super::target::Moment;

/// A request in flight. It owns its targets, so that they come back with the response, or without it.
pub(super) struct InFlight {
    lane: LaneId,
    /// Taken when the reply is there.
    work: Option<Work>,
    sent_at: Timestamp,
    reply: BoxFuture<'static, Reply>,
}

/// A request that is over.
pub(super) struct Completion {
    pub(super) lane: LaneId,
    pub(super) work: Work,
    pub(super) reply: Reply,
}

impl Completion {
    /// Describes the circumstances: the response was there at `now`, which is `wall` in the run's own time.
    pub(super) fn moment(&self, now: Instant, wall: Timestamp, chance: f64) -> Moment {
        let first = self.work.first();
        Moment {
            target: first.id(),
            batch: self.work.states().len(),
            sent: self.reply.sent,
            now,
            wall,
            chance,
            is_retry: first.last_attempt().is_some(),
            is_stuck: self.work.states().iter().all(|state| state.is_throttled_again()),
            retry_after: None,
            is_corrected: false,
        }
    }
}

impl InFlight {
    pub(super) const fn new(lane: LaneId, work: Work, sent_at: Timestamp, reply: BoxFuture<'static, Reply>) -> Self {
        Self { lane, work: Some(work), sent_at, reply }
    }

    /// Gives the request up; returns its targets and when it was sent.
    #[expect(clippy::expect_used, reason = "a request that is over is not in flight")]
    pub(super) fn abandon(self) -> (Work, Timestamp) {
        (self.work.expect("a request in flight has its targets"), self.sent_at)
    }
}

impl Future for InFlight {
    type Output = Completion;

    #[expect(clippy::expect_used, reason = "a future is not polled again after it was ready")]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Completion> {
        let reply = ready!(self.reply.as_mut().poll(context));
        let work = self.work.take().expect("a request completes once");
        Poll::Ready(Completion { lane: self.lane, work, reply })
    }
}
