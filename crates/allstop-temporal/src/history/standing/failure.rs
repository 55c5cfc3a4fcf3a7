//! What a failure says.

use temporalio_client::Client;
use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::failure::v1::Failure;

use crate::plans::{self, FetchError};

/// Returns what a failure says.
///
/// # Errors
///
/// Fails when it is encrypted with a key that is not here.
pub(super) async fn failure(client: &Client, workflow: &str, failure: &Failure) -> Result<String, FetchError> {
    // With a payload key, the message is encrypted apart from the failure.
    let Some(attributes) = failure.encoded_attributes.clone() else { return Ok(failure.message.clone()) };
    let attributes: serde_json::Value =
        plans::decode(client, workflow, Some(Payloads { payloads: vec![attributes] })).await?;
    let message = attributes.get("message").and_then(serde_json::Value::as_str);
    Ok(message.unwrap_or(&failure.message).to_owned())
}
