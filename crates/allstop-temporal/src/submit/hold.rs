//! A plan that is too large for the input of a workflow: a workflow of its own holds it in parts.

use allstop::session::Bundle;
use temporalio_client::{
    Client, NamespacedClient, WorkflowExecutionInfo, WorkflowSignalOptions, WorkflowStartOptions,
    WorkflowTerminateOptions,
};

use super::start::StartError;
use crate::wire::{Packed, PlanAt, plan_id};
use crate::workflow::PlanFlow;

/// The largest part of a held plan.
const PART: usize = 1_900_000;

/// The largest plan that is held, packed: the history of a workflow has at most 50 MB.
const MOST: usize = 45_000_000;

/// The task queue of workflows that hold plans. Nobody serves it.
const QUEUE: &str = "allstop-plans";

/// Puts a bundle where workers find it: into the input of the run, if it has at most `most_here` bytes packed, or else into
/// a workflow.
pub(crate) async fn place(client: &Client, bundle: &Bundle, most_here: usize) -> Result<PlanAt, StartError> {
    let packed = Packed::bytes(&bundle.to_bytes().map_err(StartError::engine)?)?;
    if packed.len() <= most_here {
        return Ok(PlanAt::Here(packed));
    }
    if packed.len() > MOST {
        return Err(StartError::TooLarge { bytes: packed.len(), most: MOST });
    }
    let id = plan_id(bundle.run_id());
    let options = WorkflowStartOptions::new(QUEUE, id.clone()).build();
    let handle = client.start_workflow(PlanFlow::run, (), options).await.map_err(StartError::of)?;
    for part in packed.split(PART) {
        handle.signal(PlanFlow::part, part, WorkflowSignalOptions::default()).await.map_err(StartError::engine)?;
    }
    let run_id = handle.info().run_id.clone().unwrap_or_default();
    Ok(PlanAt::Held { workflow_id: id, run_id })
}

/// Lets go of a plan that a workflow holds, if one does. It can be read for as long as the namespace keeps closed workflows:
/// as long as the report of a run that ends now.
pub(crate) async fn let_go(client: &Client, plan: &PlanAt) {
    let PlanAt::Held { workflow_id, run_id } = plan else { return };
    let info = WorkflowExecutionInfo::builder()
        .namespace(client.namespace())
        .workflow_id(workflow_id.clone())
        .run_id(run_id.clone())
        .build();
    // One that is gone is let go of already.
    let _ = info.bind_untyped(client.clone()).terminate(WorkflowTerminateOptions::default()).await;
}
