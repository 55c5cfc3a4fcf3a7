//! Waiting for the end of a run.

use std::time::Duration;

use allstop::CancellationToken;
use temporalio_client::errors::{WorkflowGetResultError, WorkflowInteractionError};
use temporalio_client::{
    Client, NamespacedClient, WorkflowCancelOptions, WorkflowExecutionInfo, WorkflowGetResultOptions, WorkflowHandle,
};
use tokio::time::sleep;

use crate::workflow::RunFlow;

/// How long after the engine could not be asked it is asked again.
const AGAIN: Duration = Duration::from_secs(1);

/// Waits until the workflow of a run has ended, however it ends. The run is cancelled once when `cancel` is.
///
/// The engine may be restarted meanwhile: it is asked again for as long as it takes.
pub async fn wait(client: &Client, workflow: &str, cancel: CancellationToken) {
    let info = WorkflowExecutionInfo::builder().namespace(client.namespace()).workflow_id(workflow).build();
    let handle = WorkflowHandle::<Client, RunFlow>::new(client.clone(), info);
    let cancels = async {
        cancel.cancelled().await;
        while let Err(WorkflowInteractionError::Rpc(_)) = handle.cancel(WorkflowCancelOptions::default()).await {
            sleep(AGAIN).await;
        }
        std::future::pending().await
    };
    let ends = async {
        while let Err(WorkflowGetResultError::Rpc(_) | WorkflowGetResultError::Other(_)) =
            handle.get_result(WorkflowGetResultOptions::default()).await
        {
            sleep(AGAIN).await;
        }
    };
    tokio::select! {
        () = ends => {}
        () = cancels => {}
    }
}
