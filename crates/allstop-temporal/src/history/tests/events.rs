//! Histories, event by event.

use std::collections::HashMap;

use serde::Serialize;
use temporalio_common::protos::temporal::api::common::v1::{ActivityType, Payload, Payloads, WorkflowExecution};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{
    ActivityTaskCompletedEventAttributes, ActivityTaskScheduledEventAttributes,
    ChildWorkflowExecutionStartedEventAttributes, HistoryEvent, MarkerRecordedEventAttributes,
    WorkflowExecutionCompletedEventAttributes, WorkflowExecutionContinuedAsNewEventAttributes,
    WorkflowExecutionStartedEventAttributes, WorkflowExecutionTerminatedEventAttributes,
};

use super::world::START;

/// A history on its way.
#[derive(Debug, Default)]
pub(super) struct Events(Vec<HistoryEvent>);

impl Events {
    /// Begins with an input.
    pub(super) fn started(input: &impl Serialize) -> Self {
        let started = WorkflowExecutionStartedEventAttributes { input: json(input), ..Default::default() };
        Self::default().and(Attributes::WorkflowExecutionStartedEventAttributes(started))
    }

    /// Takes a history that began as this run of its workflow, and went on from another one.
    pub(super) fn of(mut self, run: &str, from: &str) -> Self {
        for event in &mut self.0 {
            if let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) = &mut event.attributes {
                run.clone_into(&mut started.original_execution_run_id);
                from.clone_into(&mut started.continued_execution_run_id);
            }
        }
        self
    }

    /// Adds an event; each is a second after the one before it.
    pub(super) fn and(mut self, attributes: Attributes) -> Self {
        self.push(Some(attributes));
        self
    }

    fn push(&mut self, attributes: Option<Attributes>) -> i64 {
        let event_id = self.0.len() as i64 + 1;
        let mut event = HistoryEvent { event_id, attributes, ..Default::default() };
        event.event_time.get_or_insert_default().seconds = START + event_id - 1;
        self.0.push(event);
        event_id
    }

    /// Adds an event of a type that is not known here.
    pub(super) fn unknown(mut self) -> Self {
        self.push(None);
        self.and(Attributes::MarkerRecordedEventAttributes(MarkerRecordedEventAttributes::default()))
    }

    /// Asks for an activity.
    pub(super) fn asked(self, kind: &str, activity_id: &str, input: &impl Serialize) -> Self {
        self.and(Attributes::ActivityTaskScheduledEventAttributes(ActivityTaskScheduledEventAttributes {
            activity_id: activity_id.to_owned(),
            activity_type: Some(ActivityType { name: kind.to_owned() }),
            input: json(input),
            ..Default::default()
        }))
    }

    /// Ends the activity that was asked for so many events before.
    pub(super) fn ended(self, before: i64, result: &impl Serialize) -> Self {
        let scheduled_event_id = self.0.len() as i64 + 1 - before;
        let result = json(result);
        self.and(Attributes::ActivityTaskCompletedEventAttributes(ActivityTaskCompletedEventAttributes {
            result,
            scheduled_event_id,
            ..Default::default()
        }))
    }

    /// Starts a child.
    pub(super) fn began(self, workflow: &str, run: &str) -> Self {
        let execution = WorkflowExecution { workflow_id: workflow.to_owned(), run_id: run.to_owned() };
        self.and(Attributes::ChildWorkflowExecutionStartedEventAttributes(
            ChildWorkflowExecutionStartedEventAttributes { workflow_execution: Some(execution), ..Default::default() },
        ))
    }

    pub(super) fn continued(self, run: &str) -> Vec<HistoryEvent> {
        let on = WorkflowExecutionContinuedAsNewEventAttributes {
            new_execution_run_id: run.to_owned(),
            ..Default::default()
        };
        self.and(Attributes::WorkflowExecutionContinuedAsNewEventAttributes(on)).so_far()
    }

    pub(super) fn terminated(self) -> Vec<HistoryEvent> {
        let ended = WorkflowExecutionTerminatedEventAttributes {
            reason: "by mistake".to_owned(),
            identity: "ann".to_owned(),
            ..Default::default()
        };
        self.and(Attributes::WorkflowExecutionTerminatedEventAttributes(ended)).so_far()
    }

    pub(super) fn result(self, result: &impl Serialize) -> Vec<HistoryEvent> {
        let ended = WorkflowExecutionCompletedEventAttributes { result: json(result), ..Default::default() };
        self.and(Attributes::WorkflowExecutionCompletedEventAttributes(ended)).so_far()
    }

    pub(super) fn so_far(self) -> Vec<HistoryEvent> {
        self.0
    }
}

/// Returns a payload as JSON.
pub(super) fn json(value: &impl Serialize) -> Option<Payloads> {
    let metadata = HashMap::from([("encoding".to_owned(), b"json/plain".to_vec())]);
    let payload = Payload { metadata, data: serde_json::to_vec(value).unwrap(), ..Default::default() };
    Some(Payloads { payloads: vec![payload] })
}
