//! Requests that leave, and those that are over.

use tokio::time::Instant;

use super::Tracker;
use crate::engine::attempt::Permit;
use crate::engine::event::Event;
use crate::engine::in_flight::Completion;
use crate::engine::outcome::SkipReason;
use crate::engine::scheduler::{LaneId, Turn, Work};
use crate::engine::target::Step;

impl Tracker<'_> {
    /// Records the intents of what is sent soon.
    pub(in crate::engine) fn record_intents(&mut self, now: Instant) {
        if let Some(ahead) = self.recorder.ahead().filter(|_| self.threshold.ended().is_none()) {
            let room = self.recorder.room();
            for (lane, targets) in self.scheduler.take_intents(now, ahead, room) {
                self.recorder.record_intents(lane, targets);
            }
        }
    }

    /// Takes the next request that may leave now. A window that has closed ends the run instead.
    pub(in crate::engine) fn next(&mut self, now: Instant) -> Turn<(LaneId, Work)> {
        loop {
            let (threshold, stages) = (&self.threshold, self.stages.as_ref());
            let is_limited = threshold.left() < usize::MAX || stages.is_some();
            // Where failures are limited, each target of a request takes the place of a request.
            let shared = is_limited.then_some(self.sharing);
            // One request must not let more targets fail than may.
            let most = |id| threshold.left().min(stages.map_or(usize::MAX, |stages| stages.left(id)));
            match self.scheduler.next(now, shared, most) {
                Turn::Send((_, Work::Stop(states))) if self.threshold.forbids_stops(|| self.clock.now()) => {
                    self.abort(self.threshold.closed(self.clock.now()));
                    states.into_iter().for_each(|mut state| self.give_up(&mut state, SkipReason::Aborted));
                }
                turn @ (Turn::Send(_) | Turn::Wait(_) | Turn::Idle) => return turn,
            }
        }
    }

    /// Notes that a request leaves now; returns what it is sent with.
    pub(in crate::engine) fn sending(&mut self, lane: LaneId, work: &mut Work, now: Instant) -> Permit {
        if let Work::Stop(states) = work {
            let batch = states.len();
            self.sharing += batch - 1;
            for state in states.iter_mut() {
                let (id, n) = (state.id(), state.next_attempt());
                state.sending(now);
                self.tell(&Event::Sending { target: id.index(), lane: lane.index(), n, batch });
                self.recorder.note_sending(id, n, self.timeline.now());
            }
        }
        self.scheduler.sending(lane, work.first().id(), now)
    }

    /// Notes that a request is over. Returns it, unless it could not leave for want of a file descriptor: then its
    /// targets wait.
    pub(in crate::engine) fn completed(&mut self, completion: Completion, now: Instant) -> Option<Completion> {
        let lane = completion.lane;
        if let Work::Stop(states) = &completion.work {
            self.sharing = self.sharing.saturating_sub(states.len() - 1);
        }
        let is_short = completion.reply.is_short_of_descriptors();
        let target = completion.work.first().id();
        let Some(wait) = self.scheduler.completed(lane, target, is_short, now) else { return Some(completion) };
        let stage = completion.work.stage();
        let step = || stage.map_or(Step::Stop(wait), |stage| Step::Read(stage, wait));
        completion.work.into_states().into_iter().for_each(|state| self.proceed(state, step(), now));
        None
    }
}
