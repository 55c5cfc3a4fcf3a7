//! Asking for a quota.

use std::time::Duration;

use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::{Code, IntoRequest};
use temporalio_client::{Client, NamespacedClient, WorkflowIdConflictPolicy, WorkflowStartOptions};
use temporalio_common::WorkflowDefinition as _;
use temporalio_common::protos::temporal::api::common::v1::{Payloads, WorkflowType};
use temporalio_common::protos::temporal::api::enums::v1::WorkflowIdConflictPolicy as OnConflict;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflowservice::v1::StartWorkflowExecutionRequest;
use temporalio_sdk::activities::ActivityError;
use uuid::Uuid;

use crate::client::encode;
use crate::wire::{AskInput, Asked, QUOTA_QUEUE, QuotaInput, QuotaState, Signal, VERSION, Versioned};
use crate::workflow::{QuotaFlow, TASK_TIMEOUT};

/// How long the workflow of a quota waits for its first signal before it begins. As held by one lane, it has nothing to do, and
/// many lanes begin together.
const BEGINS: Duration = Duration::from_secs(60);

/// Asks for a quota, and starts its workflow where there is none.
///
/// A new workflow begins as held by the lane: without a signal there and one back, many lanes begin sooner.
pub(super) async fn ask(client: &Client, AskInput { quota, ask }: AskInput) -> Result<Asked, ActivityError> {
    if begin(client, &quota, QuotaState::held_by(ask.clone())).await? {
        return Ok(Asked::Granted);
    }
    let options = WorkflowStartOptions::new(QUOTA_QUEUE, quota)
        .id_conflict_policy(WorkflowIdConflictPolicy::UseExisting)
        .task_timeout(TASK_TIMEOUT)
        .build();
    let free = input(QuotaState::default());
    client.signal_with_start_workflow(QuotaFlow::run, free, QuotaFlow::ask, Signal::new(ask), options).await?;
    Ok(Asked::Queued)
}

/// Starts the workflow of a quota; tells whether there was none.
async fn begin(client: &Client, quota: &str, state: QuotaState) -> Result<bool, ActivityError> {
    let input = encode(client, &input(state)).await?;
    // The SDK's own request has no delay.
    let request = StartWorkflowExecutionRequest {
        namespace: client.namespace(),
        workflow_id: quota.to_owned(),
        workflow_type: Some(WorkflowType { name: QuotaFlow::run.name().to_owned() }),
        task_queue: Some(TaskQueue { name: QUOTA_QUEUE.to_owned(), ..TaskQueue::default() }),
        input: Some(Payloads { payloads: vec![input] }),
        workflow_task_timeout: TASK_TIMEOUT.try_into().ok(),
        workflow_start_delay: BEGINS.try_into().ok(),
        workflow_id_conflict_policy: OnConflict::Fail.into(),
        identity: client.identity(),
        request_id: Uuid::new_v4().to_string(),
        ..StartWorkflowExecutionRequest::default()
    };
    match WorkflowService::start_workflow_execution(&mut client.clone(), request.into_request()).await {
        Ok(_) => Ok(true),
        Err(status) if status.code() == Code::AlreadyExists => Ok(false),
        Err(status) => Err(status.into()),
    }
}

fn input(state: QuotaState) -> Versioned<QuotaInput> {
    Versioned::new(QuotaInput { v: VERSION, state })
}
