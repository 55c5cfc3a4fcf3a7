//! What the engine says of a workflow now.

use std::collections::HashMap;

use allstop::Timestamp;
use jiff::SignedDuration;
use serde::de::DeserializeOwned;
use temporalio_client::errors::WorkflowInteractionError;
use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::{Code, IntoRequest};
use temporalio_client::{
    Client, NamespacedClient, WorkflowCancelOptions, WorkflowExecutionInfo, WorkflowExecutionStatus,
};
use temporalio_common::protos::temporal::api::common::v1::{Payload, Payloads, WorkflowExecution};
use temporalio_common::protos::temporal::api::enums::v1::{
    PendingActivityState, PendingWorkflowTaskState, WorkflowExecutionStatus as Status,
};
use temporalio_common::protos::temporal::api::workflow::v1::{
    PendingActivityInfo, PendingWorkflowTaskInfo, WorkflowExecutionInfo as Info,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::DescribeWorkflowExecutionRequest;

use super::name::run_name;
use crate::plans::{self, FetchError};
use crate::wire::{Awaited, Beat, SESSION_TYPE, Unserved};

/// What the engine says of a workflow.
#[derive(Debug, Clone)]
pub(crate) struct Execution {
    pub(crate) workflow_id: String,
    pub(crate) run_id: String,
    /// The name of its type.
    pub(crate) kind: String,
    /// Its task queue.
    pub(crate) queue: String,
    pub(crate) status: WorkflowExecutionStatus,
    pub(crate) started_at: Timestamp,
    pub(crate) closed_at: Option<Timestamp>,
    /// The engine's id of the run of the workflow that began it.
    pub(crate) parent_run: Option<String>,
    memo: HashMap<String, Payload>,
    /// The activities that have not ended.
    pub(crate) pending: Vec<PendingActivityInfo>,
    /// The engine's id of the first run of the workflow, where it went on as a new one.
    pub(crate) first_run: String,
    /// Whether it was asked to end.
    pub(crate) cancel_requested: bool,
    /// What workers are to do for the workflow itself.
    task: Option<PendingWorkflowTaskInfo>,
}

/// How often workers fail to carry a workflow out before that is said: one that was lost fails, too.
const FAILURES: u32 = 2;

/// How long a running worker may take to take up what is to be done for a workflow.
const IDLE: SignedDuration = SignedDuration::from_secs(4);

impl Execution {
    /// Takes what a list or a description says.
    pub(crate) fn of(info: Info) -> Self {
        let WorkflowExecution { workflow_id, run_id } = info.execution.unwrap_or_default();
        let status = Status::try_from(info.status).unwrap_or(Status::Unspecified);
        let moment = |seconds, nanos| Timestamp::new(seconds, nanos).ok();
        Self {
            workflow_id,
            run_id,
            kind: info.r#type.unwrap_or_default().name,
            queue: info.task_queue,
            status: status.into(),
            started_at: info.start_time.and_then(|at| moment(at.seconds, at.nanos)).unwrap_or_default(),
            closed_at: info.close_time.and_then(|at| moment(at.seconds, at.nanos)),
            parent_run: info.parent_execution.map(|parent| parent.run_id),
            memo: info.memo.unwrap_or_default().fields,
            pending: Vec::new(),
            first_run: info.first_run_id,
            cancel_requested: false,
            task: None,
        }
    }

    /// Fails when it is a workflow of another type.
    pub(crate) fn demand(&self, kind: &str) -> Result<(), FetchError> {
        if self.kind == kind { Ok(()) } else { Err(FetchError::Foreign(self.workflow_id.clone())) }
    }

    /// Tells whether it goes on.
    pub(crate) fn goes_on(&self) -> bool {
        matches!(self.status, WorkflowExecutionStatus::Running | WorkflowExecutionStatus::Paused)
    }

    /// Returns the attempt to carry the workflow out that workers fail at, as they do without the payload key.
    pub(crate) fn failing_attempt(&self) -> Option<u32> {
        let attempt = self.task.as_ref().and_then(|task| u32::try_from(task.attempt).ok());
        attempt.filter(|attempt| *attempt > FAILURES)
    }

    /// Tells whether no worker has taken up what is to be done for the workflow, for longer than a running one takes.
    pub(crate) fn is_idle(&self, now: Timestamp) -> bool {
        let scheduled = self.task.as_ref().filter(|task| task.state() == PendingWorkflowTaskState::Scheduled);
        let since = scheduled.and_then(|task| task.scheduled_time.as_ref());
        let since = since.and_then(|at| Timestamp::new(at.seconds, at.nanos).ok());
        since.is_some_and(|since| now.duration_since(since) > IDLE)
    }

    /// Returns what waits for a worker, where none does anything for the lane of this workflow; `None` where one does, or
    /// nothing waits.
    pub(crate) fn unserved(&self) -> Option<Unserved> {
        let task = self.task.as_ref().filter(|task| task.state() == PendingWorkflowTaskState::Scheduled)?;
        let since = task.scheduled_time.as_ref().and_then(|at| Timestamp::new(at.seconds, at.nanos).ok())?;
        let step = Awaited { since, attempt: task.attempt };
        let Some(session) = self.session() else { return Some(Unserved { step, session: None }) };
        let session = Some(session).filter(|session| session.state() == PendingActivityState::Scheduled)?;
        let since = session.scheduled_time.as_ref().and_then(|at| Timestamp::new(at.seconds, at.nanos).ok())?;
        Some(Unserved { step, session: Some(Awaited { since, attempt: session.attempt }) })
    }

    /// Returns the session that has not ended.
    pub(crate) fn session(&self) -> Option<&PendingActivityInfo> {
        let is_session = |pending: &&PendingActivityInfo| {
            pending.activity_type.as_ref().is_some_and(|kind| kind.name == SESSION_TYPE)
        };
        self.pending.iter().find(is_session)
    }

    /// Returns a value of the memo; `None` where it has none of that name, or another.
    ///
    /// # Errors
    ///
    /// Fails when it is encrypted with a key that is not here.
    pub(crate) async fn memo<T: DeserializeOwned>(&self, client: &Client, name: &str) -> Result<Option<T>, FetchError> {
        let Some(payload) = self.memo.get(name).cloned() else { return Ok(None) };
        let value: serde_json::Value =
            plans::decode(client, &self.workflow_id, Some(Payloads { payloads: vec![payload] })).await?;
        Ok(serde_json::from_value(value).ok())
    }
}

/// Returns what a session last told.
///
/// # Errors
///
/// Fails when it cannot be decoded, or is of another version.
pub(crate) async fn beat(
    client: &Client,
    workflow: &str,
    session: &PendingActivityInfo,
) -> Result<Option<Beat>, FetchError> {
    match &session.heartbeat_details {
        Some(details) if !details.payloads.is_empty() => {
            plans::decode_versioned(client, workflow, Some(details.clone())).await.map(Some)
        }
        Some(_) | None => Ok(None),
    }
}

/// Returns when a session last told something.
pub(crate) fn beat_at(session: &PendingActivityInfo) -> Option<Timestamp> {
    session.last_heartbeat_time.as_ref().and_then(|at| Timestamp::new(at.seconds, at.nanos).ok())
}

/// Returns what the engine says of a workflow; of its latest run, without a run id.
///
/// # Errors
///
/// Fails when the engine does not know it or cannot be asked.
pub(crate) async fn describe(client: &Client, workflow: &str, run: Option<&str>) -> Result<Execution, FetchError> {
    let execution = WorkflowExecution { workflow_id: workflow.to_owned(), run_id: run.unwrap_or_default().to_owned() };
    let request = DescribeWorkflowExecutionRequest { namespace: client.namespace(), execution: Some(execution) };
    let described = client.clone().describe_workflow_execution(request.into_request()).await;
    let described = described.map_err(|status| match status.code() {
        Code::NotFound => FetchError::NoSuchRun(workflow.to_owned()),
        _ => plans::failed(workflow, WorkflowInteractionError::Rpc(status)),
    })?;
    let described = described.into_inner();
    Ok(Execution {
        pending: described.pending_activities,
        cancel_requested: described.workflow_extended_info.is_some_and(|info| info.cancel_requested),
        task: described.pending_workflow_task,
        ..Execution::of(described.workflow_execution_info.unwrap_or_default())
    })
}

/// Returns what the engine says of a run that somebody names; of the latest one of the workflow, without a run id.
///
/// # Errors
///
/// Fails as [`describe`] does, and says if it is the run id that the engine does not know, or that is none.
pub(crate) async fn named(client: &Client, workflow: &str, run: Option<&str>) -> Result<Execution, FetchError> {
    let described = describe(client, workflow, run).await;
    let (Some(run_id), Err(error)) = (run, &described) else { return described };
    let is_refused = match error {
        FetchError::NoSuchRun(_) => true,
        FetchError::Engine { cause: WorkflowInteractionError::Rpc(status), .. } => {
            status.code() == Code::InvalidArgument
        }
        _ => false,
    };
    if !is_refused {
        return described;
    }
    describe(client, workflow, None).await?;
    Err(FetchError::NoSuchRunId { name: run_name(workflow).to_owned(), run_id: run_id.to_owned() })
}

/// Asks a workflow to end, and says why.
///
/// # Errors
///
/// Fails when it is over, or the engine cannot be asked.
pub(crate) async fn cancel(client: &Client, now: &Execution, reason: String) -> Result<(), FetchError> {
    let info = WorkflowExecutionInfo::builder()
        .namespace(client.namespace())
        .workflow_id(&now.workflow_id)
        .run_id(now.run_id.clone())
        .build();
    let options = WorkflowCancelOptions::builder().reason(reason).build();
    let cancelled = info.bind_untyped(client.clone()).cancel(options).await;
    cancelled.map_err(|cause| plans::failed(&now.workflow_id, cause))
}
