//! Executions of Alibaba Cloud CloudFlow (fnf): `StopExecution`, read back with `DescribeExecution`.
//!
//! The stop is asynchronous: the documented sample of a success still says `Running`. There is no idempotency
//! token, but a second stop answers `ExecutionAlreadyCompleted`, so trying again is safe. Follows the vendor's
//! pages "StopExecution", "DescribeExecution" and "Limits" (token buckets of 10 filled at 2/s, and 50 at 5/s).

use crate::error::{Code};
use http::Method;

use super::response::{self, Claim};
use super::{ServiceInfo, Meaning, Operation, Param, Params, Scope, Shape, Observation, State, Verdict};
use crate::base::rate::Rate;
use crate::provider::{Cloud, Object};
use crate::http::{Api, Body, Quota, Response, Request, SHORT_RESPONSE, ApiStyle};

pub(super) struct Service;

static STOP: Api = api("StopExecution", Quota { rate: Rate::per_second(2), burst: 10 });
static DESCRIBE: Api = api("DescribeExecution", Quota { rate: Rate::per_second(5), burst: 50 });
static READS: [&Api; 1] = [&DESCRIBE];

const fn api(action: &'static str, quota: Quota) -> Api {
    Api { product: "fnf", action, version: "2019-03-15", style: ApiStyle::Rpc, quota: Some(quota), batch: 1, max_response_bytes: SHORT_RESPONSE, keeps_connections: true }
}

const FLOW_NAME: usize = 0;
const EXECUTION_NAME: usize = 1;
const CAUSE: usize = 2;
const ERROR: usize = 3;

static PARAMS: [Param; 4] = [
    Param {
        name: "flow_name",
        about: "the flow's name",
        example: super::Value::Text("order-import"),
        shape: text(128),
        identifying: true,
    },
    Param {
        name: "execution_name",
        about: "the execution's name",
        example: super::Value::Text("run-20261122"),
        shape: text(128),
        identifying: true,
    },
    Param {
        name: "cause",
        about: "why it is stopped, for the execution's history; names the run where it is left out",
        example: super::Value::Text("incident 4711"),
        shape: text(4096),
        identifying: false,
    },
    Param {
        name: "error",
        about: "an error code for the execution's history",
        example: super::Value::Text("Interrupted"),
        shape: text(128),
        identifying: false,
    },
];

const fn text(max_chars: usize) -> Shape {
    Shape::Text { max_chars, ascii: false }
}

static FACTS: ServiceInfo = ServiceInfo {
    name: "fnf_execution",
    title: "Alibaba Cloud CloudFlow execution",
    cloud: Cloud::Alibaba,
    params: &PARAMS,
    stop_api: &STOP,
    read_apis: &READS,
    lasting: None,
    permission: "the RAM user needs fnf:StopExecution, and fnf:DescribeExecution to read the state back, on \
        acs:fnf:<region>:<account>:flow/<flow>",
    read_permission: "the RAM user needs fnf:DescribeExecution on acs:fnf:<region>:<account>:flow/<flow>",
    codes: &CODES,
};

static CODES: [Code; 13] = [
    Code::new(400, "ExecutionAlreadyCompleted", "the execution has ended already"),
    Code::new(404, "ExecutionNotExists", "the flow has no such execution")
        .advice("check execution_name and the account's region; executions are listed under their flow"),
    Code::new(404, "FlowNotExists", "the account has no such flow in the region")
        .advice("check flow_name, which is case-sensitive, and the account's region"),
    Code::new(409, "ConcurrentUpdateError", "another request changes the execution at the same time"),
    Code::new(429, "ResourceThrottled", "the account's bucket of 10 stops, filled at 2 a second, is empty"),
    Code::new(403, "InvalidAccessKeyID", "no such access key id is known there"),
    Code::new(403, "SignatureNotMatch", "the signature was made with another secret"),
    Code::new(403, "RequestTimeTooSkewed", "the request's date is more than 15 minutes off"),
    Code::new(400, "InvalidArgument", "a parameter has a value that is not allowed")
        .advice("check flow_name and execution_name: letters, digits, _ and -, up to 128, no digit first"),
    Code::new(400, "EntityTooLarge", "the request is too large").advice("shorten cause"),
    Code::new(400, "MissingRequiredParams", "a parameter that must be there is missing"),
    Code::new(400, "ActionNotSupported", "this endpoint does not serve the action")
        .advice("check the account's region and endpoints: this one does not serve CloudFlow"),
    Code::new(400, "APIVersionNotSupported", "this endpoint does not serve that version of the API")
        .advice("check the account's region and endpoints: this one does not serve CloudFlow"),
];

