//! The workflow that holds a large plan. No worker runs it: workers read the signals in its history.

use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::{SyncWorkflowContext, WorkflowContext, WorkflowResult};

/// Holds a plan in parts.
#[workflow]
#[derive(Default)]
pub struct PlanFlow;

#[workflow_methods]
impl PlanFlow {
    /// Is started, and never runs.
    #[run(name = "allstop.plan.v1")]
    pub async fn run(_context: &mut WorkflowContext<Self>, _nothing: ()) -> WorkflowResult<()> {
        Ok(())
    }

    /// The next part of the plan.
    #[signal(name = "part")]
    pub fn part(&mut self, _context: &mut SyncWorkflowContext<Self>, _part: String) {}
}
