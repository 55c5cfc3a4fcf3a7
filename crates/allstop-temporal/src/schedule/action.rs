//! What a schedule starts: runs of a plan that is frozen.

use allstop::session::{Bundle, Context};
use temporalio_client::Client;
use temporalio_common::data_converters::TemporalSerializable;
use temporalio_common::protos::coresdk::AsJsonPayloadExt;
use temporalio_common::protos::temporal::api::common::v1::{Memo, Payload, Payloads, WorkflowType};
use temporalio_common::protos::temporal::api::schedule::v1::ScheduleAction;
use temporalio_common::protos::temporal::api::schedule::v1::schedule_action::Action;
use temporalio_common::protos::temporal::api::sdk::v1::UserMetadata;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflow::v1::NewWorkflowExecutionInfo;

use super::error::ScheduleError;
use super::options::FrozenOptions;
use crate::client;
use crate::plans::{FetchError, decode, place};
use crate::submit::{Settings, StartError, about, demand_search_attributes, run_input, search_attributes};
use crate::wire::{PlanAt, RUN_TYPE, RunInput, RunMemo, run_workflow_id};
use crate::workflow::TASK_TIMEOUT;

/// The largest plan that is part of the schedule itself, packed: the engine copies it whenever the schedule changes.
const MOST_HERE: usize = 250_000;

/// A plan to freeze, how its runs are carried out, and all of their options.
pub type ToFreeze<'a> = (&'a Bundle, &'a Settings, &'a FrozenOptions);

/// A plan that is frozen for a schedule.
#[derive(Debug, Clone)]
pub(super) struct Frozen {
    /// What lists show of its runs.
    pub(super) about: RunMemo,
    /// The input of its runs.
    pub(super) input: RunInput,
    /// The options of its runs; the task queue is one of them.
    pub(super) options: FrozenOptions,
}

impl Frozen {
    /// Freezes a plan, and puts it where the runs find it.
    pub(super) async fn new(
        client: &Client,
        (bundle, settings, options): ToFreeze<'_>,
        context: &Context,
    ) -> Result<Self, ScheduleError> {
        // What could be refused is, before anything is placed.
        let input = run_input(bundle, PlanAt::NOWHERE, None, settings, context).map_err(StartError::Plan)?;
        if settings.search_attributes {
            demand_search_attributes(client, context).await?;
        }
        let plan = place(client, bundle, MOST_HERE).await.map_err(StartError::from)?;
        Ok(Self { about: about(client, bundle, &input), input: RunInput { plan, ..input }, options: options.clone() })
    }

    /// Returns what starts a run of it, for the schedule of this name.
    pub(super) async fn action(&self, client: &Client, name: &str) -> Result<ScheduleAction, ScheduleError> {
        let Self { about, input, options } = self;
        // The server's own interface shows the summary, and has no key: it names no target.
        let summary = about.summary().as_json_payload().ok();
        let memo = [(RunMemo::KEY, encode(client, about).await?), (FrozenOptions::KEY, encode(client, options).await?)];
        let info = NewWorkflowExecutionInfo {
            workflow_id: run_workflow_id(name),
            workflow_type: Some(WorkflowType { name: RUN_TYPE.to_owned() }),
            task_queue: Some(TaskQueue { name: options.queue.clone(), ..TaskQueue::default() }),
            input: Some(Payloads { payloads: vec![encode(client, input).await?] }),
            workflow_task_timeout: TASK_TIMEOUT.try_into().ok(),
            memo: Some(Memo { fields: memo.map(|(key, value)| (key.to_owned(), value)).into() }),
            search_attributes: options.search_attributes.then(|| search_attributes(about).into_proto()),
            user_metadata: Some(UserMetadata { summary, details: None }),
            ..NewWorkflowExecutionInfo::default()
        };
        Ok(ScheduleAction { action: Some(Action::StartWorkflow(info)) })
    }

    /// Reads what [`action`](Self::action) made.
    pub(super) async fn read(client: &Client, name: &str, action: &ScheduleAction) -> Result<Self, ScheduleError> {
        let info = started(action).ok_or_else(|| ScheduleError::Foreign(name.to_owned()))?;
        let input = decode(client, &info.workflow_id, info.input.clone()).await?;
        let about = decode(client, &info.workflow_id, memo(info, RunMemo::KEY)).await?;
        let options = decode(client, &info.workflow_id, memo(info, FrozenOptions::KEY)).await?;
        let foreign = |_| FetchError::Foreign(name.to_owned());
        let options: FrozenOptions = serde_json::from_value(options).map_err(foreign)?;
        // Temporal's own tools may change it.
        let queue = info.task_queue.clone().unwrap_or_default().name;
        Ok(Self {
            about: serde_json::from_value(about).map_err(foreign)?,
            input: serde_json::from_value(input).map_err(foreign)?,
            options: FrozenOptions { queue, ..options },
        })
    }
}

/// Returns a value of the memo that runs start with.
fn memo(info: &NewWorkflowExecutionInfo, key: &str) -> Option<Payloads> {
    let value = info.memo.as_ref().and_then(|memo| memo.fields.get(key)).cloned();
    Some(Payloads { payloads: value.into_iter().collect() })
}

/// Returns what is started, if that is a run.
pub(super) fn started(action: &ScheduleAction) -> Option<&NewWorkflowExecutionInfo> {
    let Some(Action::StartWorkflow(info)) = &action.action else { return None };
    info.workflow_type.as_ref().is_some_and(|kind| kind.name == RUN_TYPE).then_some(info)
}

async fn encode<T: TemporalSerializable + 'static>(client: &Client, value: &T) -> Result<Payload, ScheduleError> {
    client::encode(client, value).await.map_err(|error| StartError::engine(error).into())
}
