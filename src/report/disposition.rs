//! Whether a target counts as done: the one decision that reports, exit statuses and retries follow.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::{Outcome, SkipReason};
use crate::plan::{NotFound, Plan, VerifyMode};

/// What counts as done in a plan besides a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accepts {
    /// Whether `not_found` counts as done: `guards.not_found` is `ok`.
    pub not_found: bool,
    /// Whether `accepted` counts as done: `verify.mode` is `off`.
    pub accepted: bool,
}

impl From<&Plan> for Accepts {
    fn from(plan: &Plan) -> Self {
        Self { not_found: plan.guards.not_found == NotFound::Ok, accepted: plan.verify.mode == VerifyMode::Off }
    }
}

/// Whether a target counts as done; in a report, `true`, `false` or `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Option<bool>", into = "Option<bool>")]
pub enum Disposition {
    /// It does: `true`.
    Done,
    /// It does not: it is not stopped, or its state is unknown: `false`.
    Open,
    /// It was left out by choice: `null`.
    LeftOut,
}

impl Disposition {
    /// Decides whether a target with this outcome counts as done.
    ///
    /// A target that is stopped does. One that its service does not know, and one that only accepted the stop, do where
    /// the plan says so. In a dry run, a target that would be stopped does: no more was asked.
    #[must_use]
    pub fn of(outcome: Outcome, reason: Option<SkipReason>, accepts: Accepts) -> Self {
        let is_done = match outcome {
            Outcome::Stopped | Outcome::AlreadyStopped | Outcome::WouldStop => true,
            Outcome::Accepted => accepts.accepted,
            Outcome::NotFound => accepts.not_found,
            Outcome::Failed | Outcome::Unknown => false,
            Outcome::Skipped if reason.is_some_and(SkipReason::is_chosen) => return Self::LeftOut,
            Outcome::Skipped => false,
        };
        if is_done { Self::Done } else { Self::Open }
    }

    /// Returns whether a retry takes the target up. Where the service does not know it, a retry does not help. A stop that
    /// was only accepted is retried although the plan accepts it: a retry is the way to find out what became of it.
    pub(super) fn is_retried(self, outcome: Outcome) -> bool {
        outcome == Outcome::Accepted || (self == Self::Open && outcome != Outcome::NotFound)
    }
}

impl From<Option<bool>> for Disposition {
    fn from(done: Option<bool>) -> Self {
        match done {
            Some(true) => Self::Done,
            Some(false) => Self::Open,
            None => Self::LeftOut,
        }
    }
}

impl From<Disposition> for Option<bool> {
    fn from(disposition: Disposition) -> Self {
        match disposition {
            Disposition::Done => Some(true),
            Disposition::Open => Some(false),
            Disposition::LeftOut => None,
        }
    }
}
