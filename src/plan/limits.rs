//! Limits, retries and verification. Their defaults are in the tables of keys.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::rate::Rate;

/// Rates and concurrency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The most requests in flight over the whole run.
    pub concurrency: usize,
    /// Replaces the default rate of every lane.
    pub rate: Option<Rate>,
    /// Replaces the default burst of every lane.
    pub burst: Option<u32>,
    /// Whether a lane may slow down below its rate when the service throttles, and recover.
    pub adaptive: bool,
    /// Limits of one kind's stop lane, by the kind's name.
    pub per_kind: BTreeMap<String, KindLimits>,
    /// How many runs share every rate and burst at the same time: each takes an equal part.
    pub shared_by: u32,
}

/// Limits of one kind's stop lane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindLimits {
    /// The rate.
    pub rate: Option<Rate>,
    /// The burst.
    pub burst: Option<u32>,
    /// The most requests in flight.
    pub concurrency: Option<usize>,
}

/// When and how often to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// The most stop requests for one target, throttled ones not counted.
    pub max_attempts: u32,
    /// The most that the first wait can be.
    pub initial_delay: Duration,
    /// The most that any wait can be, unless the service asks for more.
    pub max_delay: Duration,
    /// No new try after this time since the target's first request.
    pub max_elapsed: Duration,
    /// The time one request may take, from connecting to the last byte.
    pub request_timeout: Duration,
    /// The time connecting may take.
    pub connect_timeout: Duration,
}

/// Whether to read states back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verify {
    /// When.
    pub mode: VerifyMode,
    /// How long to wait for a stop to end, from the moment it was accepted.
    pub timeout: Duration,
}

/// When to read states back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VerifyMode {
    /// Where the answer proves nothing.
    #[default]
    Auto,
    /// After every stop.
    Always,
    /// Only to settle lost answers.
    Off,
}
