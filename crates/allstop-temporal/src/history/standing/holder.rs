//! Who holds a quota.

use temporalio_client::errors::WorkflowInteractionError;
use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::{Code, IntoRequest};
use temporalio_client::{Client, NamespacedClient};
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::workflowservice::v1::GetWorkflowExecutionHistoryReverseRequest;

use crate::plans::{self, FetchError};

/// How many of the last events of a quota are looked at.
const LOOKED_AT: i32 = 200;

/// The name of the signal that grants a quota.
const GRANTED: &str = "granted";

/// Returns the id of the workflow of the lane that was granted a quota last, by the id of the quota's workflow.
///
/// # Errors
///
/// Fails when the engine cannot be asked.
pub(super) async fn holder(client: &Client, quota: &str) -> Result<Option<String>, FetchError> {
    let request = GetWorkflowExecutionHistoryReverseRequest {
        namespace: client.namespace(),
        execution: Some(WorkflowExecution { workflow_id: quota.to_owned(), run_id: String::new() }),
        maximum_page_size: LOOKED_AT,
        ..Default::default()
    };
    let history = match client.clone().get_workflow_execution_history_reverse(request.into_request()).await {
        Ok(response) => response.into_inner().history.unwrap_or_default(),
        Err(status) if status.code() == Code::NotFound => return Ok(None),
        Err(status) => return Err(plans::failed(quota, WorkflowInteractionError::Rpc(status))),
    };
    let granted = history.events.into_iter().find_map(|event| {
        let Attributes::SignalExternalWorkflowExecutionInitiatedEventAttributes(signal) = event.attributes? else {
            return None;
        };
        signal.workflow_execution.filter(|_| signal.signal_name == GRANTED)
    });
    Ok(granted.map(|lane| lane.workflow_id))
}
