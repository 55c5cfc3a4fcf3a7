//! What the Alibaba Cloud services have in common.

use serde_json::json;

use super::super::answer::{Answer, Problem};

/// Puts a problem into the envelope of the gateway, or of OpenSearch itself, whose own codes look like `instance.NotFound`.
pub(super) fn refuse(problem: &Problem, request_id: &str) -> Answer {
    let (code, message) = (problem.code, &problem.message);
    let body = if code.starts_with(|first: char| first.is_ascii_lowercase()) {
        json!({"requestId": request_id, "code": code, "message": message})
    } else {
        json!({"RequestId": request_id, "HostId": "simulator", "Code": code, "Message": message})
    };
    Answer::json(problem.status, &body).with("x-acs-request-id", request_id)
}
