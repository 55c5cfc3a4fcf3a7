//! What the history of a lane tells, event by event.

use std::collections::HashMap;

use allstop::Timestamp;
use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use super::loss::loss;
use crate::plans::started_at;
use crate::wire::SESSION_TYPE;

/// What an event tells.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Told {
    /// Nothing that matters.
    Nothing,
    /// A session ended then with this result.
    Ended(Option<Payloads>, Timestamp),
    /// The lane ended with this result.
    Result(Option<Payloads>),
    /// The lane goes on as this run of its workflow.
    GoesOnAs(String),
    /// The workflow ended without a result, so.
    Lost(String),
}

/// A session that has not brought a result.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unsettled {
    /// The engine's id of it, in its run of the lane's workflow.
    pub(super) activity_id: String,
    pub(super) input: Option<Payloads>,
}

/// The sessions of one run of a lane's workflow.
#[derive(Debug, Default)]
pub(super) struct LaneWalk {
    /// Those that were asked for, by the number of the event.
    sessions: HashMap<i64, Unsettled>,
    /// The last one.
    last: Option<i64>,
}

impl LaneWalk {
    /// Takes the next event of the history.
    pub(super) fn take(&mut self, event: HistoryEvent) -> Told {
        let at = started_at(&event);
        let Some(attributes) = event.attributes else { return Told::Nothing };
        if let Some(lost) = loss(&attributes) {
            return Told::Lost(lost);
        }
        if let Attributes::ActivityTaskScheduledEventAttributes(asked) = attributes {
            if asked.activity_type.is_some_and(|kind| kind.name == SESSION_TYPE) {
                self.last = Some(event.event_id);
                let session = Unsettled { activity_id: asked.activity_id, input: asked.input };
                self.sessions.insert(event.event_id, session);
            }
        } else if let Attributes::ActivityTaskCompletedEventAttributes(ended) = attributes {
            if self.sessions.remove(&ended.scheduled_event_id).is_some() {
                return Told::Ended(ended.result, at);
            }
        } else if let Attributes::WorkflowExecutionCompletedEventAttributes(ended) = attributes {
            return Told::Result(ended.result);
        } else if let Attributes::WorkflowExecutionContinuedAsNewEventAttributes(on) = attributes {
            return Told::GoesOnAs(on.new_execution_run_id);
        }
        Told::Nothing
    }

    /// Returns the last session where it has not brought a result.
    pub(super) fn unsettled(mut self) -> Option<Unsettled> {
        self.sessions.remove(&self.last?)
    }
}
