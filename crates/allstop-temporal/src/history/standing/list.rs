//! The runs of a namespace.

use allstop::Timestamp;
use futures::{StreamExt, stream};
use serde::Serialize;
use temporalio_client::errors::WorkflowInteractionError;
use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::IntoRequest;
use temporalio_client::{Client, NamespacedClient};
use temporalio_common::protos::temporal::api::workflowservice::v1::ListWorkflowExecutionsRequest;

use super::run::RunStatus;
use crate::history::execution::Execution;
use crate::history::name::run_name;
use crate::plans::{self, FetchError};
use crate::wire::{ListedMemo, RUN_TYPE, RunMemo};

/// The runs of a namespace, the latest one first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunList {
    /// The version of the format: 1.
    pub version: u32,
    /// The runs.
    pub runs: Vec<RunLine>,
    /// Whether there are earlier ones that are not listed.
    pub has_more: bool,
}

/// One of the runs of a namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunLine {
    /// What names it for the other commands.
    pub name: String,
    /// The id of its workflow.
    pub workflow_id: String,
    /// Temporal's id of the run.
    pub run_id: String,
    /// The plan's name; null where that cannot be read.
    pub plan: Option<String>,
    /// The operator's reason.
    pub reason: Option<String>,
    /// Who submitted it, as `USER@HOST`.
    pub by: Option<String>,
    /// How many targets it stops.
    pub targets: Option<u64>,
    /// Whether it goes on, or how it ended.
    pub status: RunStatus,
    /// When it was submitted.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// How many of the runs that ended by themselves are asked how: each is a request.
const ASKED: usize = 20;

/// Among how many runs the latest one is looked for.
const LOOKED_AT: i32 = 100;

/// How many are asked at a time.
const AT_A_TIME: usize = 8;

/// Lists the latest runs of the namespace, at most so many. The engine's list is a second old at most.
///
/// # Errors
///
/// Fails when the engine cannot be asked.
pub async fn list(client: &Client, most: i32) -> Result<RunList, FetchError> {
    let (executions, has_more) = latest(client, most).await?;
    let mut runs = Vec::new();
    for now in executions {
        // Without the payload key, there is still a list.
        let memo: Option<RunMemo> = now.memo(client, RunMemo::KEY).await.ok().flatten();
        let listed: Option<ListedMemo> = now.memo(client, ListedMemo::KEY).await.ok().flatten();
        let line = RunLine {
            name: run_name(&now.workflow_id).to_owned(),
            status: RunStatus::of_workflow(now.status),
            plan: memo.as_ref().map(|memo| memo.plan.clone()),
            targets: memo.as_ref().and_then(|memo| memo.targets).or(listed.map(|listed| listed.targets)),
            by: memo.as_ref().map(|memo| memo.by.clone()),
            reason: memo.and_then(|memo| memo.reason),
            started_at: now.started_at,
            ended_at: now.closed_at,
            workflow_id: now.workflow_id.clone(),
            run_id: now.run_id.clone(),
        };
        runs.push((now, line));
    }
    runs.sort_by_key(|(_, run): &(Execution, RunLine)| std::cmp::Reverse(run.started_at));
    let ended = runs.iter_mut().filter(|(_, run)| run.status == RunStatus::Ended).take(ASKED);
    stream::iter(ended)
        .for_each_concurrent(AT_A_TIME, |(now, run)| async {
            run.status = run.status.with_result(client, &now.workflow_id, &now.run_id).await;
        })
        .await;
    let runs = runs.into_iter().map(|(_, run)| run).collect();
    Ok(RunList { version: 1, runs, has_more })
}

/// Tells whether the latest run of the namespace is encrypted with a key that is not here.
///
/// # Errors
///
/// Fails when the engine cannot be asked.
pub(crate) async fn latest_is_sealed(client: &Client) -> Result<bool, FetchError> {
    // The engine lists runs that go on before others.
    let (executions, _) = latest(client, LOOKED_AT).await?;
    let Some(now) = executions.iter().max_by_key(|now| now.started_at) else { return Ok(false) };
    let memo = now.memo::<RunMemo>(client, RunMemo::KEY).await;
    Ok(memo.is_err_and(|error| error.is_of_key()))
}

/// Asks the engine for the latest runs of the namespace, at most so many, and whether there are earlier ones.
async fn latest(client: &Client, most: i32) -> Result<(Vec<Execution>, bool), FetchError> {
    let request = ListWorkflowExecutionsRequest {
        namespace: client.namespace(),
        page_size: most,
        next_page_token: Vec::new(),
        query: format!("WorkflowType = '{RUN_TYPE}'"),
    };
    let listed = client.clone().list_workflow_executions(request.into_request()).await;
    let listed =
        listed.map_err(|status| plans::failed("the runs", WorkflowInteractionError::Rpc(status)))?.into_inner();
    let has_more = !listed.next_page_token.is_empty();
    Ok((listed.executions.into_iter().map(Execution::of).collect(), has_more))
}
