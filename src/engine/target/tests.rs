//! Whatever comes in whatever order, nothing is called failed that may stand still.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use tokio::time::Instant;

use super::{Moment, Rules, Step, TargetState};
use crate::engine::attempt::{ClockOffset, Permit, SentAt};
use crate::engine::hint::Cut;
use crate::engine::journal::{Effect, InProgress};
use crate::engine::outcome::{Attempt, Outcome, SkipReason, TargetResult};
use crate::error::{ApiError, ErrorClass};
use crate::plan::{Retry, TargetId, Verify, VerifyMode};
use crate::service::{Kind, Meaning, State, Verdict};
use crate::transport::{Blame, SendError};
use std::time::Duration;

/// How long reads may lag behind a stop.
const LAG: Duration = Duration::from_secs(10);

/// What the world did to a target, and what is known of it for certain.
#[derive(Default)]
struct Truth {
    /// A stop was accepted or proven.
    is_taken: bool,
    /// An answer left open if it stands still, or a state did, and no state has said since that it runs.
    is_doubtful: bool,
    /// Since when a stop may have had an effect that no read can have shown yet.
    lost_at: Option<Instant>,
}

impl Truth {
    fn answered(&mut self, meaning: Meaning, now: Instant) {
        match meaning {
            Meaning::Stopped | Meaning::Accepted => self.is_taken = true,
            Meaning::Doubtful(_) => self.is_doubtful = true,
            Meaning::Lost(_) | Meaning::Failed(ErrorClass::Server | ErrorClass::Timeout | ErrorClass::Protocol) => {
                self.lost_at = Some(now);
            }
            Meaning::AlreadyStopped | Meaning::Ended | Meaning::NotFound | Meaning::Failed(_) => {}
        }
    }

    fn saw(&mut self, state: &State, sent: Instant) {
        match state {
            State::Running(_) => {
                self.is_doubtful = false;
                self.lost_at = self.lost_at.filter(|lost| sent < *lost + LAG);
            }
            State::Stopping(_) | State::Either(_) | State::Unclear(_) => self.is_doubtful = true,
            State::Stopped(_) | State::Ended(_) | State::Absent => {}
        }
    }

    fn check(&self, result: &TargetResult) -> Result<(), TestCaseError> {
        if matches!(result.outcome, Outcome::Failed | Outcome::Unknown) {
            prop_assert!(result.error.is_some(), "without a cause: {result:?}");
        }
        if result.outcome == Outcome::Failed {
            prop_assert!(!self.is_taken && !self.is_doubtful && self.lost_at.is_none(), "{result:?}");
        }
        if result.outcome == Outcome::Skipped {
            prop_assert!(!self.is_taken && !self.is_doubtful && self.lost_at.is_none(), "{result:?}");
        }
        Ok(())
    }
}

fn class() -> impl Strategy<Value = ErrorClass> {
    proptest::sample::select(&ErrorClass::ALL[..])
}

fn target_error(class: ErrorClass) -> ApiError {
    ApiError { class: Some(class), code: Some("Code".into()), message: Some("message".into()), request_id: None }
}

fn meaning() -> impl Strategy<Value = Meaning> {
    prop_oneof![
        1 => Just(Meaning::Stopped),
        1 => Just(Meaning::AlreadyStopped),
        1 => Just(Meaning::Accepted),
        1 => Just(Meaning::NotFound),
        4 => class().prop_map(Meaning::Failed),
        4 => class().prop_map(Meaning::Doubtful),
        2 => class().prop_map(Meaning::Lost),
    ]
}

fn state() -> impl Strategy<Value = Result<State, ApiError>> {
    let word = || Box::<str>::from("word");
    prop_oneof![
        4 => Just(Ok(State::Running(word()))),
        1 => Just(Ok(State::Stopping(word()))),
        1 => Just(Ok(State::Either(word()))),
        1 => Just(Ok(State::Unclear(word()))),
        1 => Just(Ok(State::Absent)),
        4 => class().prop_map(|class| Err(target_error(class))),
    ]
}

/// One thing that happens to a target: what its stop meets, or what its read does.
#[derive(Debug, Clone)]
struct Happening {
    meaning: Meaning,
    /// Whether the stop gets no answer; whether it surely never left, then.
    unanswered: Option<bool>,
    state: Result<State, ApiError>,
    /// How long the target waits for its turn beyond its time, and the answer takes, in milliseconds.
    millis: u64,
    is_cut: bool,
}

fn step() -> impl Strategy<Value = Happening> {
    let unanswered = proptest::option::weighted(0.3, any::<bool>());
    let is_cut = proptest::bool::weighted(0.05);
    (meaning(), unanswered, state(), 1..3000_u64, is_cut).prop_map(|(meaning, unanswered, state, millis, is_cut)| {
        Happening { meaning, unanswered, state, millis, is_cut }
    })
}

