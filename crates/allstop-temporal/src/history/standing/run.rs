//! How a run stands.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use allstop::Timestamp;
use allstop::clock::{Clock, SystemClock};
use allstop::engine::{Outcome, Status};
use allstop::report::{HumanCount, counted, spoken};
use allstop::wording::label;
use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use temporalio_client::{Client, WorkflowExecutionStatus};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use super::failure::failing;
use super::lane::{Asked, LaneStanding, LaneStatus};
use super::latest::cancelled;
use crate::history::execution::describe;
use crate::history::gather::head;
use crate::history::loss::loss;
use crate::history::name::run_name;
use crate::history::run as told;
use crate::plans::{self, FetchError};
use crate::wire::{LaneSpec, Pace, RunMemo, RunRef, RunResult};

/// How many lanes are asked about at a time.
const AT_A_TIME: usize = 8;

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunStanding {
    /// The version of the format: 1.
    pub version: u32,
    /// The run's id, as its report has it.
    pub id: String,
    /// What names it for commands.
    pub name: String,
    /// The id of its workflow.
    pub workflow_id: String,
    /// Temporal's id of the run.
    pub run_id: String,
    /// Its task queue.
    pub queue: String,
    /// The plan's name.
    pub plan: Option<String>,
    /// The operator's reason.
    pub reason: Option<String>,
    /// Who submitted it, or froze it for a schedule, as `USER@HOST`.
    pub by: Option<String>,
    /// Whether it goes on, or how it ended.
    pub status: RunStatus,
    /// What ended it early, in words.
    pub ended_by: Option<String>,
    /// Whether somebody has asked it to end, and it has not ended yet.
    pub cancel_requested: bool,
    /// Who asked, and why.
    pub cancelled_by: Option<String>,
    /// Whether it goes no further until a worker takes it up.
    pub waits_for_worker: bool,
    /// The attempt to carry its workflow out that workers fail at, as they do without the payload key.
    pub failing_attempt: Option<u32>,
    /// Why the first of those attempts failed.
    pub failing_reason: Option<String>,
    /// When it was submitted.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Whether a worker is to list what the plan selects before anything is stopped: the lanes are known then.
    pub lists: bool,
    /// How many targets are to be stopped.
    pub targets: u64,
    /// How many of them have their final row; those that no stop was sent for at the end have none here.
    pub done: u64,
    /// How long it takes at the present rates, in seconds; null where that cannot be said.
    pub seconds_left: Option<u64>,
    /// Its lanes, in the order of the plan.
    pub lanes: Vec<LaneStanding>,
}

/// Whether a run continues, or how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// It goes on.
    Running,
    /// It ended, however.
    Ended,
    /// Every target has its outcome.
    Completed,
    /// A guard or a failure threshold ended it.
    Aborted,
    /// Something could not be listed.
    Unlisted,
    /// Somebody cancelled it.
    Interrupted,
    /// The deadline ended it.
    Deadline,
    /// Its workflow was terminated.
    Terminated,
    /// Its workflow failed.
    Failed,
    /// Its workflow timed out.
    TimedOut,
}

impl RunStatus {
    /// Returns what the status of the workflow says.
    pub(crate) const fn of_workflow(status: WorkflowExecutionStatus) -> Self {
        match status {
            WorkflowExecutionStatus::Running | WorkflowExecutionStatus::Paused => Self::Running,
            WorkflowExecutionStatus::Terminated => Self::Terminated,
            WorkflowExecutionStatus::Failed => Self::Failed,
            WorkflowExecutionStatus::TimedOut => Self::TimedOut,
            _ => Self::Ended,
        }
    }

    /// Returns it with how a run ended that ended by itself, by the ids of its workflow and of that's run: that is a request.
    /// Where its result cannot be read, such as without the payload key, it has ended somehow.
    pub(crate) async fn with_result(self, client: &Client, workflow: &str, run: &str) -> Self {
        if self != Self::Ended {
            return self;
        }
        end(client, workflow, run, self).await.map_or(self, |(status, _)| status)
    }

    /// Returns it in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ended => "ended",
            Self::Completed => "completed",
            Self::Aborted => "aborted",
            Self::Unlisted => "not listed",
            Self::Interrupted => "interrupted",
            Self::Deadline => "deadline reached",
            Self::Terminated => "terminated",
            Self::Failed => "failed",
            Self::TimedOut => "timed out",
        }
    }
}

