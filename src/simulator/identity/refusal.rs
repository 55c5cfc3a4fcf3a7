//! What an operation objects to, and how the clouds write that.

use std::borrow::Cow;

use serde_json::json;

use super::super::response::{Problem, Response};
use super::operation::{Envelope, Operation};

/// What an operation objects to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The HTTP status.
    pub(super) status: u16,
    /// The code.
    pub(super) code: Cow<'static, str>,
    /// The message.
    pub(super) message: Cow<'static, str>,
}

impl Refusal {
    /// Builds a refusal.
    pub(super) fn new(status: u16, code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }

    /// Builds the refusal of a request that cannot be understood.
    pub(super) fn unreadable(operation: Operation) -> Self {
        match operation.envelope() {
            Envelope::Huawei => Self::new(400, "Bad Request", "The request body is invalid"),
            Envelope::Alibaba | Envelope::Oauth | Envelope::Plain => {
                Self::new(400, "InvalidParameter", "The request cannot be understood.")
            }
        }
    }

    /// Puts it into the envelope of its service.
    pub(super) fn write(&self, operation: Operation, request_id: &str) -> Response {
        let Self { status, code, message } = self;
        match operation.envelope() {
            Envelope::Plain => Response::new(*status, "text/plain", message.clone().into_owned()),
            Envelope::Oauth => {
                let body = json!({"error": code, "error_description": message, "requestId": request_id});
                Response::json(*status, &body)
            }
            Envelope::Alibaba => {
                let recommend = format!("https://api.aliyun.com/troubleshoot?q={code}");
                let body = json!({"RequestId": request_id, "HostId": "simulator", "Code": code, "Message": message, "Recommend": recommend});
                Response::json(*status, &body).with("x-acs-request-id", request_id)
            }
            Envelope::Huawei => {
                let body = if code.starts_with("PAP5.") {
                    // The real one tells, to whoever may decode it, what was asked.
                    let encoded = format!("ENCODED-{request_id}");
                    json!({"error_msg": message, "error_code": code, "request_id": request_id, "encoded_authorization_message": encoded})
                } else if code.starts_with("APIGW.") {
                    json!({"error_msg": message, "error_code": code, "request_id": request_id})
                } else {
                    json!({"error": {"code": status, "message": message, "title": code}})
                };
                Response::json(*status, &body).with("x-request-id", request_id).with("x-iam-trace-id", request_id)
            }
        }
    }
}

impl From<&Problem> for Refusal {
    fn from(problem: &Problem) -> Self {
        Self::new(problem.status, problem.code, problem.message.clone())
    }
}
