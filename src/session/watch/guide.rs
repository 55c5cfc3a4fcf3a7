//! The world around a watch: time, signals, and who confirms.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::engine::{Listings, Run};
use crate::plan::Plan;
use crate::report::Signal;
use crate::session::error::SessionError;
use crate::session::ready::Ready;

/// Who carries the rounds of a watch out: the world around it. Time passes only here.
pub trait Guide: Sync {
    /// Returns how long it is since the watch began.
    fn elapsed(&self) -> Duration;

    /// Waits between two rounds. It may return early; the watch ends then if [`is_ended`](Self::is_ended).
    fn wait(&self, time: Duration) -> BoxFuture<'_, ()>;

    /// Tells whether the watch is to end, as by a signal. What runs ends early as [`listings`](Self::listings) and
    /// [`run`](Self::run) have it.
    fn is_ended(&self) -> bool;

    /// Returns the signal that ended it, where one did.
    fn signal(&self) -> Option<Signal> {
        None
    }

    /// Returns what ends the sign-in of a round's accounts early when it is cancelled.
    fn drain(&self) -> CancellationToken {
        CancellationToken::new()
    }

    /// Has the last word on the listings of a round, such as what ends them early.
    fn listings(&self, listings: Listings) -> Listings {
        listings
    }

    /// Has the last word on the run of a round, such as its observers and what ends it early.
    fn run(&self, run: Run, plan: &Arc<Plan>) -> Run {
        let _ = plan;
        run
    }

    /// Confirms the first round, and with it the watch.
    ///
    /// # Errors
    ///
    /// As [`Ready::confirm`].
    fn confirm(&self, ready: &Ready) -> Result<(), SessionError> {
        ready.confirm()
    }
}
