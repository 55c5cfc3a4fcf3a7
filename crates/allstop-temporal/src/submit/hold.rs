//! A plan that is too large for the input of a workflow: a workflow of its own holds it in parts.

use temporalio_client::{Client, WorkflowSignalOptions, WorkflowStartOptions};

use super::start::StartError;
use crate::wire::{Packed, PlanAt, plan_id};
use crate::workflow::PlanFlow;

/// The largest plan that is part of the run's own input, packed.
const MOST_HERE: usize = 1_400_000;

/// The largest part of a held plan.
const PART: usize = 1_900_000;

/// The largest plan that is held, packed: the history of a workflow has at most 50 MB.
const MOST: usize = 45_000_000;

/// The task queue of workflows that hold plans. Nobody serves it.
const QUEUE: &str = "allstop-plans";

/// Puts a plan where workers find it.
pub(super) async fn place(client: &Client, run: &str, packed: Packed) -> Result<PlanAt, StartError> {
    if packed.len() <= MOST_HERE {
        return Ok(PlanAt::Here(packed));
    }
    if packed.len() > MOST {
        return Err(StartError::TooLarge { bytes: packed.len(), most: MOST });
    }
    let options = WorkflowStartOptions::new(QUEUE, plan_id(run)).build();
    let handle = client.start_workflow(PlanFlow::run, (), options).await.map_err(StartError::of)?;
    for part in packed.split(PART) {
        handle.signal(PlanFlow::part, part, WorkflowSignalOptions::default()).await.map_err(StartError::engine)?;
    }
    let run_id = handle.info().run_id.clone().unwrap_or_default();
    Ok(PlanAt::Held { workflow_id: plan_id(run), run_id })
}
