//! Starting a run.

use allstop::session::{Bundle, Context, SessionError};
use temporalio_client::errors::WorkflowStartError;
use temporalio_client::{
    Client, NamespacedClient, WorkflowIdConflictPolicy, WorkflowIdReusePolicy, WorkflowStartOptions,
};
use temporalio_common::MemoValues;

use super::attributes::{demand_search_attributes, search_attributes};
use super::input::{Settings, run_input};
use crate::plans::{HoldError, place};
use crate::wire::{PackedError, PlanAt, RunInput, RunMemo, Versioned, run_workflow_id};
use crate::workflow::{RunFlow, TASK_TIMEOUT};

/// The largest plan that is part of the run's own input, packed.
const MOST_HERE: usize = 1_400_000;

/// A run that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A run of this id goes on or has ended.
    #[error("there is a run {0} already")]
    Taken(String),
    /// The plan cannot be put where workers find it.
    #[error(transparent)]
    Hold(#[from] HoldError),
    /// The plan cannot be packed.
    #[error(transparent)]
    Packed(#[from] PackedError),
    /// The plan cannot be used.
    #[error("{0}")]
    Plan(SessionError),
    /// The namespace does not have the search attributes of runs.
    #[error("{message}")]
    Attributes {
        /// What is missing.
        message: String,
        /// What to do about it.
        hint: String,
    },
    /// The engine refused, or could not be reached.
    #[error("cannot start the run: {0}")]
    Engine(String),
}

impl StartError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Taken(_) | Self::Hold(HoldError::Taken(_)) => "choose another --id; nothing was sent".to_owned(),
            Self::Hold(HoldError::TooLarge { .. }) => "split it into several plans; nothing was sent".to_owned(),
            Self::Plan(error) => error.hint().to_owned(),
            Self::Attributes { hint, .. } => hint.clone(),
            Self::Hold(HoldError::Engine(_)) | Self::Packed(_) | Self::Engine(_) => "nothing was sent".to_owned(),
        }
    }

    pub(crate) fn of(error: WorkflowStartError) -> Self {
        match error {
            WorkflowStartError::AlreadyStarted { .. } => Self::Taken(String::new()),
            error => Self::engine(error),
        }
    }

    pub(crate) fn engine(error: impl std::fmt::Display) -> Self {
        Self::Engine(error.to_string())
    }
}

impl From<StartError> for SessionError {
    fn from(error: StartError) -> Self {
        let hint = error.hint();
        match error {
            StartError::Plan(error) => error,
            error => Self::input(error, hint),
        }
    }
}

/// Starts the run of a bundle on a task queue.
///
/// # Errors
///
/// Fails when a run of its id exists, when the plan is too large, when the namespace does not have the search attributes that
/// the run is to have, and when the engine refuses.
pub async fn start(
    client: &Client,
    queue: &str,
    bundle: &Bundle,
    settings: &Settings,
    context: &Context,
) -> Result<RunInput, StartError> {
    let id = bundle.run_id();
    // What could be refused is, before anything is placed.
    let input = run_input(bundle, PlanAt::NOWHERE, Some(id.to_owned()), settings, context).map_err(StartError::Plan)?;
    if settings.search_attributes {
        demand_search_attributes(client, context).await?;
    }
    let input = RunInput { plan: place(client, bundle, MOST_HERE).await?, ..input };
    let about = about(client, bundle, &input);
    let options = WorkflowStartOptions::new(queue, run_workflow_id(id))
        .id_reuse_policy(WorkflowIdReusePolicy::RejectDuplicate)
        .id_conflict_policy(WorkflowIdConflictPolicy::Fail)
        .task_timeout(TASK_TIMEOUT)
        .static_summary(about.summary())
        .memo(memo(&about))
        .maybe_search_attributes(settings.search_attributes.then(|| search_attributes(&about)))
        .build();
    match client.start_workflow(RunFlow::run, Versioned::new(input.clone()), options).await.map_err(StartError::of) {
        Ok(_) => Ok(input),
        Err(StartError::Taken(_)) => Err(StartError::Taken(id.to_owned())),
        Err(error) => Err(error),
    }
}

/// Returns what lists of runs show.
pub(crate) fn about(client: &Client, bundle: &Bundle, input: &RunInput) -> RunMemo {
    RunMemo {
        plan: bundle.plan_name().to_owned(),
        plan_sha256: bundle.plan_sha256().to_owned(),
        reason: bundle.reason().map(str::to_owned),
        by: client.identity(),
        targets: input.lists.is_none().then(|| input.lanes.iter().map(|lane| u64::from(lane.targets)).sum()),
    }
}

fn memo(about: &RunMemo) -> MemoValues {
    let mut memo = MemoValues::new();
    memo.insert(RunMemo::KEY, about.clone());
    memo
}