impl Operation for Service {
    fn info(&self) -> &'static ServiceInfo {
        &FACTS
    }

    fn stop(&self, params: &Params, scope: &Scope<'_>) -> Request {
        let mut form = names(params);
        let optional =
            [("Cause", params.text(CAUSE).unwrap_or(scope.cause)), ("Error", params.text(ERROR).unwrap_or(""))];
        form.extend(
            optional.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| (key, text.to_owned())),
        );
        Request { api: &STOP, method: Method::POST, path: "/".into(), query: Vec::new(), body: Body::Form(form) }
    }

    fn verdict(&self, params: &Params, response: &Response) -> Verdict {
        match response::of(&FACTS, response, claim, &identity(params)) {
            Ok(success) => match success.word("Status").map(state) {
                Some(State::Stopped(word)) => success.verdict(Meaning::Stopped).with_state(word),
                Some(State::Ended(word)) => success.verdict(Meaning::Ended).with_state(word),
                Some(State::Running(word)) => success.verdict(Meaning::Accepted).with_state(word),
                Some(State::Stopping(_) | State::Either(_) | State::Unclear(_) | State::Absent) | None => {
                    success.unproven("a success without a known Status")
                }
            },
            Err(refusal) => match refusal.code() {
                "ExecutionAlreadyCompleted" => refusal.verdict(Meaning::AlreadyStopped),
                code if is_unknown(code) => refusal.verdict(Meaning::NotFound),
                _ => refusal.failed(),
            },
        }
    }

    fn read(&self, _stage: usize, batch: &[&Params], _scope: &Scope<'_>) -> Request {
        let query = batch.first().map(|params| names(params)).unwrap_or_default();
        Request { api: &DESCRIBE, method: Method::GET, path: "/".into(), query, body: Body::Empty }
    }

    fn observations(&self, _stage: usize, batch: &[&Params], response: &Response) -> Vec<Observation> {
        batch.iter().map(|params| observation(params, response)).collect()
    }
}

fn names(params: &Params) -> Vec<(&'static str, String)> {
    vec![("FlowName", params.name(FLOW_NAME).to_owned()), ("ExecutionName", params.name(EXECUTION_NAME).to_owned())]
}

/// Returns the fields that name the execution in an answer.
fn identity(params: &Params) -> [(&'static str, &str); 2] {
    [("FlowName", params.name(FLOW_NAME)), ("Name", params.name(EXECUTION_NAME))]
}

fn claim(body: &Object<'_>) -> Claim {
    if body.text("Status") == Some("Stopped") { Claim::Done } else { Claim::Nothing }
}

fn observation(params: &Params, response: &Response) -> Observation {
    match response::of_read(&FACTS, response, None, &identity(params)) {
        Ok(success) => match success.word("Status") {
            Some(word) => Ok(state(word)),
            None => Err(success.odd("an execution without a Status")),
        },
        Err(refusal) if is_unknown(refusal.code()) => Ok(State::Absent),
        Err(refusal) => Err(refusal.into_fault()),
    }
}

fn state(word: Box<str>) -> State {
    match &*word {
        "Starting" | "Running" => State::Running(word),
        "Stopped" => State::Stopped(word),
        "Succeeded" | "Failed" | "TimedOut" => State::Ended(word),
        _ => State::Unclear(word),
    }
}

fn is_unknown(code: &str) -> bool {
    matches!(code, "ExecutionNotExists" | "FlowNotExists")
}

#[cfg(test)]
mod tests;
