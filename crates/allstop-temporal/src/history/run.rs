//! A run: what was listed for it, which lanes it began, and how it ended.

use std::collections::{HashMap, HashSet};

use allstop::Timestamp;
use futures::TryStreamExt;
use temporalio_client::Client;
use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use super::loss::loss;
use crate::plans::{self, FetchError, started_at};
use crate::wire::{CameTo, LIST_TYPE, ListEnd, Listed, RunResult};

/// The type of the activity that ends a run.
const CONCLUDE_TYPE: &str = "allstop.conclude.v1";

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RunEnd {
    /// By itself.
    Ended(RunResult),
    /// Its workflow did not end by itself, so.
    Lost(String),
    /// It goes on.
    GoesOn,
}

/// What the history of a run tells.
#[derive(Debug)]
pub(super) struct RunTold {
    /// What a worker has listed for it.
    pub(super) listed: Option<Listed>,
    /// The first runs of the lanes' workflows, by the ids of those workflows.
    pub(super) lanes: HashMap<String, String>,
    pub(super) end: RunEnd,
    /// When it ended, where it did.
    pub(super) ended_at: Option<Timestamp>,
}

/// What an event tells.
enum Told {
    Nothing,
    ListEnd(Option<Payloads>),
    Result(Option<Payloads>),
    Lost(String),
}

/// Reads the history of a run.
///
/// # Errors
///
/// Fails when the engine cannot be asked, or the result cannot be decoded.
pub(super) async fn read(client: &Client, workflow: &str, run: &str) -> Result<RunTold, FetchError> {
    let mut told = RunTold { listed: None, lanes: HashMap::new(), end: RunEnd::GoesOn, ended_at: None };
    // The events that asked for a listing.
    let mut lists = HashSet::new();
    let mut events = plans::history(client, workflow, Some(run));
    while let Some(event) = events.try_next().await.map_err(|cause| plans::failed(workflow, cause))? {
        match told.take(event, &mut lists) {
            Told::Nothing => {}
            Told::ListEnd(end) => {
                if let CameTo::Listed(listed) = plans::decode_versioned::<ListEnd>(client, workflow, end).await?.came_to
                {
                    told.listed = Some(*listed);
                }
            }
            Told::Result(result) => told.end = RunEnd::Ended(plans::decode_versioned(client, workflow, result).await?),
            Told::Lost(how) => told.end = RunEnd::Lost(how),
        }
    }
    Ok(told)
}

impl RunTold {
    /// Takes the next event.
    fn take(&mut self, event: HistoryEvent, lists: &mut HashSet<i64>) -> Told {
        let (at, id) = (started_at(&event), event.event_id);
        let Some(attributes) = event.attributes else { return Told::Nothing };
        if let Some(how) = loss(&attributes) {
            self.ended_at = Some(at);
            return Told::Lost(how);
        }
        if let Attributes::ChildWorkflowExecutionStartedEventAttributes(began) = attributes {
            let lane = began.workflow_execution.unwrap_or_default();
            self.lanes.insert(lane.workflow_id, lane.run_id);
        } else if let Attributes::ActivityTaskScheduledEventAttributes(asked) = attributes {
            let kind = asked.activity_type.unwrap_or_default().name;
            if kind == LIST_TYPE {
                lists.insert(id);
            }
            // All lanes are over then; writing the report takes its time.
            if kind == CONCLUDE_TYPE {
                self.ended_at = Some(at);
            }
        } else if let Attributes::ActivityTaskCompletedEventAttributes(ended) = attributes {
            if lists.contains(&ended.scheduled_event_id) {
                return Told::ListEnd(ended.result);
            }
        } else if let Attributes::WorkflowExecutionCompletedEventAttributes(ended) = attributes {
            self.ended_at = self.ended_at.or(Some(at));
            return Told::Result(ended.result);
        }
        Told::Nothing
    }
}