/// What an earlier part of the run left of a target.
fn open() -> impl Strategy<Value = InProgress> {
    let effect = prop_oneof![Just(Effect::Nothing), Just(Effect::Lost), Just(Effect::Accepted), Just(Effect::Proven)];
    let attempts = proptest::collection::vec(class(), 0..10);
    (effect, attempts, any::<bool>()).prop_map(|(effect, classes, is_sending)| {
        let at = "2026-11-22T05:00:00Z".parse().unwrap();
        let attempts = (1..).zip(classes).map(|(n, class)| Attempt {
            n,
            at,
            duration: Duration::from_millis(5),
            http_status: Some(400),
            code: Some("Code".into()),
            message: None,
            request_id: None,
            class: Some(class),
            retry_in: None,
            batch: None,
        });
        let attempts: Vec<_> = attempts.collect();
        let next = u32::try_from(attempts.len()).unwrap() + 1;
        InProgress { attempts, effect, sending: is_sending.then_some((next, at)), is_handed_over: false }
    })
}

/// Leads one target through these steps to its end.
fn lead(steps: &[Happening], rules: &Rules<'_>, past: Option<InProgress>) -> Result<(), TestCaseError> {
    let wall = "2026-11-22T12:00:00Z".parse().unwrap();
    let (mut now, mut truth) = (Instant::now(), Truth::default());
    let (mut state, mut next) = match past {
        Some(open) => {
            truth = Truth { lost_at: Some(now), is_taken: open.effect >= Effect::Accepted, is_doubtful: false };
            TargetState::resumed(TargetId::of_test(0), open, now)
        }
        None => (TargetState::new(TargetId::of_test(0)), Step::Stop(Duration::ZERO)),
    };
    for step in steps {
        if step.is_cut {
            break;
        }
        let (Step::Stop(wait) | Step::Read(_, wait)) = &next else { break };
        let sent = now + *wait + Duration::from_millis(step.millis / 2);
        now = sent + Duration::from_millis(step.millis / 2);
        let sent_at = SentAt { wall, instant: sent, permit: Permit { clock: ClockOffset::default(), number: 0 } };
        let at = Moment {
            target: TargetId::of_test(0),
            batch: 1,
            sent: sent_at,
            now,
            wall,
            chance: 0.5,
            is_retry: false,
            is_stuck: false,
            retry_after: None,
            is_corrected: false,
        };
        next = match (&next, step.unanswered) {
            (Step::Read(..), _) => {
                if let Ok(state) = &step.state {
                    truth.saw(state, sent);
                }
                state.observed(step.state.clone(), rules, at)
            }
            (_, Some(surely_not_sent)) => {
                state.sending(sent);
                if !surely_not_sent {
                    truth.lost_at = Some(now);
                }
                let (class, message) = (ErrorClass::Network, "broken".to_owned());
                state.got_no_response(
                    SendError { class, surely_not_sent, http_status: None, message, blame: Blame::default() },
                    rules,
                    at,
                )
            }
            (_, None) => {
                state.sending(sent);
                truth.answered(step.meaning, now);
                let api_error = match step.meaning {
                    Meaning::Failed(class) | Meaning::Doubtful(class) | Meaning::Lost(class) => target_error(class),
                    Meaning::NotFound => target_error(ErrorClass::NotFound),
                    Meaning::Stopped | Meaning::AlreadyStopped | Meaning::Ended | Meaning::Accepted => {
                        ApiError::default()
                    }
                };
                state.responded(Verdict { meaning: step.meaning, state: None, error: api_error }, 400, rules, at)
            }
        };
    }
    let result = match next {
        Step::Done(result) => result,
        Step::Stop(_) | Step::Read(..) => state.cut_short(SkipReason::Deadline, Cut::Run, wall),
    };
    truth.check(&result)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn nothing_is_failed_that_may_stand_still_or_without_a_cause(
        steps in proptest::collection::vec(step(), 0..40),
        past in proptest::option::weighted(0.3, open()),
        (tries, elapsed, timeout) in (1..6_u32, 1..60_u64, 1..60_u64),
        (is_paced, always, kind) in (any::<bool>(), any::<bool>(), proptest::sample::select(Kind::all())),
    ) {
        let retry = Retry { max_attempts: tries, max_elapsed: Duration::from_secs(elapsed), ..Retry::default() };
        let mode = if always { VerifyMode::Always } else { VerifyMode::Auto };
        let verify = Verify { mode, timeout: Duration::from_secs(timeout) };
        lead(&steps, &Rules { retry: &retry, verify, is_paced, kind }, past)?;
    }
}