impl From<Status> for RunStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Completed => Self::Completed,
            Status::Aborted => Self::Aborted,
            Status::Interrupted => Self::Interrupted,
            Status::Deadline => Self::Deadline,
            Status::Unlisted => Self::Unlisted,
            Status::Paused => Self::Ended,
        }
    }
}

/// Asks again and again how a run stands.
pub struct Standing<'a> {
    client: &'a Client,
    run: RunRef,
    pace: Pace,
    lanes: Vec<LaneSpec>,
    /// Whether a worker lists, or may: the lanes are not known before.
    lists: bool,
    /// The lanes that stay as they are, by number.
    over: HashMap<u32, LaneStanding>,
    /// When the first sessions of lanes were asked for, by number.
    began: HashMap<u32, Timestamp>,
}

impl<'a> Standing<'a> {
    /// Begins to ask about a run, by the id of its workflow; about the latest one of that id, without the engine's id of
    /// another.
    ///
    /// # Errors
    ///
    /// Fails when the engine does not know it or cannot be asked, or when its input cannot be decoded.
    pub async fn of(client: &'a Client, workflow: &str, run: Option<&str>) -> Result<Self, FetchError> {
        let (run, input) = head(client, workflow, run).await?;
        let (lists, over, began) = (input.lists.is_some(), HashMap::new(), HashMap::new());
        Ok(Self { client, run, pace: input.pace, lists, lanes: input.lanes, over, began })
    }

    /// Returns how it stands now.
    ///
    /// # Errors
    ///
    /// Fails when the engine cannot be asked, or when a payload cannot be decoded.
    pub async fn now(&mut self) -> Result<RunStanding, FetchError> {
        let Self { client, run, .. } = self;
        let now = describe(client, &run.workflow_id, Some(&run.run_id)).await?;
        self.take_listed().await?;
        let client = self.client;
        let memo: Option<RunMemo> = now.memo(client, RunMemo::KEY).await?;
        let by = memo.as_ref().map(|memo| memo.by.clone());
        let (plan, reason) = memo.map(|memo| (memo.plan, memo.reason)).unzip();
        let status = RunStatus::of_workflow(now.status);
        let (status, ended_by) = end(client, &now.workflow_id, &now.run_id, status).await?;
        let at = SystemClock.now();
        let mut lanes = self.lanes(&now.queue, at).await?;
        if status == RunStatus::Completed {
            // All lanes of such a run had begun.
            lanes.iter_mut().filter(|lane| lane.status == LaneStatus::NotBegun).for_each(LaneStanding::go);
        }
        let cancel_requested = now.goes_on() && now.cancel_requested;
        let cancelled_by = match cancel_requested {
            true => cancelled(client, &now.workflow_id, &now.run_id).await?,
            false => None,
        };
        let (failing_attempt, failing_reason) = failing(client, &now).await?;
        let left = lanes.iter().filter(|lane| !lane.is_over()).map(|lane| lane.seconds_left);
        let seconds_left = left.collect::<Option<Vec<_>>>().and_then(|left| left.into_iter().max());
        Ok(RunStanding {
            version: 1,
            id: self.run.id.clone(),
            name: run_name(&self.run.workflow_id).to_owned(),
            workflow_id: self.run.workflow_id.clone(),
            run_id: self.run.run_id.clone(),
            queue: now.queue.clone(),
            plan,
            reason: reason.flatten(),
            by,
            lists: self.lists && status == RunStatus::Running,
            status,
            ended_by,
            cancel_requested,
            cancelled_by,
            waits_for_worker: now.goes_on() && (now.is_idle(at) || all_wait(&lanes)),
            failing_attempt,
            failing_reason,
            started_at: self.run.started_at,
            ended_at: now.closed_at,
            targets: lanes.iter().map(|lane| lane.targets).sum(),
            done: lanes.iter().map(|lane| lane.done).sum(),
            seconds_left,
            lanes,
        })
    }

    /// Takes the lanes from what a worker has listed, once it has.
    async fn take_listed(&mut self) -> Result<(), FetchError> {
        if !self.lists {
            return Ok(());
        }
        if let Some(listed) = told::read(self.client, &self.run.workflow_id, &self.run.run_id).await?.listed {
            (self.lanes, self.lists) = (listed.lanes, false);
        }
        Ok(())
    }

