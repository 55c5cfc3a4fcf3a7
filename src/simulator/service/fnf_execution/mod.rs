//! Serverless Workflow (CloudFlow), API version 2019-03-15: RPC calls on `/`.

mod executions;
mod flows;
mod parameters;
mod schedules;

use http::Method;
use serde_json::Value;

use super::super::request::Request;
use super::super::response::Problem;
use super::auth::{Auth, Refusals};
use super::call::{Action, Api, Call, required};
use super::meaning::Meaning;
use super::model::{ModelInfo, ServiceModel, TagsOf, Times};
use super::quirks::Quirks;
use super::times;
use super::view::{Field, Name, View};
use crate::provider::Cloud;
use parameters::{INVALID, MISSING};

static STOP: Api = Api { name: "fnf:StopExecution", rate: 2.0, burst: 10.0 };
static DESCRIBE: Api = Api { name: "fnf:DescribeExecution", rate: 5.0, burst: 50.0 };

/// The service.
pub(super) static MODEL: &dyn ServiceModel = &FnfExecution;

struct FnfExecution;

static REFUSALS: Refusals = Refusals {
    unknown_key: Problem::fixed(403, "InvalidAccessKeyID", "The AccessKey ID is unknown."),
    mismatch: Problem::fixed(403, "SignatureNotMatch", "The request signature does not match."),
    skewed: Problem::fixed(
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
    ),
    token: Problem::fixed(403, "InvalidSecurityToken", "The security token is wrong, missing or not due."),
    expired: Problem::fixed(403, "InvalidAccessKeyID", "The security token has expired."),
};

pub(super) static INFO: ModelInfo = ModelInfo {
    kind: "fnf_execution",
    cloud: Cloud::Alibaba,
    scope: Some("flow_name"),
    name: "execution_name",
    paths: &["/"],
    version: "2019-03-15",
    auth: Auth::Rpc(&REFUSALS),
    late: 0.5,
    is_asynchronous: true,
    words: ["Running", "Running", "Stopped", "Succeeded"],
    fields: &[],
    around: &[Field::with("mode", "standard"), Field::bare("resource_group"), Field::bare("schedule")],
    tags: TagsOf::Nothing,
    meaning: Meaning {
        running: &["Running", "Starting"],
        stopping: &[],
        ended: &["Failed", "Stopped", "Succeeded", "TimedOut"],
        folds: false,
    },
    times: Times::Exact,
    usual_start: Some("2026-01-01T00:00:00.000Z"),
    moment: times::rfc3339,
    no_scope: Some(Problem::fixed(404, "FlowNotExists", "Flow does not exist.")),
    already: Some(Problem::fixed(400, "ExecutionAlreadyCompleted", "Execution for flow has already completed.")),
    missing: Problem::fixed(404, "ExecutionNotExists", "Execution does not exist."),
    conflict: Some(Problem::fixed(409, "ConcurrentUpdateError", "Update conflict, please retry.")),
    broken: Problem::fixed(500, "InternalServerError", "An internal error has occurred. Please retry."),
    denied: Problem::fixed(403, "NoPermission", "You are not authorized to do this action. You should be authorized by RAM."),
    throttled: |_| Problem::new(429, "ResourceThrottled", "The request is throttled. Please try again later."),
};

impl ServiceModel for FnfExecution {
    fn call<'r>(&self, request: &'r Request, quirks: &'r Quirks) -> Result<Call<'r>, Problem> {
        let header =
            |name, parameter| request.header(name).or_else(|| request.parameter(parameter)).unwrap_or_default();
        // RPC V1 names the action in a parameter, ACS3 in a header; a client may send both, alike.
        let (action, version) = match request.parameter("Action") {
            Some(action) => (action, request.parameter("Version").unwrap_or_default()),
            None => (header("x-acs-action", "Action"), header("x-acs-version", "Version")),
        };
        if version != "2019-03-15" {
            return Err(Problem::new(400, "APIVersionNotSupported", "The requested API version is not supported."));
        }
        let is_get = request.method == Method::GET;
        let may_write = is_get || request.method == Method::POST;
        let execution = || {
            let flow = required(request, "FlowName", MISSING)?;
            Ok(Name { scope: flow, name: required(request, "ExecutionName", MISSING)? })
        };
        match action {
            "StopExecution" if may_write => {
                for (name, most) in [("Cause", 4096), ("Error", 128)] {
                    if request.parameter(name).is_some_and(|text| !(1..=most).contains(&text.chars().count())) {
                        return Err(Problem::new(400, INVALID, format!("The length of {name} is invalid.")));
                    }
                }
                let cause = request.parameter("Cause").map(str::to_owned);
                Ok(Call { api: &STOP, action: Action::Stop(execution()?, cause) })
            }
            "DescribeExecution" if is_get => Ok(Call { api: &DESCRIBE, action: Action::Show(execution()?) }),
            "ListExecutions" if is_get => executions::call(request, quirks),
            "ListFlows" if is_get => flows::call(request),
            "ListSchedules" if is_get => schedules::call(request),
            _ => Err(Problem::new(400, "ActionNotSupported", "The requested API operation is not supported.")),
        }
    }

    fn stopped(&self, of: &View<'_>, request_id: &str) -> Value {
        self.shown(of, request_id)
    }

    fn shown(&self, of: &View<'_>, request_id: &str) -> Value {
        let mut shown = executions::item(of);
        if let Some(fields) = shown.as_object_mut() {
            fields.insert("RequestId".into(), request_id.into());
        }
        shown
    }
}
