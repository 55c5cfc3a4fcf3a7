//! What the Alibaba Cloud services have in common.

use serde_json::json;

use super::super::response::{Problem, Response};
use super::auth::Refusals;
use super::call::Api;

/// How the gateway refuses what is wrong with a signature.
pub(in crate::simulator) static REFUSALS: Refusals = Refusals {
    unknown_key: Problem::fixed(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."),
    mismatch: Problem::fixed(400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation."),
    skewed: Problem::fixed(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."),
    token: Problem::fixed(403, "InvalidSecurityToken.Malformed", "The security token is wrong, missing or not due."),
    expired: Problem::fixed(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."),
};

/// Puts a problem into the envelope of the gateway, or of OpenSearch itself, whose own codes look like `instance.NotFound`.
pub(super) fn refuse(problem: &Problem, request_id: &str) -> Response {
    let (code, message) = (problem.code, &problem.message);
    let body = if code.starts_with(|first: char| first.is_ascii_lowercase()) {
        json!({"requestId": request_id, "code": code, "message": message})
    } else {
        json!({"RequestId": request_id, "HostId": "simulator", "Code": code, "Message": message})
    };
    Response::json(problem.status, &body).with("x-acs-request-id", request_id)
}

/// Returns the gateway's response to a path that no API has.
pub(super) fn no_such_api() -> Problem {
    Problem::new(404, "InvalidAction.NotFound", "Specified api is not found.")
}

/// The gateway's response to a caller without the permission.
pub(super) const DENIED: Problem = Problem::fixed(
    403,
    "Forbidden.RAM",
    "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
);

/// Returns the gateway's response to a request over a quota.
pub(super) fn throttled(_: &Api) -> Problem {
    Problem::new(400, "Throttling.User", "Request was denied due to user flow control.")
}