    async fn lanes(&mut self, queue: &str, at: Timestamp) -> Result<Vec<LaneStanding>, FetchError> {
        let Self { client, run, pace, over, began, .. } = &*self;
        let asked = Asked { client, run, pace: *pace, queue, at };
        let lanes = stream::iter(self.lanes.clone()).map(|spec| async move {
            match over.get(&spec.number) {
                Some(known) => Ok(known.clone()),
                None => LaneStanding::read(asked, &spec, began.get(&spec.number).copied()).await,
            }
        });
        let lanes: Vec<LaneStanding> = lanes.buffered(AT_A_TIME).try_collect().await?;
        let over = lanes.iter().filter(|lane| lane.is_over()).map(|lane| (lane.number, lane.clone()));
        let began = lanes.iter().filter_map(|lane| Some((lane.number, lane.began_at?)));
        self.over.extend(over);
        self.began.extend(began);
        Ok(lanes)
    }
}

/// Returns whether a run continues, or how it ended, and what ended it early; `status` is that of its workflow.
///
/// # Errors
///
/// Fails when the engine cannot be asked, or when a payload cannot be decoded.
async fn end(
    client: &Client,
    workflow: &str,
    run: &str,
    status: RunStatus,
) -> Result<(RunStatus, Option<String>), FetchError> {
    if status == RunStatus::Running {
        return Ok((status, None));
    }
    let mut closing = plans::closing(client, workflow, Some(run));
    let event = closing.try_next().await.map_err(|cause| plans::failed(workflow, cause))?;
    let Some(attributes) = event.and_then(|event| event.attributes) else { return Ok((status, None)) };
    if let Attributes::WorkflowExecutionCompletedEventAttributes(ended) = attributes {
        let result: RunResult = plans::decode_versioned(client, workflow, ended.result).await?;
        return Ok((result.status.into(), result.ended_by));
    }
    Ok((status, loss(&attributes).map(|how| format!("the workflow {how}"))))
}

/// Tells whether every lane that has not ended waits for a worker.
fn all_wait(lanes: &[LaneStanding]) -> bool {
    let mut going_on = lanes.iter().filter(|lane| !lane.is_over()).peekable();
    going_on.peek().is_some() && going_on.all(|lane| lane.status == LaneStatus::WaitsForWorker)
}

impl RunStanding {
    /// Tells whether it goes on.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.status == RunStatus::Running
    }

    /// Says how many targets have which outcome, in the words of the report: `70 targets: 68 stopped, 2 unknown`.
    #[must_use]
    pub fn outcomes(&self) -> String {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        let of_lanes = self.lanes.iter().flat_map(|lane| &lane.outcomes);
        of_lanes.for_each(|(outcome, count)| *counts.entry(outcome).or_default() += count);
        let known: u64 = counts.values().sum();
        let told = Outcome::ALL.iter().filter_map(|outcome| {
            let count = counts.get(outcome.name()).filter(|count| **count > 0)?;
            Some(format!("{} {}", HumanCount(*count), label(outcome.name())))
        });
        let told = told.collect::<Vec<_>>().join(", ");
        let targets = counted(self.targets, "target");
        match known {
            0 => format!("0 of {targets} have an outcome"),
            _ if known < self.targets => format!("{} of {targets} have an outcome: {told}", HumanCount(known)),
            _ => format!("{targets}: {told}"),
        }
    }

    /// Says in a line how far it is.
    #[must_use]
    pub fn progress(&self) -> String {
        let summed = |count: fn(&LaneStanding) -> u64, words: &str| {
            let sum: u64 = self.lanes.iter().map(count).sum();
            if sum > 0 { format!("; {} {words}", HumanCount(sum)) } else { String::new() }
        };
        let sent = summed(|lane| lane.in_flight, "in flight") + &summed(|lane| lane.in_doubt, "in doubt");
        let waits = if self.waits_for_worker { "; waits for a worker" } else { "" };
        let left = self.seconds_left.filter(|left| *left > 0);
        let left = left.map_or_else(String::new, |left| format!("; about {} left", spoken(Duration::from_secs(left))));
        format!("{}{sent}{left}{waits}", self.outcomes())
    }
}
