//! What follows a read-back: the fact, another read, or another attempt.

use std::time::Duration;

use super::end::End;
use super::{Moment, Purpose, Rules, StatusRead, Step, TargetState, is_correctable, target_error};
use crate::engine::journal::Effect;
use crate::engine::outcome::{Evidence, Outcome};
use crate::engine::retry;
use crate::error::{ApiError, ErrorClass};
use crate::service::{Observation, State};

/// The longest pause between two read-backs of one target.
const LONGEST_POLL: Duration = Duration::from_secs(5);

/// How often in a row a read may fail at least before the state counts as unreadable: `max_attempts` is about stops,
/// and a run that may send one of them should still find out what came of it.
const LEAST_MISSES: u32 = 3;

/// For how long after a lost response a read that sees it running may only lag behind the stop.
const LONGEST_LAG: Duration = Duration::from_secs(10);

impl TargetState {
    /// Takes what a read-back saw and decides.
    pub(super) fn observed(&mut self, observation: Observation, rules: &Rules<'_>, at: Moment) -> Step {
        // A target that is read before any request was sent for it is only looked at.
        let mut reading = self.reading.unwrap_or_else(|| StatusRead::new(Purpose::Look, at.now));
        if self.first_sent.is_none() {
            // The first request of this process for a target that is looked at, or that an earlier part had in progress.
            self.first_sent = Some(at.sent.instant);
            reading.since = at.sent.instant;
        }
        self.reads = self.reads.saturating_add(1);
        let state = match observation {
            Ok(state) => {
                self.count_throttle(None);
                state
            }
            Err(api_error) => return self.unread(reading, api_error, rules, at),
        };
        if state == State::Absent && reading.stage + 1 < rules.kind.read_apis.len() {
            reading.stage += 1;
            self.reading = Some(reading);
            return Step::Read(reading.stage, Duration::ZERO);
        }
        reading.misses = 0;
        self.unread = None;
        // Only a state that says that it runs settles a doubt so that the refusal counts.
        self.is_doubtful &= !matches!(state, State::Running(_));
        if reading.purpose == Purpose::Look {
            return self.looked(state, at);
        }
        match state {
            State::Stopped(word) => {
                self.state = Some(word);
                let ours = self.effect != Effect::Nothing;
                let outcome = if ours { Outcome::Stopped } else { Outcome::AlreadyStopped };
                self.done(outcome, Evidence::ReadBack, at)
            }
            State::Ended(word) => {
                self.state = Some(word);
                self.done(Outcome::AlreadyStopped, Evidence::ReadBack, at)
            }
            // What the service knew when it accepted the stop is gone now: it cannot be running.
            State::Absent => {
                self.state = None;
                let is_gone = self.effect >= Effect::Accepted;
                let outcome = if is_gone { Outcome::Stopped } else { Outcome::NotFound };
                self.done(outcome, Evidence::ReadBack, at)
            }
            State::Stopping(word) => {
                self.state = Some(word);
                (self.seen_moving, self.is_doubtful) = (true, true);
                self.watch(reading, rules, at)
            }
            State::Running(word) => {
                self.state = Some(word);
                self.still_running(reading, rules, at)
            }
            State::Either(word) => {
                self.state = Some(word);
                self.is_doubtful = true;
                self.either(reading, rules, at)
            }
            State::Unclear(word) => {
                self.state = Some(word);
                self.is_doubtful = true;
                match reading.purpose {
                    Purpose::Verify | Purpose::Conclude | Purpose::Look => self.conclude(End::Unsettled, at),
                    Purpose::Settle { class, .. } => self.settled_as(class, rules, at),
                }
            }
        }
    }

    /// Decides on a state that is either running or what a stop leaves. Where a response proved the stop, that counts
    /// once reads cannot lag behind any more. What may still run is no proof that a lost stop had no effect.
    fn either(&mut self, reading: StatusRead, rules: &Rules<'_>, at: Moment) -> Step {
        let waited = at.sent.instant.saturating_duration_since(reading.since);
        match (self.effect, reading.purpose) {
            (Effect::Proven, Purpose::Verify) if waited >= LONGEST_LAG.min(rules.verify.timeout) => {
                self.conclude(End::Unreadable, at)
            }
            (_, Purpose::Verify) => self.watch(reading, rules, at),
            (_, Purpose::Settle { class, .. }) => {
                self.again(class, rules, at).unwrap_or_else(|| self.conclude(End::Unsettled, at))
            }
            (_, Purpose::Conclude | Purpose::Look) => self.conclude(End::Unsettled, at),
        }
    }

