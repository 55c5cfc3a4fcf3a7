//! What one process leaves of a run, and another goes on from.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::engine::outcome::{Attempt, Evidence, Outcome, TargetResult};
use crate::engine::results::Completed;
use crate::error::ErrorClass;

/// What a run's own requests may have done to a target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing: each was refused, throttled or never left.
    #[default]
    Nothing,
    /// One may have taken effect: its response was lost or came from a gateway that gave up waiting.
    Lost,
    /// The service accepted one.
    Accepted,
    /// The response to one proved that it took effect.
    Proven,
}

/// What an earlier part of the same run left behind: it was interrupted, killed or handed over.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ResumeState {
    /// The run's id, which client tokens depend on.
    pub id: String,
    /// The operator's reason.
    pub reason: Option<String>,
    /// When the run first began.
    pub started_at: Timestamp,
    /// The final facts.
    pub done: Completed,
    /// Targets that something was sent for, without a final fact, by number.
    pub open: HashMap<u32, InProgress>,
    /// What the lanes had learnt; where nothing is known of a lane, it starts as in a new run.
    #[serde(default)]
    pub lanes: Vec<LaneMemory>,
    /// When each stage began that did, by its number in the plan, from 0.
    #[serde(default)]
    pub stages: BTreeMap<u16, Timestamp>,
    /// Whether it ended at a pause that asks, so that going on is the yes.
    #[serde(default)]
    pub is_confirmed: bool,
    /// Which account of the cloud each account of the plan was, and its project where that was looked up, by name.
    #[serde(default)]
    pub accounts: BTreeMap<String, KnownAccount>,
}

/// Which account of the cloud an account of the plan was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownAccount {
    /// Its id; `None` where that was not learnt.
    pub account_id: Option<String>,
    /// The project that was looked up.
    pub project_id: Option<String>,
}

impl ResumeState {
    /// Returns the row of a target that the earlier part of the run knows of, when nobody looks any further: its fact,
    /// or the doubt that it is in.
    #[must_use]
    pub fn row(&self, target: u32) -> Option<TargetResult> {
        self.done.get(target).or_else(|| self.open.get(&target).cloned().map(InProgress::into_doubt))
    }
}

/// A target that an earlier part of the run had in progress.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct InProgress {
    /// The attempts whose end was noted.
    pub attempts: Vec<Attempt>,
    /// What those may have done.
    pub effect: Effect,
    /// The number and time of a later attempt that left, whose end was not noted.
    pub sending: Option<(u32, Timestamp)>,
    /// Whether nothing else can have left: the target was handed over, and not taken from the notes of a run that was
    /// killed. Its state is then read back only where an attempt may have had an effect.
    #[serde(default)]
    pub is_handed_over: bool,
}

/// What is said of an attempt whose response was not noted.
pub(in crate::engine) const UNNOTED: &str = "the run ended before the response was recorded";

impl InProgress {
    /// Tells whether a request may have had an effect that nobody knows of yet.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        !self.is_handed_over || self.sending.is_some() || self.effect != Effect::Nothing
    }

    /// Returns all attempts, the one whose response was never noted as one that was lost.
    #[must_use]
    pub fn into_attempts(self) -> Vec<Attempt> {
        let mut attempts = self.attempts;
        attempts.extend(self.sending.map(|(n, at)| Attempt {
            n,
            at,
            duration: Duration::ZERO,
            http_status: None,
            code: None,
            message: Some(UNNOTED.into()),
            request_id: None,
            class: Some(ErrorClass::Network),
            retry_in: None,
            batch: None,
        }));
        attempts
    }

    /// Returns the row of the target where nobody looks what came of it.
    pub(in crate::engine) fn into_doubt(self) -> TargetResult {
        let is_in_doubt = self.is_in_doubt();
        let (outcome, evidence) = match self.effect {
            Effect::Accepted | Effect::Proven => (Outcome::Accepted, Some(Evidence::Answer)),
            Effect::Nothing if !is_in_doubt => (Outcome::Failed, Some(Evidence::Answer)),
            Effect::Nothing | Effect::Lost => (Outcome::Unknown, None),
        };
        let attempts = self.into_attempts();
        let met = attempts.last().filter(|attempt| attempt.class.is_some() && attempt.message.is_some());
        TargetResult {
            evidence,
            started_at: attempts.first().map(|attempt| attempt.at),
            error: met.filter(|_| outcome != Outcome::Accepted).map(|attempt| Box::new(attempt.error())),
            attempts,
            ..TargetResult::bare(outcome, None)
        }
    }
}

/// What a lane had learnt, so that the lane that goes on sends no new burst and learns nothing anew.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LaneMemory {
    /// The account's name, as in [`LaneInfo`](crate::engine::LaneInfo).
    pub account: String,
    /// The region.
    pub region: String,
    /// The API, such as `fnf:StopExecution`.
    pub api: String,
    /// The rate that the service was seen to grant, where that is less than the stated one.
    pub learnt: Option<LearntRate>,
    /// Until when nothing is sent.
    pub held_until: Option<Timestamp>,
    /// When the last request left.
    pub last_sent: Option<Timestamp>,
    /// How far the service's clock is ahead of this machine's, where that was learnt.
    pub clock_offset: Option<SignedDuration>,
}

/// A rate that a lane learnt.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LearntRate {
    /// Requests a second, as fast as time passes for the run's quotas.
    pub rate: f64,
    /// When it was learnt.
    pub at: Timestamp,
}
