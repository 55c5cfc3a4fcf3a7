//! What a target's next step is, and what it depends on.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::engine::attempt::SentAt;
use crate::engine::outcome::TargetResult;
use crate::engine::retry;
use crate::error::ErrorClass;
use crate::plan::{Plan, Retry, TargetId, Verify};
use crate::service::Kind;

/// After how many throttled responses in a row the rate of its lane is not enough of a wait for a target.
pub(super) const FEW_THROTTLES: u32 = 2;

/// What comes next for a target.
pub(in crate::engine) enum Step {
    /// The stop is sent (again) after a wait.
    Stop(Duration),
    /// The state is read with the read API of this number after a wait.
    Read(usize, Duration),
    /// Nothing: this is the fact.
    Done(TargetResult),
}

/// The rules of the plan that a target's next step depends on.
pub(super) struct Rules<'a> {
    /// When and how often to retry.
    pub(super) retry: &'a Retry,
    /// Whether to read states back.
    pub(super) verify: Verify,
    /// Whether lanes learn from throttled responses, so that a target need not wait for more than its turn.
    pub(super) is_paced: bool,
    /// What the target is.
    pub(super) kind: Kind,
}

impl<'a> Rules<'a> {
    pub(super) const fn of(plan: &'a Plan, kind: Kind) -> Self {
        Self { retry: &plan.retry, verify: plan.verify, is_paced: plan.limits.adaptive, kind }
    }

    /// Returns the wait after a failure of this class, the `failures`th in a row, of which `throttles` were throttled.
    pub(super) fn wait(&self, class: ErrorClass, failures: u32, throttles: u32, at: &Moment) -> Duration {
        if class != ErrorClass::Throttled || !self.is_paced {
            retry::delay(self.retry, failures, at.chance, at.retry_after)
        } else if throttles > FEW_THROTTLES {
            retry::delay(self.retry, throttles - FEW_THROTTLES, at.chance, at.retry_after)
        } else {
            at.retry_after.unwrap_or_default()
        }
    }
}

/// The circumstances of one exchange.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Moment {
    /// The target of the request; the first of them, where it served several.
    pub(in crate::engine) target: TargetId,
    /// How many targets the request was for.
    pub(in crate::engine) batch: usize,
    /// When the request was sent.
    pub(in crate::engine) sent: SentAt,
    /// When its response was there.
    pub(in crate::engine) now: Instant,
    /// When its response was there, in the run's own time.
    pub(in crate::engine) wall: Timestamp,
    /// Evenly spread over `0..1`, for jitter.
    pub(in crate::engine) chance: f64,
    /// Whether the target had attempts before.
    pub(in crate::engine) is_retry: bool,
    /// Whether the target was throttled again and again before.
    pub(in crate::engine) is_stuck: bool,
    /// How long the service asks to wait.
    pub(in crate::engine) retry_after: Option<Duration>,
    /// Whether a better clock offset, or newer credentials, are known than the request was signed with.
    pub(in crate::engine) is_corrected: bool,
}
