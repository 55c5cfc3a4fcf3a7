//! One resource over time: what reached it, and what state that left it in.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::fault::InjectedFault;
use super::fault_injector::{FaultInjector, Purpose, Series};
use super::phase::Phase;
use super::resource::{Id, Initial};

/// The present, on both clocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// On the clock that measures.
    pub(super) instant: Instant,
    /// On the wall, as the simulator's clock has it.
    pub(super) wall: Timestamp,
}

/// A resource and its history.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its name.
    pub(super) id: Arc<Id>,
    /// How it started.
    pub(super) initial: Initial,
    /// When its stop took effect.
    pub(super) applied: Option<Moment>,
    /// How long after that, or after a request first reached what was stopping before, its stop visibly ends.
    pub(super) late: Duration,
    /// The requests for it.
    pub(super) counts: Counts,
    /// What stop requests stated besides its name, each text once.
    pub(super) said: Vec<Box<str>>,
    /// When a request first reached it.
    met: Option<Instant>,
    /// The state that it was in when a request last reached it.
    pub(super) last_met: Option<Phase>,
    stops: Series,
    reads: Series,
}

/// How often what happened to a resource.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Stop requests that came in, throttled ones included.
    pub requests: u32,
    /// Stops that took effect: 0 or 1.
    pub applied: u32,
    /// Stop requests that the service accepted, whether the response arrived or not.
    pub taken: u32,
    /// Requests of any kind that were throttled because a quota was used up.
    pub throttled: u32,
    /// Requests of any kind that met a fault.
    pub faults: u32,
    /// Reads of this resource alone.
    pub reads: u32,
}

/// The most different texts that are remembered of what stop requests said.
const MOST_SAID: usize = 8;

impl Entry {
    /// Builds the entry of a resource that nothing has reached yet.
    pub(super) fn new(id: Arc<Id>, initial: Initial, late: Duration) -> Self {
        let (stops, reads) = (Series::default(), Series::default());
        let (met, last_met, applied, said) = (None, None, None, Vec::new());
        Self { id, initial, applied, late, counts: Counts::default(), said, met, last_met, stops, reads }
    }

    /// Returns the state it is in.
    pub(super) fn phase(&self, now: Instant) -> Phase {
        let shown = self.shown(now);
        let lags = shown == Phase::Stopping && self.applied.is_some() && !self.id.model.info().is_asynchronous;
        if lags { Phase::Stopped } else { shown }
    }

    /// Returns the state that a read shows, which may lag behind.
    pub(super) fn shown(&self, now: Instant) -> Phase {
        match (self.initial, self.applied) {
            (Initial::Stopped, _) => Phase::Stopped,
            (Initial::Ended, _) => Phase::Ended,
            (Initial::Stopping, _) if self.met.is_some_and(|met| now >= met + self.late) => Phase::Stopped,
            (Initial::Stopping, _) => Phase::Stopping,
            (Initial::Running, None) => Phase::Running,
            (Initial::Running, Some(applied)) if now < applied.instant + self.late => Phase::Stopping,
            (Initial::Running, Some(_)) => Phase::Stopped,
        }
    }

    /// Stops it, where it runs; where stops end at once, one also ends what somebody else was stopping.
    pub(super) fn stop(&mut self, now: Moment) {
        let can_stop = match self.shown(now.instant) {
            Phase::Running => true,
            Phase::Stopping => !self.id.model.info().is_asynchronous,
            Phase::Stopped | Phase::Ended => false,
        };
        if can_stop && self.applied.is_none() {
            self.applied = Some(now);
            self.counts.applied += 1;
        }
    }

    /// Records the state that a request met.
    pub(super) fn meet(&mut self, now: Instant) {
        self.met.get_or_insert(now);
        self.last_met = Some(self.phase(now));
    }

    /// Counts a request for it alone, and records what it stated.
    pub(super) fn record(&mut self, purpose: Purpose, said: Option<String>) {
        match purpose {
            Purpose::Stop => self.counts.requests += 1,
            Purpose::Read => self.counts.reads += 1,
        }
        if let Some(said) = said
            && self.said.len() < MOST_SAID
            && !self.said.iter().any(|known| **known == *said)
        {
            self.said.push(said.into());
        }
    }

    /// Draws what goes wrong with its next request of a purpose.
    pub(super) fn fault(&mut self, injector: FaultInjector, purpose: Purpose) -> Option<InjectedFault> {
        let series = match purpose {
            Purpose::Stop => &mut self.stops,
            Purpose::Read => &mut self.reads,
        };
        let fault = series.next(injector, &self.id, purpose);
        self.counts.faults += u32::from(fault.is_some());
        fault
    }
}
