//! Options of what goes on while a workflow is cancelled: a run that ends still has to hear of its lanes.

use std::time::Duration;

use temporalio_sdk::{
    LocalActivityOptions, SignalWorkflowOptions, TimerOptions, WaitConditionOptions, WorkflowCancellationToken,
};

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
        .start_to_close_timeout(Duration::from_secs(10))
        .cancellation_token(WorkflowCancellationToken::new())
        .build()
}
