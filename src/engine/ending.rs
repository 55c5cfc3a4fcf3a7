//! Ends before the end: of a run, of a key, of a lane, of one target.

use jiff::SignedDuration;

use super::dispatcher::Dispatcher;
use super::event::{Event, Status};
use super::flight::Flight;
use super::hint::{Circumstances, Cut};
use super::journal::JournalError;
use super::lane::Lane;
use super::outcome::{SkipReason, TargetError, TargetResult};
use crate::error::ErrorClass;
use crate::provider::Principal;

impl Dispatcher<'_> {
    /// Takes in that a key was refused for a target.
    ///
    /// One refusal may be that target's own trouble, such as a gateway that breaks its signature. What is in flight
    /// answers, or one more request asks; a second target that is refused closes every lane of the key. Not a third:
    /// services lock keys that are refused again and again.
    pub(super) fn refuse(&mut self, principal: &Principal, target: u32) {
        if self.roster.refused(principal, target) && self.roster.closed.insert(principal.clone()) {
            self.empty(SkipReason::Credentials, |lane| lane.principal == *principal);
        }
    }

    /// Ends the run: nothing new is sent, what is in flight lands.
    pub(super) fn drain(&mut self, status: Status) {
        if self.drained.is_none() {
            self.drained = Some(status);
            self.empty(SkipReason::of(status), |_| true);
        }
    }

    /// Ends the run because a guard says so.
    pub(super) fn abort(&mut self, why: &str) {
        self.ended_by.get_or_insert_with(|| why.to_owned());
        self.drain(Status::Aborted);
    }

    /// Ends the run because nothing can be written down any more.
    pub(super) fn unrecorded(&mut self, error: JournalError) {
        if self.unrecorded.is_none() {
            self.ended_by.get_or_insert_with(|| error.to_string());
            self.unrecorded = Some(error);
            self.drain(Status::Aborted);
        }
    }

    /// Gives a lane up: what it has left fails for the lane's reason, and other lanes go on.
    pub(super) fn give_up_lane(&mut self, at: usize, class: ErrorClass) {
        self.tell(&Event::GivenUp { lane: at, class });
        let Some(lane) = self.roster.lanes.get_mut(at) else { return };
        let why = if class == ErrorClass::Throttled {
            let most = SignedDuration::try_from(self.sender.plan.retry.max_elapsed).unwrap_or(SignedDuration::MAX);
            format!("its service throttled every request for {most:#}")
        } else {
            "its service failed through every pause and probe".to_owned()
        };
        let message = format!("{} was given up: {why}", lane.info.api);
        let (fresh, under_way) = lane.drain();
        let cause = self.troubles.get(&at).map(|cause| format!("; the last failure: {cause}"));
        let message = message + cause.as_deref().unwrap_or_default();
        for target in fresh {
            let (code, request_id) = (None, None);
            let error = TargetError { class, code, message: message.clone().into(), request_id, hint: None };
            let result = TargetResult { error: Some(Box::new(error)), ..TargetResult::skipped(SkipReason::Aborted) };
            self.finish_target(target, result, Circumstances::default());
        }
        under_way.into_iter().for_each(|flight| self.give_up(flight, SkipReason::Aborted));
    }

    fn empty(&mut self, reason: SkipReason, which: impl Fn(&Lane) -> bool) {
        let drained: Vec<_> = self.roster.lanes.iter_mut().filter(|lane| which(lane)).map(Lane::drain).collect();
        for (fresh, under_way) in drained {
            let skipped = || TargetResult::skipped(reason);
            fresh.into_iter().for_each(|target| self.finish_target(target, skipped(), Circumstances::default()));
            under_way.into_iter().for_each(|flight| self.give_up(flight, reason));
        }
    }

    /// Ends a target before its story does. That is not written down: a resumed run takes the story up.
    pub(super) fn give_up(&mut self, mut flight: Flight, reason: SkipReason) {
        flight.circumstances.cut = Some(match self.drained {
            Some(_) => Cut::Run,
            None if reason == SkipReason::Credentials => Cut::Account,
            None => Cut::Lane,
        });
        let result = flight.cut_short(reason, self.sender.timeline.now());
        self.finish_target(flight.target, result, flight.circumstances);
    }
}

impl SkipReason {
    /// Returns why targets are skipped when a run ends so.
    pub(super) const fn of(status: Status) -> Self {
        match status {
            Status::Interrupted => Self::Interrupted,
            Status::Deadline => Self::Deadline,
            // A run that is complete skips nothing any more.
            Status::Aborted | Status::Completed => Self::Aborted,
        }
    }
}
