//! One target in progress: what was sent, what is known, and what comes next.
//!
//! A pure state machine. It takes what happened and returns the next step. It does not wait, send, or read a clock.
//! `status_read` has the part that follows a read-back, `end` the outcomes of ends without proof.

mod advance;
mod end;
mod resumed;
mod sharing;
mod status_read;
mod step;

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use self::end::End;
use self::sharing::Sharing;
use self::step::{FEW_THROTTLES, Rules};
pub(super) use self::step::{Moment, Step};
use super::hint::{Circumstances, Cut};
use super::journal::{Effect, InProgress};
use super::outcome::{Attempt, Evidence, Outcome, SkipReason, TargetError, TargetResult};
use super::retry;
use crate::error::{ApiError, ErrorClass};
use crate::plan::{TargetId, VerifyMode};
use crate::service::{Meaning, Verdict};
use crate::transport::SendError;

/// Why the state is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To see an accepted stop end.
    Verify,
    /// To decide what a lost or doubtful response was; if it still runs, this class is what went wrong.
    Settle { class: ErrorClass, doubtful: bool },
    /// To learn the truth for the report when no attempt is left: what runs is read until reads cannot lag behind.
    Conclude,
    /// To say what a run would do; nothing was sent and nothing will be.
    Look,
}

#[derive(Debug, Clone, Copy)]
struct StatusRead {
    purpose: Purpose,
    stage: usize,
    since: Instant,
    polls: u32,
    misses: u32,
}

impl StatusRead {
    const fn new(purpose: Purpose, since: Instant) -> Self {
        Self { purpose, stage: 0, since, polls: 0, misses: 0 }
    }
}

/// One target in progress, as it moves between queues and requests.
pub(super) type StateBox = Box<TargetState>;

/// One target in progress.
pub(super) struct TargetState {
    id: TargetId,
    attempts: Vec<Attempt>,
    reads: u32,
    effect: Effect,
    state: Option<Box<str>>,
    error: Option<Box<TargetError>>,
    /// What the last read met, where it did not see a state.
    unread: Option<Box<TargetError>>,
    /// Whether a response left open if it is stopped, and no read has seen it running since.
    is_doubtful: bool,
    /// What advice on its error depends on.
    circumstances: Circumstances,
    /// Whether a read-back of a stop that was accepted saw it not stopped yet.
    seen_moving: bool,
    /// When the last request ended that may have stopped it without saying so.
    lost_at: Option<Instant>,
    reading: Option<StatusRead>,
    /// When the first request of this process was sent.
    first_sent: Option<Instant>,
    /// Attempts that count against `max_attempts`.
    counted: u32,
    setbacks: u32,
    /// Throttled responses in a row, to stops and reads.
    throttles: u32,
    /// Whether its last request waited for newer keys, as a service had refused those that it was signed with.
    waited_for_keys: bool,
    sharing: Sharing,
}

impl TargetState {
    pub(super) fn new(id: TargetId) -> Self {
        Self {
            id,
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
            counted: 0,
            setbacks: 0,
            throttles: 0,
            waited_for_keys: false,
            sharing: Sharing::default(),
        }
    }

    /// Takes note that its request waits for newer keys; tells whether the one before did so, too.
    pub(super) const fn wait_for_keys(&mut self, waits: bool) -> bool {
        std::mem::replace(&mut self.waited_for_keys, waits)
    }

    /// Returns the id of the target.
    pub(super) const fn id(&self) -> TargetId {
        self.id
    }

    /// Returns what advice on its error depends on.
    pub(super) const fn circumstances(&self) -> Circumstances {
        self.circumstances
    }

