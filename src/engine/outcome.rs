//! The final fact about a target, and everything that led to it.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::serde::timestamp;
use serde::{Deserialize, Serialize};

use crate::error::ErrorClass;
use crate::plan::Choice;

/// What the tool knows of a target at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// This run's stop took effect.
    Stopped,
    /// It had ended or stood still before this run touched it.
    AlreadyStopped,
    /// The service accepted the stop; the end of it was not seen.
    Accepted,
    /// The service does not know it.
    NotFound,
    /// It was refused, or the retries ran out, and it is not stopped.
    Failed,
    /// A request was sent, its response was lost or can mean either, and no read of the state settled it; in a dry run, the
    /// state could not be read.
    Unknown,
    /// No stop was sent.
    Skipped,
    /// Dry run only: it is running now.
    WouldStop,
}

impl Outcome {
    /// Every outcome, in the order reports count them.
    pub const ALL: [Self; 8] = [
        Self::Stopped,
        Self::AlreadyStopped,
        Self::Accepted,
        Self::NotFound,
        Self::Failed,
        Self::Unknown,
        Self::Skipped,
        Self::WouldStop,
    ];

    /// Returns the name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::AlreadyStopped => "already_stopped",
            Self::Accepted => "accepted",
            Self::NotFound => "not_found",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
            Self::WouldStop => "would_stop",
        }
    }
}

/// How an outcome is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The service's own response proves it.
    Answer,
    /// The state was read back.
    ReadBack,
}

impl Evidence {
    /// Returns the name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::ReadBack => "read_back",
        }
    }
}

/// Why no stop was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// A `protect` pattern of the plan matches it.
    Protected,
    /// A guard or a failure threshold ended the run first.
    Aborted,
    /// A signal ended the run first.
    Interrupted,
    /// The deadline came first.
    Deadline,
    /// The account's credentials were refused.
    Credentials,
    /// The command line left it out.
    Filtered,
    /// Another shard has it.
    Shard,
    /// An earlier target of the plan names the same resource.
    Duplicate,
    /// The run ended first, at a pause of a stage that asks.
    Paused,
    /// It was reviewed, and does not match any more.
    Stale,
}

impl SkipReason {
    /// Returns why no stop is sent for a target about which a plan chose so; `None` for one that is to be stopped.
    #[must_use]
    pub const fn of_choice(choice: Choice) -> Option<Self> {
        match choice {
            Choice::Stop => None,
            Choice::Unselected => Some(Self::Filtered),
            Choice::Elsewhere => Some(Self::Shard),
            Choice::Duplicate => Some(Self::Duplicate),
            Choice::Protected => Some(Self::Protected),
        }
    }

    /// Every reason, in the order of reports.
    pub const ALL: [Self; 10] = [
        Self::Protected,
        Self::Filtered,
        Self::Shard,
        Self::Duplicate,
        Self::Stale,
        Self::Aborted,
        Self::Interrupted,
        Self::Deadline,
        Self::Credentials,
        Self::Paused,
    ];

    /// Returns the name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Aborted => "aborted",
            Self::Interrupted => "interrupted",
            Self::Deadline => "deadline",
            Self::Paused => "paused",
            Self::Credentials => "credentials",
            Self::Filtered => "filtered",
            Self::Shard => "shard",
            Self::Duplicate => "duplicate",
            Self::Stale => "stale",
        }
    }

    /// Tells whether somebody chose to leave the target alone, so that its row is no failure of the run.
    #[must_use]
    pub const fn is_chosen(self) -> bool {
        match self {
            Self::Protected | Self::Filtered | Self::Shard | Self::Duplicate | Self::Stale => true,
            Self::Aborted | Self::Interrupted | Self::Deadline | Self::Credentials | Self::Paused => false,
        }
    }
}

