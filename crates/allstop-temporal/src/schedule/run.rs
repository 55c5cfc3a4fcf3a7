//! The runs that a schedule has started.

use allstop::Timestamp;
use serde::Serialize;
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;
use temporalio_common::protos::temporal::api::schedule::v1::ScheduleActionResult;

use super::described::moment;
use crate::wire::run_workflow_id;

/// A run that a schedule has started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScheduledRun {
    /// What `status`, `report` and `cancel` call it: the schedule's name with the time.
    pub run: String,
    /// Its id, as the report has it and as client tokens depend on it.
    pub id: String,
    /// When it was to start.
    pub scheduled_at: Option<Timestamp>,
    /// When it was started.
    pub started_at: Option<Timestamp>,
    /// What the engine says of it, a little behind.
    pub state: Option<&'static str>,
}

impl ScheduledRun {
    pub(super) fn running(execution: &WorkflowExecution) -> Self {
        let WorkflowExecution { workflow_id, run_id } = execution;
        let run = workflow_id.strip_prefix(&run_workflow_id("")).unwrap_or(workflow_id);
        Self { run: run.to_owned(), id: run_id.clone(), scheduled_at: None, started_at: None, state: None }
    }

    pub(super) fn recent(action: &ScheduleActionResult) -> Option<Self> {
        let started = Self::running(action.start_workflow_result.as_ref()?);
        let at = |at: Option<(i64, i32)>| at.map(|(seconds, nanos)| moment(seconds, nanos));
        Some(Self {
            scheduled_at: at(action.schedule_time.map(|at| (at.seconds, at.nanos))),
            started_at: at(action.actual_time.map(|at| (at.seconds, at.nanos))),
            state: state(action.start_workflow_status()),
            ..started
        })
    }
}

const fn state(status: WorkflowExecutionStatus) -> Option<&'static str> {
    Some(match status {
        WorkflowExecutionStatus::Running => "running",
        WorkflowExecutionStatus::Completed => "ended",
        WorkflowExecutionStatus::Failed => "failed",
        WorkflowExecutionStatus::Canceled => "cancelled",
        WorkflowExecutionStatus::Terminated => "terminated",
        WorkflowExecutionStatus::TimedOut => "timed_out",
        _ => return None,
    })
}
