//! The options of an activity that one worker holds for a while, and another one takes up when that worker is lost.

use std::time::Duration;

use temporalio_common::RetryPolicy;
use temporalio_sdk::{ActivityCancellationType, ActivityOptions, WorkflowCancellationToken};

use crate::wire::Pace;

/// Returns the options. It takes no longer than `longest`, should it heartbeat and never end; `queue` is its task queue, where
/// that is not the one of the workflow.
pub(super) fn options(
    (pace, longest): (Pace, Duration),
    token: WorkflowCancellationToken,
    summary: String,
    queue: Option<String>,
) -> ActivityOptions {
    let retry = RetryPolicy::builder()
        .initial_interval(Duration::from_millis(100))
        .backoff_coefficient(1.5)
        .maximum_interval(Duration::from_secs(1))
        .build();
    ActivityOptions::with_start_to_close_timeout(longest)
        .heartbeat_timeout(pace.engine_timeout())
        .cancellation_type(ActivityCancellationType::WaitCancellationCompleted)
        .cancellation_token(token)
        .retry_policy(retry)
        .summary(summary)
        .do_not_eagerly_execute(true)
        .maybe_task_queue(queue)
        .build()
}
