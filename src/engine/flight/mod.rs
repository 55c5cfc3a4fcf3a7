//! One target under way: what was sent, what is known, and what comes next.
//!
//! A pure state machine. It is told what happened and answers with the next step; it neither waits, nor sends,
//! nor asks for the time. `reading` has the part that follows a read-back, `end` the names of ends without proof.

mod end;
mod reading;
mod resumed;

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use self::end::End;
use super::exchange::Departure;
use super::hint::Circumstances;
use super::journal::Effect;
use super::outcome::{Attempt, Evidence, Outcome, SkipReason, TargetError, TargetResult};
use super::retry;
use crate::error::{ApiError, ErrorClass};
use crate::plan::{Retry, Verify, VerifyMode};
use crate::service::{Kind, Meaning, Verdict};
use crate::transport::SendError;

/// After how many throttled answers in a row the pace of its lane is not enough of a wait for a target.
const FEW_THROTTLES: u32 = 2;

/// What a flight needs to know to decide.
pub(super) struct Rules<'a> {
    /// When and how often to try again.
    pub(super) retry: &'a Retry,
    /// Whether to read states back.
    pub(super) verify: Verify,
    /// Whether lanes learn from throttled answers, so that a target need not wait for more than its turn.
    pub(super) is_paced: bool,
    /// What the target is.
    pub(super) kind: Kind,
}

impl Rules<'_> {
    /// Returns the wait after a failure of this class, the `failures`th in a row, of which `throttles` were throttled.
    fn wait(&self, class: ErrorClass, failures: u32, throttles: u32, at: &Moment) -> Duration {
        if class != ErrorClass::Throttled || !self.is_paced {
            retry::delay(self.retry, failures, at.chance, at.hint)
        } else if throttles > FEW_THROTTLES {
            retry::delay(self.retry, throttles - FEW_THROTTLES, at.chance, at.hint)
        } else {
            at.hint.unwrap_or_default()
        }
    }
}

/// The circumstances of one exchange.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    /// Whom the request was for; the first of them, where it served several.
    pub(super) target: u32,
    /// When the request left.
    pub(super) departure: Departure,
    /// When its answer was there.
    pub(super) now: Instant,
    /// When its answer was there, in the run's own time.
    pub(super) wall: Timestamp,
    /// An even chance in `0..1`, for jitter.
    pub(super) chance: f64,
    /// Whether the target had attempts before.
    pub(super) is_retry: bool,
    /// Whether the target was throttled again and again before.
    pub(super) is_stuck: bool,
    /// How long the service asks to wait.
    pub(super) hint: Option<Duration>,
    /// Whether the lane knows a better clock offset than the one the request was signed with.
    pub(super) clock_corrected: bool,
}

/// What comes next for a target.
pub(super) enum Next {
    /// The stop is sent (again) after a wait.
    Stop(Duration),
    /// The state is read with the read API of this number after a wait.
    Read(usize, Duration),
    /// Nothing: this is the fact.
    Done(TargetResult),
}

/// Why the state is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To see an accepted stop end.
    Verify,
    /// To decide what a lost or doubtful answer was; if it still runs, this class is what went wrong.
    Settle { class: ErrorClass, doubtful: bool },
    /// To learn the truth for the report, no try being left: what runs is read until reads cannot lag behind.
    Conclude,
    /// To say what a run would do; nothing was sent and nothing will be.
    Look,
}

#[derive(Debug, Clone, Copy)]
struct Reading {
    purpose: Purpose,
    stage: usize,
    since: Instant,
    polls: u32,
    misses: u32,
}

impl Reading {
    const fn new(purpose: Purpose, since: Instant) -> Self {
        Self { purpose, stage: 0, since, polls: 0, misses: 0 }
    }
}

