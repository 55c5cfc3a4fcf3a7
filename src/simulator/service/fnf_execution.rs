//! Serverless Workflow (CloudFlow), API version 2019-03-15: RPC calls on `/`.

use http::Method;
use serde_json::{Value, json};

use super::super::phase::Phase;
use super::super::request::Request;
use super::super::response::Problem;
use super::auth::{Auth, Refusals};
use super::call::{Action, Api, Call, Listing, Members, Name, Page, required};
use super::model::{ModelInfo, ServiceModel};
use crate::provider::Cloud;

static STOP: Api = Api { name: "fnf:StopExecution", rate: 2.0, burst: 10.0 };
static DESCRIBE: Api = Api { name: "fnf:DescribeExecution", rate: 5.0, burst: 50.0 };
static EXECUTIONS: Api = Api { name: "fnf:ListExecutions", rate: 2.0, burst: 10.0 };
static FLOWS: Api = Api { name: "fnf:ListFlows", rate: 2.0, burst: 10.0 };

const MISSING_PARAMETER: &str = "MissingRequiredParams";

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
    already: Some(Problem::fixed(400, "ExecutionAlreadyCompleted", "Execution for flow has already completed.")),
    missing: Problem::fixed(404, "ExecutionNotExists", "Execution does not exist."),
    conflict: Some(Problem::fixed(409, "ConcurrentUpdateError", "Update conflict, please retry.")),
    broken: Problem::fixed(500, "InternalServerError", "An internal error has occurred. Please retry."),
    denied: Problem::fixed(403, "NoPermission", "You are not authorized to do this action. You should be authorized by RAM."),
    throttled: |_| Problem::new(429, "ResourceThrottled", "The request is throttled. Please try again later."),
};

impl ServiceModel for FnfExecution {
    fn call<'r>(&self, request: &'r Request) -> Result<Call<'r>, Problem> {
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
            let flow = required(request, "FlowName", MISSING_PARAMETER)?;
            Ok(Name { scope: flow, name: required(request, "ExecutionName", MISSING_PARAMETER)? })
        };
        let list = |flow, of| Action::List(listing(request, flow, of));
        match action {
            "StopExecution" if may_write => {
                for (name, most) in [("Cause", 4096), ("Error", 128)] {
                    if request.parameter(name).is_some_and(|text| !(1..=most).contains(&text.chars().count())) {
                        return Err(Problem::new(400, "InvalidArgument", format!("The length of {name} is invalid.")));
                    }
                }
                let cause = request.parameter("Cause").map(str::to_owned);
                Ok(Call { api: &STOP, action: Action::Stop(execution()?, cause) })
            }
            "DescribeExecution" if is_get => Ok(Call { api: &DESCRIBE, action: Action::Show(execution()?) }),
            "ListExecutions" if is_get => {
                let flow = required(request, "FlowName", MISSING_PARAMETER)?;
                let status = request.parameter("Status").map(str::to_owned);
                Ok(Call { api: &EXECUTIONS, action: list(flow, Members::Cursor(status)) })
            }
            "ListFlows" if is_get => Ok(Call { api: &FLOWS, action: list("", Members::Scopes) }),
            _ => Err(Problem::new(400, "ActionNotSupported", "The requested API operation is not supported.")),
        }
    }

    fn stopped(&self, of: Name<'_>, phase: Phase, request_id: &str) -> Value {
        self.shown(of, phase, request_id)
    }

    fn shown(&self, of: Name<'_>, phase: Phase, request_id: &str) -> Value {
        let mut shown = self.item(of, phase);
        if let Some(fields) = shown.as_object_mut() {
            fields.insert("RequestId".into(), request_id.into());
            fields.insert("Input".into(), "{}".into());
            fields.insert("Output".into(), "".into());
        }
        shown
    }

    fn item(&self, of: Name<'_>, phase: Phase) -> Value {
        json!({
            "FlowName": of.scope,
            "Name": of.name,
            "Status": INFO.word(phase),
            "StartedTime": "2026-01-01T00:00:00.000Z",
        })
    }

    fn scope(&self, name: &str) -> Value {
        json!({"Name": name, "Id": name, "ExecutionMode": "Standard"})
    }

    fn page(&self, of: &Members, page: Page, request_id: &str) -> Value {
        let name = match of {
            Members::Scopes => "Flows",
            Members::All(_) | Members::Cursor(_) | Members::Half(_) | Members::Named(_) | Members::Each(_) => {
                "Executions"
            }
        };
        match page.next {
            Some(next) => json!({"RequestId": request_id, name: page.items, "NextToken": next.to_string()}),
            None => json!({"RequestId": request_id, name: page.items}),
        }
    }
}

fn listing<'r>(request: &'r Request, scope: &'r str, of: Members) -> Listing<'r> {
    let most = match of {
        Members::Scopes => 999,
        Members::All(_) | Members::Cursor(_) | Members::Half(_) | Members::Named(_) | Members::Each(_) => 99,
    };
    Listing { scope, of, from: request.number("NextToken", 0), limit: request.number("Limit", 60).clamp(1, most) }
}
