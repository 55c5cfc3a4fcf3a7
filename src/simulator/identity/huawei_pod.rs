//! The credentials of a CCE pod.

use serde_json::json;

use super::super::response::Response;
use super::form;
use super::holder::Holder;
use super::invocation::Invocation;
use super::issuer::{Issuer, Order};
use super::refusal::Refusal;
use crate::provider::Cloud;

/// Hands out keys for the token of a service account.
pub(super) fn keys(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let sent = call.request.header("authorization");
    let pod = issuer.world.pod.as_ref().filter(|pod| sent == Some(&pod.token));
    let wrong = || Refusal::new(401, "Unauthorized", "The token of the service account is not valid");
    let account = pod.map(|pod| pod.account.clone()).ok_or_else(wrong)?;
    let keys =
        issuer.issue(call, Order { holder: Holder::session(Cloud::Huawei, &account, "pod", "pod"), asked: None });
    let body = json!({
        "accessKeyId": keys.id,
        "secretAccessKey": keys.secret,
        "securityToken": keys.security_token,
        "expiration": form::microseconds(keys.expires_at),
    });
    Ok(Response::json(200, &json!({"credentials": body})).with("x-request-id", call.request_id))
}
