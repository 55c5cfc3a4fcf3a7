//! One resource over time: what reached it, and what state that left it in.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::course::{Course, Leaving, When};
use super::facts::Facts;
use super::fault::InjectedFault;
use super::fault_injector::{FaultInjector, Purpose, Series};
use super::phase::Phase;
use super::resource::{Id, Initial, Resource};

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
    /// What listings show of it.
    pub(super) facts: Option<Arc<Facts>>,
    /// What it does by itself.
    pub(super) course: Course,
    /// What it has done by itself, and how listings showed it.
    pub(super) life: Life,
    /// When a request first reached it.
    met: Option<Instant>,
    /// The state that it was in when a request last reached it.
    pub(super) last_met: Option<Phase>,
    stops: Series,
    reads: Series,
}

/// What a resource has done by itself, and how listings showed it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Life {
    /// Whether it was not there from the start.
    pub came_later: bool,
    /// Whether it came to its own end.
    pub ended: bool,
    /// Whether it is not there, or not yet.
    pub absent: bool,
    /// How often a listing showed it.
    pub listed: u32,
    /// When a listing first showed it, by the simulator's clock.
    pub first_listed: Option<Timestamp>,
    /// When a listing last showed it.
    pub last_listed: Option<Timestamp>,
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
    pub(super) fn new(id: Arc<Id>, resource: &Resource, late: Duration) -> Self {
        let is_later = resource.course.comes.is_some();
        Self {
            id,
            initial: resource.initial,
            applied: None,
            late,
            counts: Counts::default(),
            said: Vec::new(),
            facts: resource.facts.clone(),
            course: resource.course,
            life: Life { came_later: is_later, absent: is_later, ..Life::default() },
            met: None,
            last_met: None,
            stops: Series::default(),
            reads: Series::default(),
        }
    }

    /// Changes its state at the start and what listings show of it.
    pub(super) fn change(&mut self, to: &Resource) {
        (self.initial, self.facts) = (to.initial, to.facts.clone());
    }

    /// Lets it come.
    pub(super) fn come(&mut self) {
        self.life.absent = false;
    }

    /// Lets it leave, unless a stop came first.
    pub(super) fn leave(&mut self, how: Leaving) {
        match how {
            _ if self.applied.is_some() => {}
            Leaving::Ends => self.life.ended = true,
            Leaving::Goes => self.life.absent = true,
        }
    }

    /// Records that a listing showed it.
    pub(super) fn list(&mut self, now: Timestamp) {
        self.life.listed += 1;
        self.life.first_listed.get_or_insert(now);
        self.life.last_listed = Some(now);
        if let Some((When::Shown, how)) = self.course.leaves {
            self.leave(how);
        }
    }

    /// Returns the service's word for the state that a read shows.
    pub(super) fn word(&self, now: Instant) -> &str {
        let phase = self.shown(now);
        let is_as_begun = self.applied.is_none() && !self.life.ended && phase == self.initial.phase();
        let stated = self.facts.as_ref().filter(|_| is_as_begun).and_then(|facts| {
            let later = facts.later.as_deref().filter(|_| self.life.listed > 0);
            later.or(facts.status.as_deref())
        });
        stated.unwrap_or_else(|| self.id.model.info().word(phase))
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
            (_, None) if self.life.ended => Phase::Ended,
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

    /// Tells whether its next stop request may go wrong.
    pub(super) fn may_go_wrong(&self, injector: FaultInjector) -> bool {
        self.stops.may_go_wrong(injector)
    }

    /// Counts a stop request that goes wrong, whatever is drawn for it.
    pub(super) fn suffer(&mut self) {
        self.stops.suffer();
        self.counts.faults += 1;
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
