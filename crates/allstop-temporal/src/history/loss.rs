//! How a workflow ended that did not end by itself.

use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

/// Says how a workflow ended, where this is the event and it did not end by itself.
pub(super) fn loss(event: &Attributes) -> Option<String> {
    if let Attributes::WorkflowExecutionTerminatedEventAttributes(ended) = event {
        let by = if ended.identity.is_empty() { String::new() } else { format!(" by {}", ended.identity) };
        let why = if ended.reason.is_empty() { String::new() } else { format!(": {}", ended.reason) };
        return Some(format!("was terminated{by}{why}"));
    }
    if let Attributes::WorkflowExecutionFailedEventAttributes(ended) = event {
        let message = ended.failure.as_ref().map(|failure| failure.message.as_str()).unwrap_or_default();
        let why = if message.is_empty() { String::new() } else { format!(": {message}") };
        return Some(format!("failed{why}"));
    }
    if let Attributes::WorkflowExecutionTimedOutEventAttributes(_) = event {
        return Some("timed out".to_owned());
    }
    let Attributes::WorkflowExecutionCanceledEventAttributes(_) = event else { return None };
    Some("was cancelled".to_owned())
}
