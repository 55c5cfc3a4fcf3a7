//! Where each target is: queued for its next step, or settled with its result. Observers hear of both.
//!
//! [`Scheduler`] owns the lanes and the targets that wait in them, [`Recorder`] what is durable, [`Threshold`] whether
//! the run goes on.

mod begin;
mod replies;
mod results;
mod sends;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::pending;
use tokio::time::Instant;

use super::attempt::Sender;
use super::event::{Event, Observer, Record};
use super::journal::{InProgress, JournalError, Ticket};
use super::keyring::Gate;
use super::recorder::Recorder;
use super::scheduler::{Now, Scheduler};
use super::stages::Stages;
use super::threshold::{Signal, Threshold};
use crate::base::clock::{Clock, Timeline};
use crate::plan::{AccountId, Plan};

/// Keeps track of the targets of a run.
pub(super) struct Tracker<'a> {
    plan: Arc<Plan>,
    clock: Arc<dyn Clock>,
    timeline: Timeline,
    scheduler: Scheduler,
    recorder: Recorder,
    threshold: Threshold,
    /// Where the credentials of each account come from, in words; by account.
    sources: Vec<Option<String>>,
    observers: &'a mut [Box<dyn Observer>],
    /// What another process needs to go on with targets that were given up.
    open: BTreeMap<u32, InProgress>,
    /// What holds targets back, where the plan has stages.
    stages: Option<Stages>,
    /// The accounts whose key was refused for good in their region, and why.
    closed: Vec<(AccountId, String)>,
    /// How many more targets the stops in flight are for than there are stops in flight.
    sharing: usize,
}

/// What happens to a run besides responses.
pub(super) enum News {
    /// Somebody outside asks something of it.
    Signal(Signal),
    /// The journal is durable up to here.
    Durable(Result<Ticket, JournalError>),
    /// Somebody said whether the run goes on after a pause.
    Answer(bool),
}

impl<'a> Tracker<'a> {
    pub(super) fn new(
        sender: &Sender,
        (scheduler, recorder, threshold, stages): (Scheduler, Recorder, Threshold, Option<Stages>),
        sources: Vec<Option<String>>,
        observers: &'a mut [Box<dyn Observer>],
    ) -> Self {
        let (plan, clock, timeline) = (Arc::clone(&sender.plan), Arc::clone(&sender.clock), sender.timeline);
        let open = BTreeMap::new();
        let closed = Vec::new();
        let sharing = 0;
        Self {
            plan,
            clock,
            timeline,
            scheduler,
            recorder,
            threshold,
            sources,
            observers,
            open,
            stages,
            closed,
            sharing,
        }
    }

    /// Tells whether every target has its result.
    pub(super) const fn is_done(&self) -> bool {
        self.recorder.open() == 0
    }

    /// Tells whether the run ends early.
    pub(super) const fn has_ended(&self) -> bool {
        self.threshold.ended().is_some()
    }

    /// Waits for what happens besides responses.
    pub(super) async fn news(&mut self) -> News {
        tokio::select! {
            biased;
            signal = self.threshold.signal() => News::Signal(signal),
            up_to = self.recorder.durable() => News::Durable(up_to),
            goes_on = answer(self.stages.as_mut()) => News::Answer(goes_on),
        }
    }

    /// Returns the signal that is there already.
    pub(super) fn signalled(&self) -> Option<Signal> {
        self.threshold.signalled()
    }

    /// Makes the journal durable now, where something waits for that.
    pub(super) fn flush(&self) {
        self.recorder.flush();
    }

    /// Notes what may be sent with the keys of each source now.
    pub(super) fn set_gates(&mut self, gates: &[Gate], now: Instant) {
        self.scheduler.set_gates(gates, now);
    }

    /// Tells observers that a second has passed, and of lanes that it made faster.
    pub(super) fn tick(&mut self) {
        for (lane, from, rate) in self.scheduler.tick(Instant::now()) {
            self.tell(&Event::Quickened { lane: lane.index(), from, rate });
        }
        self.observers.iter_mut().for_each(|observer| observer.on_tick());
    }

    /// Tells observers of the end, and returns what the run was, but for its id, reason and beginning.
    pub(super) fn finish_run(mut self) -> Record {
        let status = self.threshold.ended().unwrap_or_default();
        self.tell(&Event::Ended { status });
        let finished_at = self.timeline.now();
        let (results, unrecorded) = self.recorder.into_parts();
        let (memory, lanes) = self.scheduler.into_parts(Now { instant: Instant::now(), wall: finished_at });
        let stages = self.stages.as_ref().map(Stages::records).unwrap_or_default();
        let (ended_by, open) = (self.threshold.into_reason(), self.open);
        Record { finished_at, status, ended_by, unrecorded, lanes, stages, results, open, memory, ..Record::default() }
    }

    fn tell(&mut self, event: &Event<'_>) {
        tell(self.observers, event);
    }
}

/// Waits for the answer to a question; for ever, where none was asked.
async fn answer(stages: Option<&mut Stages>) -> bool {
    match stages {
        Some(stages) => stages.answer().await,
        None => pending().await,
    }
}

fn tell(observers: &mut [Box<dyn Observer>], event: &Event<'_>) {
    observers.iter_mut().for_each(|observer| observer.on_event(event));
}