/// One target under way.
pub(super) struct Flight {
    /// The target's number in the plan.
    pub(super) target: u32,
    pub(super) attempts: Vec<Attempt>,
    pub(super) reads: u32,
    pub(super) effect: Effect,
    pub(super) state: Option<Box<str>>,
    pub(super) error: Option<Box<TargetError>>,
    /// What the last read met, where it did not see a state.
    unread: Option<Box<TargetError>>,
    /// Whether an answer left open if it stands still, and no read has seen it running since.
    is_doubtful: bool,
    /// What advice on its error depends on.
    pub(super) circumstances: Circumstances,
    /// Whether a read-back of a stop that was taken saw it not standing still.
    seen_moving: bool,
    /// When the last request ended that may have stopped it without saying so.
    lost_at: Option<Instant>,
    reading: Option<Reading>,
    /// When the first request of this process left.
    first_sent: Option<Instant>,
    /// Tries that count against `max_attempts`.
    tries: u32,
    setbacks: u32,
    /// Throttled answers in a row, to stops and reads.
    throttles: u32,
}

impl Flight {
    pub(super) fn new(target: u32) -> Self {
        Self {
            target,
            attempts: Vec::new(),
            reads: 0,
            effect: Effect::Nothing,
            state: None,
            error: None,
            unread: None,
            is_doubtful: false,
            circumstances: Circumstances::default(),
            seen_moving: false,
            lost_at: None,
            reading: None,
            first_sent: None,
            tries: 0,
            setbacks: 0,
            throttles: 0,
        }
    }

    /// Returns the class of the last attempt's error.
    pub(super) fn last_class(&self) -> Option<ErrorClass> {
        self.attempts.last().and_then(|attempt| attempt.class)
    }

    /// Tells whether it was throttled again and again, and nothing else since.
    pub(super) const fn is_throttled_again(&self) -> bool {
        self.throttles > FEW_THROTTLES
    }

    fn mind_throttling(&mut self, class: Option<ErrorClass>) {
        self.throttles = if class == Some(ErrorClass::Throttled) { self.throttles.saturating_add(1) } else { 0 };
    }

