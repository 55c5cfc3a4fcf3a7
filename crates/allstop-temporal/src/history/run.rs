//! A run: which lanes it began, and how it ended.

use std::collections::HashMap;

use allstop::Timestamp;
use futures::TryStreamExt;
use temporalio_client::Client;
use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use super::loss::loss;
use crate::plans::{self, FetchError, started_at};
use crate::wire::RunResult;

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
    /// The first runs of the lanes' workflows, by the ids of those workflows.
    pub(super) lanes: HashMap<String, String>,
    pub(super) end: RunEnd,
    /// When it ended, where it did.
    pub(super) ended_at: Option<Timestamp>,
}

/// What an event tells.
enum Told {
    Nothing,
    Result(Option<Payloads>),
    Lost(String),
}

/// Reads the history of a run.
///
/// # Errors
///
/// Fails when the engine cannot be asked, or the result cannot be decoded.
pub(super) async fn read(client: &Client, workflow: &str, run: &str) -> Result<RunTold, FetchError> {
    let mut told = RunTold { lanes: HashMap::new(), end: RunEnd::GoesOn, ended_at: None };
    let mut events = plans::history(client, workflow, Some(run));
    while let Some(event) = events.try_next().await.map_err(|cause| plans::failed(workflow, cause))? {
        match told.take(event) {
            Told::Nothing => {}
            Told::Result(result) => told.end = RunEnd::Ended(plans::decode_versioned(client, workflow, result).await?),
            Told::Lost(how) => told.end = RunEnd::Lost(how),
        }
    }
    Ok(told)
}

impl RunTold {
    /// Takes the next event.
    fn take(&mut self, event: HistoryEvent) -> Told {
        let at = started_at(&event);
        let Some(attributes) = event.attributes else { return Told::Nothing };
        if let Some(how) = loss(&attributes) {
            self.ended_at = Some(at);
            return Told::Lost(how);
        }
        if let Attributes::ChildWorkflowExecutionStartedEventAttributes(began) = attributes {
            let lane = began.workflow_execution.unwrap_or_default();
            self.lanes.insert(lane.workflow_id, lane.run_id);
        } else if let Attributes::ActivityTaskScheduledEventAttributes(asked) = attributes {
            // All lanes are over then; writing the report takes its time.
            if asked.activity_type.is_some_and(|kind| kind.name == CONCLUDE_TYPE) {
                self.ended_at = Some(at);
            }
        } else if let Attributes::WorkflowExecutionCompletedEventAttributes(ended) = attributes {
            self.ended_at = self.ended_at.or(Some(at));
            return Told::Result(ended.result);
        }
        Told::Nothing
    }
}