/// One stop request on the wire, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its number within the target, from 1.
    pub n: u32,
    /// When it was sent.
    #[serde(with = "timestamp::nanosecond::required")]
    pub at: Timestamp,
    /// How long the response took.
    pub duration: Duration,
    /// The response's status, where one arrived.
    pub http_status: Option<u16>,
    /// The vendor's code, where the response has one.
    pub code: Option<Box<str>>,
    /// The vendor's message, or what happened to the connection.
    pub message: Option<Box<str>>,
    /// The vendor's id of the request.
    pub request_id: Option<Box<str>>,
    /// What went wrong; `None` where nothing did.
    pub class: Option<ErrorClass>,
    /// How long the target waits before its next attempt, where there is one.
    pub retry_in: Option<Duration>,
    /// How many targets the request was for, where it was for several.
    #[serde(default)]
    pub batch: Option<u32>,
}

impl Attempt {
    /// Returns what went wrong, as a target's error.
    pub(super) fn error(&self) -> TargetError {
        let class = self.class.unwrap_or(ErrorClass::Network);
        TargetError {
            class,
            code: self.code.clone(),
            message: self.message.clone().unwrap_or_else(|| class.name().into()),
            request_id: self.request_id.clone(),
            hint: None,
        }
    }
}

/// Why a target is not stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetError {
    /// The class of the last error.
    pub class: ErrorClass,
    /// The vendor's code.
    pub code: Option<Box<str>>,
    /// The vendor's message, or what happened.
    pub message: Box<str>,
    /// The vendor's id of the request.
    pub request_id: Option<Box<str>>,
    /// What to do about it.
    pub hint: Option<Box<str>>,
}

impl TargetError {
    /// Builds an error of which the service said nothing else.
    pub(super) fn new(class: ErrorClass, message: impl Into<Box<str>>) -> Self {
        Self { class, code: None, message: message.into(), request_id: None, hint: None }
    }
}

/// Everything known of one target at the end: one row of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetResult {
    /// The final fact.
    pub outcome: Outcome,
    /// How it is known; `None` where no service said anything.
    pub evidence: Option<Evidence>,
    /// Why nothing was sent, for `skipped`.
    pub reason: Option<SkipReason>,
    /// The service's last word for the state.
    pub state: Option<Box<str>>,
    /// When the first request left.
    #[serde(with = "optional_nanos")]
    pub started_at: Option<Timestamp>,
    /// When the fact was known.
    #[serde(with = "optional_nanos")]
    pub finished_at: Option<Timestamp>,
    /// Why it is not stopped.
    pub error: Option<Box<TargetError>>,
    /// How many read-backs were made for it.
    pub reads: u32,
    /// Every stop request, in order.
    pub attempts: Vec<Attempt>,
}

impl TargetResult {
    /// Builds the row of a target that nothing was sent for.
    #[must_use]
    pub const fn skipped(reason: SkipReason) -> Self {
        Self::bare(Outcome::Skipped, Some(reason))
    }

    /// Tells whether a later part of the run has nothing left to do for the target. One that was skipped only because
    /// this part ended early is still to be stopped.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.reason.is_none_or(SkipReason::is_chosen)
    }

    /// Builds the row of a target that may have been stopped, where nobody can know; `why` says what happened.
    #[must_use]
    pub fn unknown(why: &str) -> Self {
        Self { error: Some(Box::new(TargetError::new(ErrorClass::Network, why))), ..Self::bare(Outcome::Unknown, None) }
    }

    /// Builds the row of a target that nothing was sent for; `why` says what happened.
    #[must_use]
    pub fn unsent(reason: SkipReason, why: &str) -> Self {
        let class = if reason == SkipReason::Credentials { ErrorClass::Auth } else { ErrorClass::Network };
        Self { error: Some(Box::new(TargetError::new(class, why))), ..Self::skipped(reason) }
    }

    /// Builds a row of which nothing else is known.
    pub(crate) const fn bare(outcome: Outcome, reason: Option<SkipReason>) -> Self {
        Self {
            outcome,
            evidence: None,
            reason,
            state: None,
            started_at: None,
            finished_at: None,
            error: None,
            reads: 0,
            attempts: Vec::new(),
        }
    }
}

/// Nanoseconds of any time there is; the library's own way ends with the year 2262.
mod optional_nanos {
    use jiff::Timestamp;
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::{Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(at: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
        at.map(Timestamp::as_nanosecond).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
        let nanos = Option::<i128>::deserialize(from)?;
        nanos.map(Timestamp::from_nanosecond).transpose().map_err(D::Error::custom)
    }
}
