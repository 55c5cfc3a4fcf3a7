//! The report's `summary`: how many targets have which outcome, and how many requests that took.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::Outcome;
use crate::error::ErrorClass;

/// How many targets have which outcome, and how many requests that took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Counts")]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OutcomeCounts {
    /// Rows of the report.
    pub targets: u64,
    /// Rows with outcome `stopped`.
    pub stopped: u64,
    /// Rows with outcome `already_stopped`.
    pub already_stopped: u64,
    /// Rows with outcome `accepted`.
    pub accepted: u64,
    /// Rows with outcome `not_found`.
    pub not_found: u64,
    /// Rows with outcome `failed`.
    pub failed: u64,
    /// Rows with outcome `unknown`.
    pub unknown: u64,
    /// Rows with outcome `skipped`.
    pub skipped: u64,
    /// Rows with outcome `would_stop`.
    pub would_stop: u64,
    /// Stop requests.
    pub attempts: u64,
    /// Stop requests that were followed by another attempt, by what was wrong with them.
    pub retries: Retries,
}

/// Stop requests that were followed by another attempt, by what was wrong with them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Retries {
    /// `throttled`
    pub throttled: u64,
    /// `conflict`
    pub conflict: u64,
    /// `server` and `protocol`
    pub server: u64,
    /// `network` and `timeout`
    pub network: u64,
    /// `clock`
    pub clock: u64,
    /// `auth`: sent again with newer credentials; reports of earlier versions do not have it.
    #[serde(default)]
    pub credentials: u64,
}

impl OutcomeCounts {
    /// Counts one more row: its outcome, and for each stop request what was wrong with it where another attempt followed.
    pub(super) fn add(&mut self, outcome: Outcome, retried: impl Iterator<Item = Option<ErrorClass>>) {
        self.targets += 1;
        *self.of_outcome_mut(outcome) += 1;
        for class in retried {
            self.attempts += 1;
            self.retries.add(class);
        }
    }

    /// Returns how many rows have this outcome.
    #[must_use]
    pub const fn of_outcome(mut self, outcome: Outcome) -> u64 {
        *self.of_outcome_mut(outcome)
    }

    const fn of_outcome_mut(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::Stopped => &mut self.stopped,
            Outcome::AlreadyStopped => &mut self.already_stopped,
            Outcome::Accepted => &mut self.accepted,
            Outcome::NotFound => &mut self.not_found,
            Outcome::Failed => &mut self.failed,
            Outcome::Unknown => &mut self.unknown,
            Outcome::Skipped => &mut self.skipped,
            Outcome::WouldStop => &mut self.would_stop,
        }
    }
}

impl Retries {
    /// Returns the causes by their names, with their numbers.
    pub(super) const fn by_name(&self) -> [(&'static str, u64); 6] {
        let Self { throttled, conflict, server, network, clock, credentials } = *self;
        [
            ("throttled", throttled),
            ("conflict", conflict),
            ("server", server),
            ("network", network),
            ("clock", clock),
            ("credentials", credentials),
        ]
    }

    /// Counts an attempt by its class where another one followed; classes that are never retried have no count.
    const fn add(&mut self, class: Option<ErrorClass>) {
        match class {
            Some(ErrorClass::Throttled) => self.throttled += 1,
            Some(ErrorClass::Conflict) => self.conflict += 1,
            Some(ErrorClass::Server | ErrorClass::Protocol) => self.server += 1,
            Some(ErrorClass::Network | ErrorClass::Timeout) => self.network += 1,
            Some(ErrorClass::Clock) => self.clock += 1,
            Some(ErrorClass::Auth) => self.credentials += 1,
            Some(ErrorClass::Denied | ErrorClass::Invalid | ErrorClass::Rejected | ErrorClass::NotFound) | None => {}
        }
    }
}