    /// Says what a run would find.
    fn looked(&mut self, state: State, at: Moment) -> Step {
        let (outcome, word) = match state {
            State::Running(word) | State::Stopping(word) | State::Either(word) => (Outcome::WouldStop, Some(word)),
            State::Stopped(word) | State::Ended(word) => (Outcome::AlreadyStopped, Some(word)),
            State::Unclear(word) => (Outcome::Unknown, Some(word)),
            State::Absent => (Outcome::NotFound, None),
        };
        self.state = word;
        self.done(outcome, Evidence::ReadBack, at)
    }

    fn still_running(&mut self, reading: StatusRead, rules: &Rules<'_>, at: Moment) -> Step {
        match reading.purpose {
            Purpose::Verify => {
                self.seen_moving = true;
                self.watch(reading, rules, at)
            }
            Purpose::Conclude => self.outlast(reading, rules, at),
            Purpose::Look => self.conclude(End::Running, at),
            // "Cannot be stopped in its present state" after a lost stop: that stop may be what is going on.
            Purpose::Settle { class, doubtful: true }
                if self.effect != Effect::Nothing && !class.is_transient() && !self.sharing.is_due_alone() =>
            {
                self.watch(reading, rules, at)
            }
            Purpose::Settle { class, .. } => {
                self.again(class, rules, at).unwrap_or_else(|| self.outlast(reading, rules, at))
            }
        }
    }

    /// Reads again when no attempt is left, until what still runs cannot be a stop that reads do not show yet.
    fn outlast(&mut self, reading: StatusRead, rules: &Rules<'_>, at: Moment) -> Step {
        if self.effect == Effect::Nothing {
            return self.conclude(End::Running, at);
        }
        let lost_at = self.lost_at.unwrap_or(reading.since);
        // A read shows no more than what was so when it left.
        let waited = at.sent.instant.saturating_duration_since(lost_at);
        let left = LONGEST_LAG.min(rules.verify.timeout).saturating_sub(waited);
        if left.is_zero() {
            let end = if waited >= LONGEST_LAG { End::Running } else { End::TimedOut };
            return self.conclude(end, at);
        }
        self.poll(StatusRead { purpose: Purpose::Conclude, ..reading }, left, rules)
    }

    /// Reads again after a while, until it is stopped or the time is out.
    fn watch(&mut self, reading: StatusRead, rules: &Rules<'_>, at: Moment) -> Step {
        let waited = at.now.saturating_duration_since(reading.since);
        let Some(left) = rules.verify.timeout.checked_sub(waited).filter(|left| !left.is_zero()) else {
            return self.conclude(End::TimedOut, at);
        };
        self.poll(StatusRead { purpose: Purpose::Verify, ..reading }, left, rules)
    }

    /// Reads again with the first read API, a little later each time, but not after `left`.
    fn poll(&mut self, reading: StatusRead, left: Duration, rules: &Rules<'_>) -> Step {
        let polls = reading.polls.saturating_add(1);
        self.reading = Some(StatusRead { stage: 0, polls, ..reading });
        Step::Read(0, retry::bound(rules.retry, polls).min(LONGEST_POLL).min(left))
    }

    /// Decides after a read-back that got no response or an error.
    fn unread(&mut self, mut reading: StatusRead, api_error: ApiError, rules: &Rules<'_>, at: Moment) -> Step {
        let class = api_error.class.unwrap_or(ErrorClass::Protocol);
        reading.misses = reading.misses.saturating_add(1);
        self.count_throttle(Some(class));
        let mut unread = target_error(class, &api_error);
        unread.message = format!("the state could not be read: {}", unread.message).into();
        self.unread = Some(Box::new(unread));
        let wait = if is_correctable(class) && at.is_corrected {
            Some(Duration::ZERO)
        } else {
            class.is_transient().then(|| rules.wait(class, reading.misses, self.throttles, &at))
        };
        let limit = match reading.purpose {
            Purpose::Verify => rules.verify.timeout,
            Purpose::Settle { .. } | Purpose::Conclude | Purpose::Look => rules.retry.max_elapsed,
        };
        let in_time = |wait: &Duration| at.now.saturating_duration_since(reading.since) + *wait <= limit;
        let few = class == ErrorClass::Throttled || reading.misses < rules.retry.max_attempts.max(LEAST_MISSES);
        if let Some(wait) = wait.filter(in_time).filter(|_| few) {
            self.reading = Some(reading);
            return Step::Read(reading.stage, wait);
        }
        match reading.purpose {
            Purpose::Verify => self.conclude(self.unwatched(), at),
            Purpose::Settle { class, .. } => self.settled_as(class, rules, at),
            Purpose::Conclude => self.conclude(End::Unsettled, at),
            Purpose::Look => Step::Done(self.result(Outcome::Unknown, None, at.wall)),
        }
    }
}
