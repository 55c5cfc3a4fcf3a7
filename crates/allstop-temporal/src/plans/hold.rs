//! Plans that are held by a workflow of their own, in parts: large ones, and those that were listed by a worker.

use temporalio_client::errors::WorkflowStartError;
use temporalio_client::{
    Client, NamespacedClient, WorkflowExecutionInfo, WorkflowIdConflictPolicy, WorkflowSignalOptions,
    WorkflowStartOptions, WorkflowTerminateOptions,
};

use crate::wire::{HeldAt, Packed, PlanAt, plan_id};
use crate::workflow::PlanFlow;

/// The largest plan that is part of the run's own input, packed.
const MOST_HERE: usize = 1_400_000;

/// The largest part of a held plan.
const PART: usize = 1_900_000;

/// The largest plan that is held, packed: the history of a workflow has at most 50 MB.
const MOST: usize = 45_000_000;

/// The task queue of workflows that hold plans. Nobody serves it.
const QUEUE: &str = "allstop-plans";

/// A plan that cannot be held.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// It is too large.
    #[error("the plan is too large: {bytes} bytes packed, and the limit is {MOST}")]
    TooLarge {
        /// How large it is, packed.
        bytes: usize,
    },
    /// A workflow of this id goes on already.
    #[error("there is a workflow {0} already")]
    Taken(String),
    /// The engine refused, or could not be reached.
    #[error("cannot hold the plan: {0}")]
    Engine(String),
}

/// Puts the plan of a run where workers find it.
///
/// # Errors
///
/// Fails when it is too large, and when the engine refuses.
pub async fn place(client: &Client, run: &str, packed: Packed) -> Result<PlanAt, HoldError> {
    if packed.len() <= MOST_HERE {
        return Ok(PlanAt::Here(packed));
    }
    hold(client, plan_id(run), &packed).await.map(PlanAt::Held)
}

/// Has a workflow of this id hold a plan.
///
/// # Errors
///
/// Fails when it is too large, when such a workflow goes on, and when the engine refuses.
pub async fn hold(client: &Client, workflow_id: String, packed: &Packed) -> Result<HeldAt, HoldError> {
    if packed.len() > MOST {
        return Err(HoldError::TooLarge { bytes: packed.len() });
    }
    let options = WorkflowStartOptions::new(QUEUE, workflow_id.clone())
        .id_conflict_policy(WorkflowIdConflictPolicy::Fail)
        .build();
    let started = client.start_workflow(PlanFlow::run, (), options).await;
    let handle = started.map_err(|error| match error {
        WorkflowStartError::AlreadyStarted { .. } => HoldError::Taken(workflow_id.clone()),
        error => HoldError::Engine(error.to_string()),
    })?;
    for part in packed.split(PART) {
        let sent = handle.signal(PlanFlow::part, part, WorkflowSignalOptions::default()).await;
        sent.map_err(|error| HoldError::Engine(error.to_string()))?;
    }
    let run_id = handle.info().run_id.clone().unwrap_or_default();
    Ok(HeldAt { workflow_id, run_id })
}

/// Lets go of a plan that is held; of the latest run of that workflow, without a run id. Its history is kept as long as that of
/// the run. One that is gone is let go of already.
pub async fn let_go(client: &Client, workflow_id: String, run_id: Option<String>) {
    let info = WorkflowExecutionInfo::builder()
        .namespace(client.namespace())
        .workflow_id(workflow_id)
        .maybe_run_id(run_id)
        .build();
    let _ = info.bind_untyped(client.clone()).terminate(WorkflowTerminateOptions::default()).await;
}
