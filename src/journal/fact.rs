//! Attempts and results as lines hold them: without loss, so that a resumed run reports what the first part saw.
//!
//! Times are exact to the nanosecond, durations are nanoseconds, and what is `None` is left out.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::engine::{Attempt, Evidence, Outcome, SkipReason, TargetError, TargetResult};
use crate::error::ErrorClass;

#[derive(Serialize, Deserialize)]
#[serde(remote = "Attempt", deny_unknown_fields)]
struct AttemptFields {
    n: u32,
    at: Timestamp,
    #[serde(rename = "ns", with = "nanos")]
    duration: Duration,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    http_status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_id: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    class: Option<ErrorClass>,
    #[serde(rename = "retry_in_ns", default, skip_serializing_if = "Option::is_none", with = "optional_nanos")]
    retry_in: Option<Duration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    batch: Option<u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "TargetError", deny_unknown_fields)]
struct ErrorFields {
    class: ErrorClass,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<Box<str>>,
    message: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_id: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hint: Option<Box<str>>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "TargetResult", deny_unknown_fields)]
struct ResultFields {
    outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<SkipReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    finished_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "error")]
    error: Option<Box<TargetError>>,
    reads: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "attempts")]
    attempts: Vec<Attempt>,
}

pub(super) mod attempt {
    use super::{Attempt, AttemptFields, Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(attempt: &Attempt, to: S) -> Result<S::Ok, S::Error> {
        AttemptFields::serialize(attempt, to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Box<Attempt>, D::Error> {
        AttemptFields::deserialize(from).map(Box::new)
    }
}

pub(super) mod result {
    use std::sync::Arc;

    use super::{Deserializer, ResultFields, Serializer, TargetResult};

    pub(in super::super) fn serialize<S: Serializer>(result: &TargetResult, to: S) -> Result<S::Ok, S::Error> {
        ResultFields::serialize(result, to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<TargetResult>, D::Error> {
        ResultFields::deserialize(from).map(Arc::new)
    }
}

mod attempts {
    use super::{Attempt, AttemptFields, Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize)]
    struct Borrowed<'a>(#[serde(serialize_with = "one")] &'a Attempt);

    #[derive(Deserialize)]
    struct Owned(#[serde(with = "AttemptFields")] Attempt);

    fn one<S: Serializer>(attempt: &&Attempt, to: S) -> Result<S::Ok, S::Error> {
        AttemptFields::serialize(attempt, to)
    }

    pub(super) fn serialize<S: Serializer>(attempts: &[Attempt], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(attempts.iter().map(Borrowed))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Attempt>, D::Error> {
        let attempts = Vec::<Owned>::deserialize(from)?;
        Ok(attempts.into_iter().map(|Owned(attempt)| attempt).collect())
    }
}

mod error {
    use super::{Deserializer, ErrorFields, Serializer, TargetError};

    pub(super) fn serialize<S: Serializer>(error: &Option<Box<TargetError>>, to: S) -> Result<S::Ok, S::Error> {
        match error {
            Some(error) => ErrorFields::serialize(error, to),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Box<TargetError>>, D::Error> {
        ErrorFields::deserialize(from).map(|error| Some(Box::new(error)))
    }
}

/// Whole nanoseconds; enough for five centuries.
mod nanos {
    use super::{Deserialize, Deserializer, Duration, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_nanos)
    }
}

mod optional_nanos {
    use super::{Deserializer, Duration, Serializer, nanos};

    pub(super) fn serialize<S: Serializer>(duration: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
        match duration {
            Some(duration) => nanos::serialize(duration, to),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
        nanos::deserialize(from).map(Some)
    }
}
