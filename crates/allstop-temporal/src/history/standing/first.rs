//! The first session of a lane.

use allstop::Timestamp;
use temporalio_client::errors::WorkflowInteractionError;
use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::{Code, IntoRequest};
use temporalio_client::{Client, NamespacedClient};
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::workflowservice::v1::GetWorkflowExecutionHistoryRequest;

use crate::plans::{self, FetchError};
use crate::wire::SESSION_TYPE;

/// How many of the first events of a lane are looked at.
const LOOKED_AT: i32 = 50;

/// Returns when the first session of a lane was asked for, by the ids of its workflow and of the first run of that.
///
/// # Errors
///
/// Fails when the engine cannot be asked.
pub(super) async fn first_session(client: &Client, lane: &str, run: &str) -> Result<Option<Timestamp>, FetchError> {
    let request = GetWorkflowExecutionHistoryRequest {
        namespace: client.namespace(),
        execution: Some(WorkflowExecution { workflow_id: lane.to_owned(), run_id: run.to_owned() }),
        maximum_page_size: LOOKED_AT,
        ..Default::default()
    };
    let events = match client.clone().get_workflow_execution_history(request.into_request()).await {
        Ok(response) => response.into_inner().history.unwrap_or_default().events,
        Err(status) if status.code() == Code::NotFound => Vec::new(),
        Err(status) => return Err(plans::failed(lane, WorkflowInteractionError::Rpc(status))),
    };
    Ok(events.iter().find(|event| asks_for_session(event)).map(plans::started_at))
}

fn asks_for_session(event: &HistoryEvent) -> bool {
    let Some(Attributes::ActivityTaskScheduledEventAttributes(asked)) = &event.attributes else { return false };
    asked.activity_type.as_ref().is_some_and(|kind| kind.name == SESSION_TYPE)
}