    /// Returns the number of the attempt that is under way or comes next.
    pub(super) fn next_attempt(&self) -> u32 {
        u32::try_from(self.attempts.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Notes that the first request leaves now; `max_elapsed` runs from here.
    pub(super) fn sending(&mut self, now: Instant) {
        self.first_sent.get_or_insert(now);
    }

    /// Takes the answer to a stop request and decides.
    pub(super) fn answered(&mut self, verdict: Verdict, status: u16, rules: &Rules<'_>, at: Moment) -> Next {
        self.record(verdict.error, Some(status), at);
        if verdict.state.is_some() || verdict.meaning.is_proof() {
            self.state = verdict.state;
        }
        match verdict.meaning {
            Meaning::Stopped if rules.verify.mode == VerifyMode::Always => self.taken(Effect::Proven, rules, at),
            Meaning::Stopped => self.done(Outcome::Stopped, Evidence::Answer, at),
            // An earlier request of this run got no answer: it is what stopped it.
            Meaning::AlreadyStopped if self.effect != Effect::Nothing => {
                self.done(Outcome::Stopped, Evidence::Answer, at)
            }
            Meaning::AlreadyStopped | Meaning::Ended => self.done(Outcome::AlreadyStopped, Evidence::Answer, at),
            Meaning::Accepted if rules.verify.mode == VerifyMode::Off => {
                self.done(Outcome::Accepted, Evidence::Answer, at)
            }
            Meaning::Accepted => self.taken(Effect::Accepted, rules, at),
            Meaning::NotFound => self.done(Outcome::NotFound, Evidence::Answer, at),
            Meaning::Doubtful(class) => {
                self.is_doubtful = true;
                self.settle(class, true, rules, at)
            }
            // What came was no answer of the service's, so that it is none at all.
            Meaning::Lost(class) | Meaning::Failed(class @ ErrorClass::Protocol) => {
                self.lost(at);
                self.settle(class, false, rules, at)
            }
            Meaning::Failed(class) => {
                // A service that failed, or a gateway that gave up on it, cannot say what became of the stop.
                if matches!(class, ErrorClass::Server | ErrorClass::Timeout) {
                    self.lost(at);
                }
                self.failed(class, rules, at)
            }
        }
    }

    /// Takes the loss of an answer, or a request that never left, and decides.
    pub(super) fn unanswered(&mut self, error: SendError, rules: &Rules<'_>, at: Moment) -> Next {
        let class = error.class;
        let api_error = ApiError { class: Some(class), message: Some(error.message.into()), ..ApiError::default() };
        self.record(api_error, error.http_status, at);
        if let (Some(hint), Some(error)) = (error.blame.hint(), &mut self.error) {
            error.hint = Some(hint.into());
        }
        if error.surely_not_sent {
            return self.settled_as(class, rules, at);
        }
        self.lost(at);
        self.settle(class, false, rules, at)
    }

    /// Returns the fact when the run ends before the target does.
    pub(super) fn cut_short(&mut self, reason: SkipReason, wall: Timestamp) -> TargetResult {
        if self.attempts.is_empty() && self.effect == Effect::Nothing {
            return TargetResult::skipped(reason);
        }
        // Seen running after a lost stop proves nothing yet: reads may lag behind, and nobody looks again.
        self.ended(self.unwatched(), wall)
    }

    /// Returns the fact about a target whose request could not even be built.
    pub(super) fn unsendable(&mut self, message: String, wall: Timestamp) -> TargetResult {
        let message = message.into_boxed_str();
        self.error = Some(Box::new(TargetError {
            class: ErrorClass::Invalid,
            code: None,
            message,
            request_id: None,
            hint: None,
        }));
        self.unread = None;
        let end = self.unwatched();
        self.result(end.outcome(self.effect()), None, wall)
    }

    fn record(&mut self, api_error: ApiError, http_status: Option<u16>, at: Moment) {
        self.circumstances.is_unnoted = false;
        // What went wrong before an answer is no reason for what follows from it.
        self.error = api_error.class.map(|class| Box::new(target_error(class, &api_error)));
        self.unread = None;
        let ApiError { class, code, message, request_id } = api_error;
        self.mind_throttling(class);
        self.attempts.push(Attempt {
            n: self.next_attempt(),
            at: at.departure.wall,
            duration: at.now.saturating_duration_since(at.departure.instant),
            http_status,
            code,
            message,
            request_id,
            class,
            retry_in: None,
        });
        if counts(class) {
            self.tries = self.tries.saturating_add(1);
        }
    }

    fn lost(&mut self, at: Moment) {
        self.effect = self.effect.max(Effect::Lost);
        self.lost_at = Some(at.now);
    }

    /// Begins to watch a stop that was taken. It takes a moment, and one read may then serve many.
    fn taken(&mut self, effect: Effect, rules: &Rules<'_>, at: Moment) -> Next {
        self.effect = effect;
        self.seen_moving = false;
        self.read(Purpose::Verify, at);
        Next::Read(0, retry::bound(rules.retry, 1).min(rules.verify.timeout))
    }

    /// Begins to settle what an answer left open; where one read may serve many, it waits for others to join.
    fn settle(&mut self, class: ErrorClass, doubtful: bool, rules: &Rules<'_>, at: Moment) -> Next {
        self.read(Purpose::Settle { class, doubtful }, at);
        let is_shared = rules.kind.read_apis().first().is_some_and(|api| api.batch > 1);
        Next::Read(0, if is_shared { retry::bound(rules.retry, 1) } else { Duration::ZERO })
    }

    fn read(&mut self, purpose: Purpose, at: Moment) -> Next {
        self.reading = Some(Reading::new(purpose, at.now));
        Next::Read(0, Duration::ZERO)
    }

    /// Decides after a stop request was refused.
    fn failed(&mut self, class: ErrorClass, rules: &Rules<'_>, at: Moment) -> Next {
        if class == ErrorClass::Clock && at.clock_corrected {
            self.stop_after(Duration::ZERO)
        } else {
            self.settled_as(class, rules, at)
        }
    }

    /// Sends the stop again if that can help and any try is left.
    fn again(&mut self, class: ErrorClass, rules: &Rules<'_>, at: Moment) -> Option<Next> {
        if !class.is_transient() {
            return None;
        }
        if !(class == ErrorClass::Throttled && rules.is_paced) {
            self.setbacks = self.setbacks.saturating_add(1);
        }
        let wait = rules.wait(class, self.setbacks, self.throttles, &at);
        let elapsed = self.first_sent.map_or(Duration::ZERO, |first| at.now.saturating_duration_since(first));
        let counts = class != ErrorClass::Throttled;
        let is_over = (counts && self.tries >= rules.retry.max_attempts) || elapsed + wait > rules.retry.max_elapsed;
        (!is_over).then(|| self.stop_after(wait))
    }

    fn stop_after(&mut self, wait: Duration) -> Next {
        self.reading = None;
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.retry_in = Some(wait);
        }
        Next::Stop(wait)
    }

    /// Decides after a stop is settled, as far as it can be, as not known to have stopped anything.
    fn settled_as(&mut self, class: ErrorClass, rules: &Rules<'_>, at: Moment) -> Next {
        self.again(class, rules, at).unwrap_or_else(|| self.out_of_tries(at))
    }

    /// Ends, unless an answer was lost or left a doubt and nobody looked since.
    fn out_of_tries(&mut self, at: Moment) -> Next {
        // The other change that was in the way to the end may be somebody else's stop.
        self.is_doubtful |= self.reading.is_none() && self.last_class() == Some(ErrorClass::Conflict);
        match (self.effect(), self.reading) {
            (Effect::Nothing, _) => self.conclude(End::Refused, at),
            (Effect::Lost, None) => self.read(Purpose::Conclude, at),
            (Effect::Lost, Some(_)) | (Effect::Accepted | Effect::Proven, _) => self.conclude(End::Unsettled, at),
        }
    }

    /// Returns what it is called when nobody looks any more: an answer that proves the stop stands, unless contradicted.
    fn unwatched(&self) -> End {
        if self.effect == Effect::Proven && !self.seen_moving { End::Unreadable } else { End::Unsettled }
    }

    /// Returns what its requests may have done. An open doubt weighs as much as a lost answer: it may stand still.
    fn effect(&self) -> Effect {
        if self.is_doubtful { self.effect.max(Effect::Lost) } else { self.effect }
    }

    fn conclude(&mut self, end: End, at: Moment) -> Next {
        Next::Done(self.ended(end, at.wall))
    }

    fn ended(&mut self, end: End, wall: Timestamp) -> TargetResult {
        self.result(end.outcome(self.effect()), self.evidence(end), wall)
    }

    fn done(&mut self, outcome: Outcome, evidence: Evidence, at: Moment) -> Next {
        Next::Done(self.result(outcome, Some(evidence), at.wall))
    }

    /// A service that never said a word is no evidence.
    fn evidence(&self, end: End) -> Option<Evidence> {
        let spoke = self.reads > 0 || self.attempts.iter().any(|attempt| attempt.http_status.is_some());
        end.evidence(self.effect()).filter(|_| spoke)
    }

    fn result(&mut self, outcome: Outcome, evidence: Option<Evidence>, finished_at: Timestamp) -> TargetResult {
        let good = matches!(outcome, Outcome::Stopped | Outcome::AlreadyStopped);
        // What kept the state from being known is the reason, not what was to be settled by it.
        self.circumstances.was_reading = self.unread.is_some();
        let error = self.unread.take().or_else(|| self.error.take());
        TargetResult {
            outcome,
            evidence,
            reason: None,
            state: self.state.take(),
            started_at: self.attempts.first().map(|attempt| attempt.at),
            finished_at: Some(finished_at),
            error: error.filter(|_| !good),
            reads: self.reads,
            attempts: std::mem::take(&mut self.attempts),
        }
    }
}

/// Tells whether an attempt that ended so counts against `max_attempts`.
const fn counts(class: Option<ErrorClass>) -> bool {
    !matches!(class, Some(ErrorClass::Throttled | ErrorClass::Clock))
}

/// Turns the api_error of an answer into a row's error.
fn target_error(class: ErrorClass, api_error: &ApiError) -> TargetError {
    TargetError {
        class,
        code: api_error.code.clone(),
        message: api_error.message.clone().unwrap_or_else(|| class.name().into()),
        request_id: api_error.request_id.clone(),
        hint: None,
    }
}

#[cfg(test)]
mod tests;
