//! The heartbeats of a session.

use std::sync::Arc;
use std::time::Duration;

use allstop::CancellationToken;
use allstop::clock::{Clock, SystemClock};
use allstop::engine::ResumeState;
use temporalio_client::errors::AsyncActivityError;
use temporalio_client::{AsyncActivityHandle, Client, RetryOptions, RpcOptions};
use tokio::time::{Instant, sleep, sleep_until};

use super::lease::{Lease, Moment};
use super::notes::Notes;
use super::room::LONGEST;
use crate::client::Outage;
use crate::wire::{Beat, Pace, Packed, PackedError, VERSION};

/// The shortest time between two heartbeats, as a part of the usual one.
const HURRY: u32 = 10;

/// How long after a heartbeat that failed the next is tried.
const RETRY: Duration = Duration::from_millis(200);

/// Why a session is lost, for its journal.
pub(super) const LOST: &str = "the engine knows the session no more: another one may hold the lane";

/// Tells the engine what a session did.
pub(super) struct Beats {
    pub(super) handle: AsyncActivityHandle<Client>,
    pub(super) notes: Arc<Notes>,
    pub(super) lease: Arc<Lease>,
    pub(super) pace: Pace,
    /// How many targets of the lane had their row before the session.
    pub(super) done: u64,
    pub(super) worker: String,
    pub(super) outage: Arc<Outage>,
    /// Cancelled when the engine asks the session to end.
    pub(super) asked: CancellationToken,
}

impl Beats {
    /// Beats until it is dropped, or the session is lost; the first heartbeat was `sent` then.
    pub(super) async fn go_on(&self, mut sent: Instant) {
        // The first sends of a session wait for the second heartbeat.
        let mut hurry = Duration::ZERO;
        loop {
            let next = sent + self.pace.checkpoint();
            tokio::select! {
                () = sleep_until(next) => {}
                () = self.notes.hurried() => sleep_until(sent + hurry).await,
            }
            hurry = self.pace.checkpoint() / HURRY;
            sent = Instant::now();
            if !self.beat().await {
                self.lease.lose();
                self.notes.fail(LOST);
                return;
            }
        }
    }

    /// Sends heartbeats until one is acknowledged; tells whether the engine still knows the session.
    pub(super) async fn beat(&self) -> bool {
        loop {
            let moment = Moment::now();
            let (note, beat) = self.notes.snapshot(|state| self.details(state));
            let Ok(beat) = beat else { return false };
            // The engine would fail the session for good and forget what it has told, and respond as if it was cancelled. So
            // another session goes on from the heartbeat before.
            if beat.state.len() > LONGEST {
                return false;
            }
            let sent = Instant::now();
            match self.handle.heartbeat(Some(beat), self.options()).await {
                Ok(response) => {
                    self.outage.ended();
                    self.lease.renew(moment);
                    self.notes.acknowledge(note);
                    if response.cancel_requested || response.activity_paused || response.activity_reset {
                        self.asked.cancel();
                    }
                    return true;
                }
                Err(AsyncActivityError::NotFound(_)) => {
                    self.outage.ended();
                    return false;
                }
                Err(_) => {
                    self.outage.failed(sent);
                    sleep(RETRY).await;
                }
            }
        }
    }

    pub(super) fn details(&self, state: &ResumeState) -> Result<Beat, PackedError> {
        Ok(Beat {
            v: VERSION,
            state: Packed::of(state)?,
            done: self.done + state.done.len() as u64,
            open: state.open.len() as u64,
            worker: self.worker.clone(),
            at: SystemClock.now(),
        })
    }

    /// A heartbeat that takes longer than the lease says nothing any more.
    fn options(&self) -> RpcOptions {
        RpcOptions::builder().timeout(self.pace.lease()).retry_options(RetryOptions::no_retries()).build()
    }
}
