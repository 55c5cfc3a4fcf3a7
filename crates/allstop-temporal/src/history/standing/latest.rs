//! The last events of a workflow.

use temporalio_client::errors::WorkflowInteractionError;
use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::{Code, IntoRequest};
use temporalio_client::{Client, NamespacedClient};
use temporalio_common::protos::temporal::api::common::v1::{Payloads, WorkflowExecution};
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::workflowservice::v1::GetWorkflowExecutionHistoryReverseRequest;

use crate::history::execution::describe;
use crate::plans::{self, FetchError};
use crate::wire::SESSION_TYPE;

/// How many of the last events of a quota, and of a run or lane, are looked at.
const LOOKED_AT: (i32, i32) = (200, 30);

/// The names of the signals that a quota sends to its holder.
const TO_HOLDER: [&str; 2] = ["granted", "make_way"];

/// The name of the signal that a quota sends to a holder that no worker serves.
const TAKEN: &str = "taken";

/// Returns the id of the workflow of the lane that holds a quota that others wait for, by the id of the quota's workflow; `None`
/// where that lane has ended.
///
/// # Errors
///
/// Fails when the engine cannot be asked.
pub(super) async fn holder(client: &Client, quota: &str) -> Result<Option<String>, FetchError> {
    let events = latest(client, quota, "", LOOKED_AT.0).await?;
    let mut granted = events.into_iter().filter_map(|event| match event {
        Attributes::SignalExternalWorkflowExecutionInitiatedEventAttributes(signal) => {
            signal.workflow_execution.filter(|_| TO_HOLDER.contains(&signal.signal_name.as_str()))
        }
        _ => None,
    });
    let Some(lane) = granted.next() else { return Ok(None) };
    match describe(client, &lane.workflow_id, None).await {
        Ok(now) => Ok(now.goes_on().then_some(now.workflow_id)),
        Err(FetchError::NoSuchRun(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Tells whether a lane has lost its quota since its last session was asked for, by the ids of its workflow and of that's run.
///
/// # Errors
///
/// Fails when the engine cannot be asked.
pub(crate) async fn was_taken(client: &Client, lane: &str, run: &str) -> Result<bool, FetchError> {
    for event in latest(client, lane, run, LOOKED_AT.0).await? {
        match event {
            Attributes::WorkflowExecutionSignaledEventAttributes(told) if told.signal_name == TAKEN => return Ok(true),
            Attributes::ActivityTaskScheduledEventAttributes(asked)
                if asked.activity_type.as_ref().is_some_and(|kind| kind.name == SESSION_TYPE) =>
            {
                return Ok(false);
            }
            _ => {}
        }
    }
    // That was too long ago.
    Ok(true)
}

/// Returns the result of the session that ended since a lane last showed what it does.
///
/// # Errors
///
/// Fails when the engine cannot be asked.
pub(super) async fn last_result(client: &Client, lane: &str, run: &str) -> Result<Option<Payloads>, FetchError> {
    let is_shown = |event: &Attributes| matches!(event, Attributes::WorkflowPropertiesModifiedEventAttributes(_));
    let events = latest(client, lane, run, LOOKED_AT.1).await?;
    Ok(events.into_iter().take_while(|event| !is_shown(event)).find_map(result))
}

/// Returns the result of the last session of a lane.
///
/// # Errors
///
/// Fails when the engine cannot be asked.
pub(super) async fn last_session(client: &Client, lane: &str, run: &str) -> Result<Option<Payloads>, FetchError> {
    Ok(latest(client, lane, run, LOOKED_AT.1).await?.into_iter().find_map(result))
}

/// Returns the result that an event brings.
fn result(event: Attributes) -> Option<Payloads> {
    match event {
        Attributes::ActivityTaskCompletedEventAttributes(ended) => ended.result,
        _ => None,
    }
}

/// Returns why a run was asked to end; `None` where nobody said why.
///
/// # Errors
///
/// Fails when the engine cannot be asked.
pub(super) async fn cancelled(client: &Client, workflow: &str, run: &str) -> Result<Option<String>, FetchError> {
    let events = latest(client, workflow, run, LOOKED_AT.1).await?;
    let mut asked = events.into_iter().filter_map(|event| match event {
        Attributes::WorkflowExecutionCancelRequestedEventAttributes(asked) => Some(asked.cause),
        _ => None,
    });
    Ok(asked.next().filter(|cause| !cause.is_empty()))
}

/// Returns why workers last failed to carry a workflow out: the first time of several in a row, as the engine tells no others.
///
/// # Errors
///
/// Fails when the engine cannot be asked.
pub(super) async fn last_failure(client: &Client, workflow: &str, run: &str) -> Result<Option<Failure>, FetchError> {
    let events = latest(client, workflow, run, LOOKED_AT.1).await?;
    let failed = events.into_iter().find_map(|event| match event {
        Attributes::WorkflowTaskFailedEventAttributes(failed) => Some(failed.failure),
        Attributes::WorkflowTaskCompletedEventAttributes(_) => Some(None),
        _ => None,
    });
    Ok(failed.flatten())
}

/// Returns the last events of a workflow's run, the last one first; of its latest run, without a run id.
async fn latest(client: &Client, workflow: &str, run: &str, most: i32) -> Result<Vec<Attributes>, FetchError> {
    let request = GetWorkflowExecutionHistoryReverseRequest {
        namespace: client.namespace(),
        execution: Some(WorkflowExecution { workflow_id: workflow.to_owned(), run_id: run.to_owned() }),
        maximum_page_size: most,
        ..Default::default()
    };
    match client.clone().get_workflow_execution_history_reverse(request.into_request()).await {
        Ok(response) => {
            let events = response.into_inner().history.unwrap_or_default().events;
            Ok(events.into_iter().filter_map(|event| event.attributes).collect())
        }
        Err(status) if status.code() == Code::NotFound => Ok(Vec::new()),
        Err(status) => Err(plans::failed(workflow, WorkflowInteractionError::Rpc(status))),
    }
}
