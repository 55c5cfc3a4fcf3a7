//! What a failure says, and why workers fail to carry a workflow out.

use temporalio_client::Client;
use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::enums::v1::TimeoutType;
use temporalio_common::protos::temporal::api::failure::v1::Failure;
use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;

use super::latest::last_failure;
use crate::history::execution::Execution;
use crate::plans::{self, FetchError};

/// What is said of a session that the engine has not heard of for a heartbeat timeout.
const LOST: &str = "its worker sent no heartbeat in time";

/// Returns what a failure says.
///
/// # Errors
///
/// Fails when it is encrypted with a key that is not here.
pub(super) async fn failure(client: &Client, workflow: &str, failure: &Failure) -> Result<String, FetchError> {
    if let Some(FailureInfo::TimeoutFailureInfo(timeout)) = &failure.failure_info
        && timeout.timeout_type() == TimeoutType::Heartbeat
    {
        return Ok(LOST.to_owned());
    }
    // With a payload key, the message is encrypted apart from the failure.
    let Some(attributes) = failure.encoded_attributes.clone() else { return Ok(failure.message.clone()) };
    let attributes: serde_json::Value =
        plans::decode(client, workflow, Some(Payloads { payloads: vec![attributes] })).await?;
    let message = attributes.get("message").and_then(serde_json::Value::as_str);
    Ok(message.unwrap_or(&failure.message).to_owned())
}

/// Returns the attempt to carry a workflow out that workers fail at, and why they do, where the engine knows that.
///
/// # Errors
///
/// Fails when the engine cannot be asked, or when the reason is encrypted with a key that is not here.
pub(super) async fn failing(client: &Client, now: &Execution) -> Result<(Option<u32>, Option<String>), FetchError> {
    let Some(attempt) = now.failing_attempt() else { return Ok((None, None)) };
    let reason = match last_failure(client, &now.workflow_id, &now.run_id).await? {
        Some(last) => Some(failure(client, &now.workflow_id, &last).await?).filter(|reason| !reason.is_empty()),
        None => None,
    };
    Ok((Some(attempt), reason))
}
