//! Plans that are held by a workflow of their own, in parts: large ones, and those that were listed by a worker.

use allstop::session::Bundle;
use temporalio_client::errors::WorkflowStartError;
use temporalio_client::{
    Client, NamespacedClient, WorkflowExecutionInfo, WorkflowIdConflictPolicy, WorkflowSignalOptions,
    WorkflowStartOptions, WorkflowTerminateOptions,
};

use crate::wire::{HeldAt, PLAN_QUEUE, Packed, PlanAt, plan_id};
use crate::workflow::PlanFlow;

/// The largest part of a held plan.
const PART: usize = 1_900_000;

/// The largest plan that is held, packed: the history of a workflow has at most 50 MB.
const MOST: usize = 45_000_000;

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

/// Puts a bundle where workers find it: into the input of the run, if it has at most `most_here` bytes packed, or else into
/// a workflow.
///
/// # Errors
///
/// Fails when it is too large, and when the engine refuses.
pub async fn place(client: &Client, bundle: &Bundle, most_here: usize) -> Result<PlanAt, HoldError> {
    let engine = |error: &dyn std::error::Error| HoldError::Engine(error.to_string());
    let packed = Packed::bytes(&bundle.to_bytes().map_err(|error| engine(&error))?).map_err(|error| engine(&error))?;
    if packed.len() <= most_here {
        return Ok(PlanAt::Here(packed));
    }
    hold(client, plan_id(bundle.run_id()), &packed).await.map(PlanAt::Held)
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
    let options = WorkflowStartOptions::new(PLAN_QUEUE, workflow_id.clone())
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

/// Lets go of a plan that a workflow holds. It can be read for as long as the namespace keeps closed workflows: as long as the
/// report of a run that ends now.
pub async fn let_go(client: &Client, held: &HeldAt) {
    let HeldAt { workflow_id, run_id } = held.clone();
    let info = WorkflowExecutionInfo::builder()
        .namespace(client.namespace())
        .workflow_id(workflow_id)
        .maybe_run_id(Some(run_id).filter(|run| !run.is_empty()))
        .build();
    // One that is gone is let go of already.
    let _ = info.bind_untyped(client.clone()).terminate(WorkflowTerminateOptions::default()).await;
}
