//! The first events of a workflow.

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
    let events = first(client, lane, run, LOOKED_AT).await?;
    Ok(events.iter().find(|event| asks_for_session(event)).map(plans::started_at))
}

fn asks_for_session(event: &HistoryEvent) -> bool {
    let Some(Attributes::ActivityTaskScheduledEventAttributes(asked)) = &event.attributes else { return false };
    asked.activity_type.as_ref().is_some_and(|kind| kind.name == SESSION_TYPE)
}

/// How the history of a workflow's run began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Begun {
    /// The id of the run that it began as: that of another run, if somebody has reset the workflow since.
    pub(super) run: String,
    /// The id of the run that it went on from as a new one.
    pub(super) from: Option<String>,
}

/// Tells whether somebody has reset the workflow of a lane, by the ids of the workflow and of its run.
///
/// # Errors
///
/// Fails when the engine does not know the run, or cannot be asked.
pub(crate) async fn was_reset(client: &Client, lane: &str, run: &str) -> Result<bool, FetchError> {
    let begun = self::begun(client, lane, run).await?;
    let Some(from) = begun.from.filter(|_| begun.run == run) else { return Ok(begun.run != run) };
    // What was reset may have gone on as this run before it asked for a session.
    match self::begun(client, lane, &from).await {
        Ok(begun) => Ok(begun.run != from),
        // Nobody knows.
        Err(FetchError::NoSuchRun(_)) => Ok(true),
        Err(error) => Err(error),
    }
}

/// Returns how the history of a workflow's run began.
///
/// # Errors
///
/// Fails when the engine does not know the run, or cannot be asked.
pub(super) async fn begun(client: &Client, workflow: &str, run: &str) -> Result<Begun, FetchError> {
    let events = first(client, workflow, run, 1).await?;
    match events.into_iter().next().and_then(|event| event.attributes) {
        Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) => Ok(Begun {
            run: started.original_execution_run_id,
            from: Some(started.continued_execution_run_id).filter(|from| !from.is_empty()),
        }),
        _ => Err(FetchError::NoSuchRun(workflow.to_owned())),
    }
}

/// Returns the first events of a workflow's run; none, if the engine does not know it.
async fn first(client: &Client, workflow: &str, run: &str, most: i32) -> Result<Vec<HistoryEvent>, FetchError> {
    let request = GetWorkflowExecutionHistoryRequest {
        namespace: client.namespace(),
        execution: Some(WorkflowExecution { workflow_id: workflow.to_owned(), run_id: run.to_owned() }),
        maximum_page_size: most,
        ..Default::default()
    };
    match client.clone().get_workflow_execution_history(request.into_request()).await {
        Ok(response) => Ok(response.into_inner().history.unwrap_or_default().events),
        Err(status) if status.code() == Code::NotFound => Ok(Vec::new()),
        Err(status) => Err(plans::failed(workflow, WorkflowInteractionError::Rpc(status))),
    }
}
