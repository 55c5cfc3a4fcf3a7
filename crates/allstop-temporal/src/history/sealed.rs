//! Whether runs of a namespace are encrypted.

use temporalio_client::errors::WorkflowInteractionError;
use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::IntoRequest;
use temporalio_client::{Client, NamespacedClient};
use temporalio_common::protos::temporal::api::workflowservice::v1::ListWorkflowExecutionsRequest;

use super::execution::Execution;
use crate::plans::{self, FetchError};
use crate::wire::{RUN_TYPE, RunMemo};

/// Tells whether the latest run of the namespace is encrypted with a key that is not here.
///
/// # Errors
///
/// Fails when the engine cannot be asked.
pub(crate) async fn latest_is_sealed(client: &Client) -> Result<bool, FetchError> {
    let request = ListWorkflowExecutionsRequest {
        namespace: client.namespace(),
        page_size: 1,
        next_page_token: Vec::new(),
        query: format!("WorkflowType = '{RUN_TYPE}'"),
    };
    let listed = client.clone().list_workflow_executions(request.into_request()).await;
    let listed = listed.map_err(|status| plans::failed("the runs", WorkflowInteractionError::Rpc(status)))?;
    let Some(info) = listed.into_inner().executions.into_iter().next() else { return Ok(false) };
    let memo = Execution::of(info).memo::<RunMemo>(client, RunMemo::KEY).await;
    Ok(memo.is_err_and(|error| error.is_of_key()))
}
