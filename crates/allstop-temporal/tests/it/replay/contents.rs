//! What the recorded histories have in them, so that no later recording loses it.

use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_common::protos::temporal::api::failure::v1::{Failure, TimeoutFailureInfo};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{History, WorkflowExecutionStartedEventAttributes};

/// Tells whether a history has something.
pub(super) type Has = fn(&History) -> bool;

/// What is in at least one history.
pub(super) const CONTENTS: [(&str, Has); 18] = [
    ("a run of several lanes", |history| {
        let begins =
            |of: &&Attributes| matches!(of, Attributes::StartChildWorkflowExecutionInitiatedEventAttributes(_));
        all(history).filter(begins).count() > 1
    }),
    ("a run whose targets a worker lists", |history| {
        any(history, |of| {
            let Attributes::ActivityTaskScheduledEventAttributes(asked) = of else { return false };
            asked.activity_type.as_ref().is_some_and(|kind| kind.name == "allstop.list.v1")
        })
    }),
    ("a run that is cancelled", |history| {
        any(history, |of| matches!(of, Attributes::WorkflowExecutionCancelRequestedEventAttributes(_)))
    }),
    ("a session that another worker takes up", |history| {
        any(history, |of| {
            let Attributes::ActivityTaskStartedEventAttributes(begun) = of else { return false };
            begun.attempt > 1 && timeout(begun.last_failure.as_ref()).is_some()
        })
    }),
    ("a session that its lane cancels after a look at it", |history| {
        let is_look = |of: &Attributes| {
            let Attributes::MarkerRecordedEventAttributes(marker) = of else { return false };
            let mut data = marker.details.values().flat_map(|details| &details.payloads);
            data.any(|payload| String::from_utf8_lossy(&payload.data).contains("allstop.look.v1"))
        };
        let is_cancelled = |of: &Attributes| matches!(of, Attributes::ActivityTaskCancelRequestedEventAttributes(_));
        all(history).skip_while(|of| !is_look(of)).any(is_cancelled)
    }),
    ("a session that is lost with what it had told", |history| {
        any(history, |of| {
            let Attributes::ActivityTaskTimedOutEventAttributes(lost) = of else { return false };
            timeout(lost.failure.as_ref()).is_some_and(|timeout| timeout.last_heartbeat_details.is_some())
        })
    }),
    ("a lane that goes on as a new workflow", |history| goes_on_as_new(history, LANE)),
    ("a quota that goes on as a new workflow", |history| goes_on_as_new(history, QUOTA)),
    ("a lane that is such a new workflow", |history| is_continued(history, LANE)),
    ("a quota that is such a new workflow", |history| is_continued(history, QUOTA)),
    ("a run that hears of a lane's failures", |history| is_told(history, RUN, "used")),
    ("a run that is asked for a share of them", |history| is_told(history, RUN, "ask")),
    ("a lane that gets a share of them", |history| is_told(history, LANE, "share")),
    ("a lane that is granted the quota", |history| is_told(history, LANE, "granted")),
    ("a lane that others wait for", |history| is_told(history, LANE, "make_way")),
    ("a lane that loses the quota", |history| is_told(history, LANE, "taken")),
    ("a lane whose account is closed", |history| is_told(history, LANE, "close")),
    ("a lane whose run ends", |history| is_told(history, LANE, "end")),
];

const RUN: &str = "allstop.run.v1";
const LANE: &str = "allstop.lane.v1";
const QUOTA: &str = "allstop.quota.v1";

fn all(history: &History) -> impl Iterator<Item = &Attributes> {
    history.events.iter().filter_map(|event| event.attributes.as_ref())
}

fn any(history: &History, is: impl FnMut(&Attributes) -> bool) -> bool {
    all(history).any(is)
}

/// Returns the timeout that a failure is, if it is one.
fn timeout(failure: Option<&Failure>) -> Option<&TimeoutFailureInfo> {
    let FailureInfo::TimeoutFailureInfo(timeout) = failure?.failure_info.as_ref()? else { return None };
    Some(timeout)
}

/// Returns how the history begins.
fn started(history: &History) -> &WorkflowExecutionStartedEventAttributes {
    match all(history).next() {
        Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) => started,
        other => panic!("{other:?}"),
    }
}

fn is_of(history: &History, kind: &str) -> bool {
    started(history).workflow_type.as_ref().is_some_and(|of| of.name == kind)
}

fn goes_on_as_new(history: &History, kind: &str) -> bool {
    let goes_on = |of: &Attributes| matches!(of, Attributes::WorkflowExecutionContinuedAsNewEventAttributes(_));
    is_of(history, kind) && any(history, goes_on)
}

fn is_continued(history: &History, kind: &str) -> bool {
    is_of(history, kind) && before(history).is_some()
}

fn is_told(history: &History, kind: &str, signal: &str) -> bool {
    let is_told = |of: &Attributes| {
        let Attributes::WorkflowExecutionSignaledEventAttributes(told) = of else { return false };
        told.signal_name == signal
    };
    is_of(history, kind) && any(history, is_told)
}

/// Returns the engine's id of the run of the workflow that went on as this one; `None` where it began as this one.
pub(super) fn before(history: &History) -> Option<&str> {
    Some(&*started(history).continued_execution_run_id).filter(|before| !before.is_empty())
}

/// Replaces the input.
pub(super) fn begin_with(history: &mut History, input: &[u8]) {
    let first = history.events.first_mut().and_then(|event| event.attributes.as_mut());
    let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) = first else { panic!("{first:?}") };
    started.input.as_mut().unwrap().payloads[0].data = input.to_vec();
}