    /// Returns the service's last word for the state.
    pub(super) fn word(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// Returns the last attempt and what all of them may have done.
    pub(super) fn last_attempt(&self) -> Option<(&Attempt, Effect)> {
        self.attempts.last().map(|attempt| (attempt, self.effect))
    }

    /// Returns the class of the last attempt's error.
    pub(super) fn last_class(&self) -> Option<ErrorClass> {
        self.attempts.last().and_then(|attempt| attempt.class)
    }

    /// Tells whether it was throttled again and again, and nothing else since.
    pub(super) const fn is_throttled_again(&self) -> bool {
        self.throttles > FEW_THROTTLES
    }

    /// Tells whether its next stop may share a request with those of other targets.
    pub(super) const fn may_share(&self) -> bool {
        self.sharing.may_share()
    }

    fn count_throttle(&mut self, class: Option<ErrorClass>) {
        self.throttles = if class == Some(ErrorClass::Throttled) { self.throttles.saturating_add(1) } else { 0 };
    }

    /// Returns the number of the attempt that is in flight or comes next.
    pub(super) fn next_attempt(&self) -> u32 {
        u32::try_from(self.attempts.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Notes that a request leaves now; `max_elapsed` runs from the first.
    pub(super) fn sending(&mut self, now: Instant) {
        self.first_sent.get_or_insert(now);
        self.sharing.sending();
    }

    /// Makes time that was waited for keys count for no limit.
    pub(super) fn excuse(&mut self, waited: Duration) {
        self.first_sent = self.first_sent.map(|first| first + waited);
        if let Some(reading) = &mut self.reading {
            reading.since += waited;
        }
    }

    /// Takes the response to a stop request and decides.
    fn responded(&mut self, verdict: Verdict, status: u16, rules: &Rules<'_>, at: Moment) -> Step {
        self.record(verdict.error, Some(status), at);
        if verdict.state.is_some() || verdict.meaning.is_proof() {
            self.state = verdict.state;
        }
        match verdict.meaning {
            Meaning::Stopped if rules.verify.mode == VerifyMode::Always => self.accepted(Effect::Proven, rules, at),
            Meaning::Stopped => self.done(Outcome::Stopped, Evidence::Answer, at),
            // An earlier request of this run got no response: it is what stopped it.
            Meaning::AlreadyStopped if self.effect != Effect::Nothing => {
                self.done(Outcome::Stopped, Evidence::Answer, at)
            }
            Meaning::AlreadyStopped | Meaning::Ended => self.done(Outcome::AlreadyStopped, Evidence::Answer, at),
            Meaning::Accepted if rules.verify.mode == VerifyMode::Off => {
                self.done(Outcome::Accepted, Evidence::Answer, at)
            }
            Meaning::Accepted => self.accepted(Effect::Accepted, rules, at),
            Meaning::NotFound => self.done(Outcome::NotFound, Evidence::Answer, at),
            Meaning::Doubtful(class) => {
                self.is_doubtful = true;
                self.settle(class, true, rules, at)
            }
            // What came was not from the service: it counts as no response.
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

    /// Takes the refusal of a request for several targets, which tells nothing of this one: its next stop goes alone.
    fn refused_together(&mut self, verdict: Verdict, status: u16, rules: &Rules<'_>, at: Moment) -> Step {
        self.sharing.refused();
        self.record(verdict.error, Some(status), at);
        match verdict.meaning {
            Meaning::Failed(_) => self.stop_after(Duration::ZERO),
            Meaning::Doubtful(class) => {
                self.is_doubtful = true;
                self.settle(class, true, rules, at)
            }
            Meaning::Lost(class) => {
                self.lost(at);
                self.settle(class, false, rules, at)
            }
            // It states no result of any target.
            Meaning::Stopped | Meaning::AlreadyStopped | Meaning::Ended | Meaning::Accepted | Meaning::NotFound => {
                self.settle(ErrorClass::Protocol, false, rules, at)
            }
        }
    }

    /// Takes the loss of a response, or a request that was never sent, and decides.
    fn got_no_response(&mut self, error: SendError, rules: &Rules<'_>, at: Moment) -> Step {
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

    /// Returns the fact when the target is given up before its end is known.
    pub(super) fn cut_short(&mut self, reason: SkipReason, cut: Cut, wall: Timestamp) -> TargetResult {
        self.circumstances.cut = Some(cut);
        if self.is_untouched() {
            return TargetResult::skipped(reason);
        }
        // Seen running after a lost stop proves nothing yet: reads may lag behind, and nobody looks again.
        let mut result = self.ended(self.unwatched(), wall);
        if result.outcome == Outcome::Accepted && reason == SkipReason::Credentials {
            result.reason = Some(reason);
        }
        result
    }

    /// Returns what another process needs to go on with the target; `None` where nothing was sent for it.
    ///
    /// `sending` is the time of a stop request whose response nobody will see.
    pub(super) fn in_progress(&self, sending: Option<Timestamp>) -> Option<InProgress> {
        (sending.is_some() || !self.is_untouched()).then(|| InProgress {
            attempts: self.attempts.clone(),
            effect: self.effect(),
            sending: sending.map(|at| (self.next_attempt(), at)),
            is_handed_over: true,
        })
    }

    /// Tells whether nothing was sent that can have had an effect.
    fn is_untouched(&self) -> bool {
        self.attempts.is_empty() && self.effect == Effect::Nothing
    }

    /// Returns the fact about a target whose request could not even be built.
    fn unsendable(&mut self, message: String, wall: Timestamp) -> TargetResult {
        self.error = Some(Box::new(TargetError::new(ErrorClass::Invalid, message)));
        self.unread = None;
        let end = self.unwatched();
        self.result(end.outcome(self.effect()), None, wall)
    }

    fn record(&mut self, api_error: ApiError, http_status: Option<u16>, at: Moment) {
        self.circumstances.is_unnoted = false;
        // What went wrong before a response is no reason for what follows from it.
        self.error = api_error.class.map(|class| Box::new(target_error(class, &api_error)));
        self.unread = None;
        let ApiError { class, code, message, request_id } = api_error;
        self.count_throttle(class);
        let batch = (at.batch > 1).then(|| u32::try_from(at.batch).unwrap_or(u32::MAX));
        if batch.is_some() {
            self.sharing.shared(class);
        }
        let attempt = Attempt {
            n: self.next_attempt(),
            at: at.sent.wall,
            duration: at.now.saturating_duration_since(at.sent.instant),
            http_status,
            code,
            message,
            request_id,
            class,
            retry_in: None,
            batch,
        };
        if counts(&attempt) {
            self.counted = self.counted.saturating_add(1);
        }
        self.attempts.push(attempt);
    }

    fn lost(&mut self, at: Moment) {
        self.effect = self.effect.max(Effect::Lost);
        self.lost_at = Some(at.now);
    }

    /// Begins to watch a stop that was accepted. It takes a moment, and one read may then serve many.
    fn accepted(&mut self, effect: Effect, rules: &Rules<'_>, at: Moment) -> Step {
        self.effect = effect;
        self.seen_moving = false;
        self.read(Purpose::Verify, at);
        Step::Read(0, retry::bound(rules.retry, 1).min(rules.verify.timeout))
    }

    /// Begins to settle what a response left open; where one read may serve many, it waits for others to join.
    fn settle(&mut self, class: ErrorClass, doubtful: bool, rules: &Rules<'_>, at: Moment) -> Step {
        self.read(Purpose::Settle { class, doubtful }, at);
        let is_shared = rules.kind.read_apis.first().is_some_and(|api| api.batch > 1);
        Step::Read(0, if is_shared { retry::bound(rules.retry, 1) } else { Duration::ZERO })
    }

    fn read(&mut self, purpose: Purpose, at: Moment) -> Step {
        self.reading = Some(StatusRead::new(purpose, at.now));
        Step::Read(0, Duration::ZERO)
    }

    /// Decides after a stop request was refused.
    fn failed(&mut self, class: ErrorClass, rules: &Rules<'_>, at: Moment) -> Step {
        if is_correctable(class) && at.is_corrected {
            self.stop_after(Duration::ZERO)
        } else {
            self.settled_as(class, rules, at)
        }
    }

    /// Sends the stop again if that can help and any attempt is left.
    fn again(&mut self, class: ErrorClass, rules: &Rules<'_>, at: Moment) -> Option<Step> {
        if self.sharing.is_due_alone() {
            return Some(self.stop_after(Duration::ZERO));
        }
        if !class.is_transient() {
            return None;
        }
        if !(class == ErrorClass::Throttled && rules.is_paced) {
            self.setbacks = self.setbacks.saturating_add(1);
        }
        let wait = rules.wait(class, self.setbacks, self.throttles, &at);
        let elapsed = self.first_sent.map_or(Duration::ZERO, |first| at.now.saturating_duration_since(first));
        let counts = class != ErrorClass::Throttled;
        let is_over = (counts && self.counted >= rules.retry.max_attempts) || elapsed + wait > rules.retry.max_elapsed;
        (!is_over).then(|| self.stop_after(wait))
    }

    fn stop_after(&mut self, wait: Duration) -> Step {
        self.reading = None;
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.retry_in = Some(wait);
        }
        Step::Stop(wait)
    }

    /// Decides after a stop is settled, as far as it can be, as not known to have stopped anything.
    fn settled_as(&mut self, class: ErrorClass, rules: &Rules<'_>, at: Moment) -> Step {
        self.again(class, rules, at).unwrap_or_else(|| self.out_of_attempts(at))
    }

    /// Ends, unless a response was lost or left a doubt and nobody looked since.
    fn out_of_attempts(&mut self, at: Moment) -> Step {
        // The other change that was in the way to the end may be somebody else's stop.
        self.is_doubtful |= self.reading.is_none() && self.last_class() == Some(ErrorClass::Conflict);
        match (self.effect(), self.reading) {
            (Effect::Nothing, _) => self.conclude(End::Refused, at),
            (Effect::Lost, None) => self.read(Purpose::Conclude, at),
            (Effect::Lost, Some(_)) | (Effect::Accepted | Effect::Proven, _) => self.conclude(End::Unsettled, at),
        }
    }

    /// Returns how it ends when nobody looks any more: a response that proves the stop counts, unless contradicted.
    fn unwatched(&self) -> End {
        if self.effect == Effect::Proven && !self.seen_moving { End::Unreadable } else { End::Unsettled }
    }

    /// Returns what its requests may have done. An open doubt counts as a lost response: it may be stopped.
    fn effect(&self) -> Effect {
        if self.is_doubtful { self.effect.max(Effect::Lost) } else { self.effect }
    }

    fn conclude(&mut self, end: End, at: Moment) -> Step {
        Step::Done(self.ended(end, at.wall))
    }

    fn ended(&mut self, end: End, wall: Timestamp) -> TargetResult {
        self.result(end.outcome(self.effect()), self.evidence(end), wall)
    }

    fn done(&mut self, outcome: Outcome, evidence: Evidence, at: Moment) -> Step {
        Step::Done(self.result(outcome, Some(evidence), at.wall))
    }

    /// Returns the evidence; there is none where no service responded.
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

/// Tells whether an attempt that ended so counts against `max_attempts`. One that refused several targets at once tells
/// nothing of a single one.
const fn counts(attempt: &Attempt) -> bool {
    match attempt.class {
        Some(ErrorClass::Throttled | ErrorClass::Clock) => false,
        Some(class) => attempt.batch.is_none() || class.is_transient(),
        None => true,
    }
}

/// Tells whether a request that failed so can succeed once it is signed with a better clock or newer credentials.
const fn is_correctable(class: ErrorClass) -> bool {
    matches!(class, ErrorClass::Clock | ErrorClass::Auth)
}

/// Turns the error of a response into a row's error.
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
