//! Options of what goes on while a workflow is cancelled: a run that ends still has to hear of its lanes.

use std::future::pending;
use std::time::Duration;

use futures::future::FusedFuture;

use temporalio_sdk::{
    LocalActivityOptions, SignalWorkflowOptions, TimerOptions, WaitConditionOptions, WorkflowCancellationToken,
};

/// How long a request to the engine may take, with its repetitions.
const REQUEST: Duration = Duration::from_secs(10);

pub(super) fn wait() -> WaitConditionOptions {
    WaitConditionOptions::builder().cancellation_token(WorkflowCancellationToken::new()).build()
}

pub(super) fn signal() -> SignalWorkflowOptions {
    SignalWorkflowOptions::builder().cancellation_token(WorkflowCancellationToken::new()).build()
}

pub(super) fn timer(duration: Duration) -> TimerOptions {
    TimerOptions::builder(duration).cancellation_token(WorkflowCancellationToken::new()).build()
}

/// The options of a request to the engine: repeated for a while, and made by the worker that runs the workflow.
pub(super) fn request() -> LocalActivityOptions {
    LocalActivityOptions::builder()
        .start_to_close_timeout(REQUEST)
        .schedule_to_close_timeout(REQUEST)
        .cancellation_token(WorkflowCancellationToken::new())
        .build()
}

/// Waits until a timer is over; for ever, where there is none, or where it was over before.
pub(super) async fn due(timer: &mut Option<impl FusedFuture + Unpin>) {
    match timer.as_mut().filter(|timer| !timer.is_terminated()) {
        Some(timer) => drop(timer.await),
        None => pending().await,
    }
}
