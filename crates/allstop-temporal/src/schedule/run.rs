//! The runs that a schedule has started.

use allstop::Timestamp;
use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use temporalio_client::{Client, WorkflowExecutionStatus};
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::schedule::v1::ScheduleActionResult;

use super::described::moment;
use super::error::ScheduleError;
use crate::history::{RunStatus, describe, report_file, workflow_id};
use crate::plans::FetchError;
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
    /// Whether it is in progress, or how it ended, as `status` shows it; `None` if that is not known any more.
    pub state: Option<RunStatus>,
    /// The name of the report that a worker writes of it, in the directory of `--reports`.
    pub report: String,
}

impl ScheduledRun {
    pub(super) fn running(execution: &WorkflowExecution) -> Self {
        let WorkflowExecution { workflow_id, run_id } = execution;
        let run = workflow_id.strip_prefix(&run_workflow_id("")).unwrap_or(workflow_id);
        Self {
            run: run.to_owned(),
            id: run_id.clone(),
            scheduled_at: None,
            started_at: None,
            state: Some(RunStatus::Running),
            report: report_file(run_id),
        }
    }

    pub(super) fn recent(action: &ScheduleActionResult) -> Option<Self> {
        let started = Self::running(action.start_workflow_result.as_ref()?);
        let at = |at: Option<(i64, i32)>| at.map(|(seconds, nanos)| moment(seconds, nanos));
        Some(Self {
            scheduled_at: at(action.schedule_time.map(|at| (at.seconds, at.nanos))),
            started_at: at(action.actual_time.map(|at| (at.seconds, at.nanos))),
            state: state(action.start_workflow_status().into()),
            ..started
        })
    }

    /// Takes in when it was to start and was started, if it is among these.
    pub(super) fn known_among(self, recent: &[Self]) -> Self {
        let known = recent.iter().find(|known| known.id == self.id);
        let (scheduled_at, started_at) = known.map_or((None, None), |known| (known.scheduled_at, known.started_at));
        Self { scheduled_at, started_at, ..self }
    }

    /// Tells whether it is in progress.
    pub(super) fn goes_on(&self) -> bool {
        self.state == Some(RunStatus::Running)
    }

    /// Asks for the state of a run in progress: what the engine says of runs with their schedule is behind.
    async fn asked(self, client: &Client) -> Result<Self, ScheduleError> {
        if !self.goes_on() {
            return Ok(self);
        }
        match describe(client, &workflow_id(&self.run), Some(&self.id)).await {
            // The schedule does not say when a run was started that is not among its last ones.
            Ok(now) => {
                Ok(Self { state: state(now.status), started_at: self.started_at.or(Some(now.started_at)), ..self })
            }
            Err(FetchError::NoSuchRun(_)) => Ok(Self { state: None, ..self }),
            Err(error) => Err(error.into()),
        }
    }

    /// Asks how it ended, if it did.
    pub(super) async fn with_result(self, client: &Client) -> Self {
        let Some(state) = self.state else { return self };
        Self { state: Some(state.with_result(client, &workflow_id(&self.run), &self.id).await), ..self }
    }
}

/// Asks for the states of runs in progress, and returns the runs in their order.
pub(super) async fn asked(client: &Client, runs: Vec<ScheduledRun>) -> Result<Vec<ScheduledRun>, ScheduleError> {
    stream::iter(runs).map(|run| run.asked(client)).buffered(AT_ONCE).try_collect().await
}

/// Asks how runs ended, and returns the runs in their order.
pub(super) async fn with_results(client: &Client, runs: Vec<ScheduledRun>) -> Vec<ScheduledRun> {
    stream::iter(runs).map(|run| run.with_result(client)).buffered(AT_ONCE).collect().await
}

/// How many runs are asked for at once.
const AT_ONCE: usize = 8;

fn state(status: WorkflowExecutionStatus) -> Option<RunStatus> {
    (status != WorkflowExecutionStatus::Unspecified).then(|| RunStatus::of_workflow(status))
}
