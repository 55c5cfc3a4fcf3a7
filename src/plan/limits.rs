//! Limits, retries and verification. Their defaults are in the tables of keys.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::rate::Rate;

/// Rate and concurrency limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Maximum concurrent requests of the whole run.
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
    /// Maximum concurrent requests.
    pub concurrency: Option<usize>,
    /// Maximum targets of one request.
    #[serde(default)]
    pub batch: Option<usize>,
}

/// When and how often to retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// Maximum number of stop requests for one target, not counting throttled ones.
    pub max_attempts: u32,
    /// Maximum of the first wait.
    pub initial_delay: Duration,
    /// Maximum of every wait, unless the service asks for a longer one.
    pub max_delay: Duration,
    /// No new attempt later than this after the target's first request.
    pub max_elapsed: Duration,
    /// Timeout of one request, from connecting to the last byte.
    pub request_timeout: Duration,
    /// Timeout of connecting.
    pub connect_timeout: Duration,
    /// How long an account may wait for credentials that cannot be had any more.
    #[serde(default = "usual_wait")]
    pub credentials_wait: Duration,
}

fn usual_wait() -> Duration {
    Retry::default().credentials_wait
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
    /// When the response is inconclusive.
    #[default]
    Auto,
    /// After every stop.
    Always,
    /// Only after a lost response.
    Off,
}
