//! What the Huawei Cloud services have in common.

use serde_json::json;

use super::super::response::{Problem, Response};
use super::call::Api;

/// Puts a problem into the envelope of the service, or of the gateway in front of it.
pub(super) fn refuse(problem: &Problem, request_id: &str) -> Response {
    let body = if problem.code.starts_with("APIGW.") {
        json!({"error_msg": problem.message, "error_code": problem.code, "request_id": request_id})
    } else {
        json!({"error_code": problem.code, "error_msg": problem.message})
    };
    Response::json(problem.status, &body).with("x-request-id", request_id)
}

/// Returns the gateway's response to a request over a quota, which names the limit.
pub(super) fn throttled(api: &Api) -> Problem {
    let (limit, time) = if api.rate < 2.0 { (api.rate * 60.0, "minute") } else { (api.rate, "second") };
    let limit = format!("policy user over ratelimit,limit:{limit:.0},time:1 {time}");
    Problem::new(429, "APIGW.0308", format!("The throttling threshold has been reached: {limit}"))
}

/// Returns the gateway's response to a path that no API has.
pub(super) fn no_such_api() -> Problem {
    Problem::new(404, "APIGW.0101", "The API does not exist or has not been published in the environment")
}

/// The gateway's response when it cannot reach its own parts.
pub(super) const INTERNAL: Problem = Problem::fixed(500, "APIGW.0601", "Internal server error");

/// The gateway's response to a caller without the permission.
pub(super) const DENIED: Problem =
    Problem::fixed(403, "APIGW.0302", "The IAM user is not authorized to access the API");
