//! Executions of Alibaba Cloud CloudFlow (fnf): `StopExecution`, read back with `DescribeExecution`.
//!
//! The stop is asynchronous: the documented sample of a success still says `Running`. There is no idempotency
//! token, but the response to a second stop is `ExecutionAlreadyCompleted`, so a retry is safe. Follows the vendor's
//! pages "StopExecution", "DescribeExecution" and "Limits" (token buckets of 10 filled at 2/s, and 50 at 5/s).

use http::Method;

use super::info::{Listing, ServiceInfo};
use super::interface::Service;
use super::lister::Lister;
use super::meaning::{Meaning, Observation, State, Verdict};
use super::param::{Param, Params};
use super::response::{self, BodyStatus};
use super::scope::Scope;
use crate::base::rate::Rate;
use crate::error::Code;
use crate::http::{Api, Body, Hosts, Product, Request, Response, Signature};
use crate::provider::{Cloud, Object};

mod listing;

/// The service.
pub(super) static SERVICE: &dyn Service = &FnfExecution;

struct FnfExecution;

/// The hosts have the region first ("Serverless Workflow: endpoints"). The vendor's SDK builds other hosts for regions that
/// are not in its table; no page documents those.
static PRODUCT: Product = Product { name: "fnf", hosts: Hosts::RegionFirst };

static STOP: Api = api("StopExecution").quota(Rate::per_second(2), 10);
static DESCRIBE: Api = api("DescribeExecution").quota(Rate::per_second(5), 50);

const fn api(action: &'static str) -> Api {
    Api::new(&PRODUCT, action, "2019-03-15", Signature::RpcV1).keeping_connections()
}

const FLOW_NAME: usize = 0;
const EXECUTION_NAME: usize = 1;
const CAUSE: usize = 2;
const ERROR: usize = 3;

static PARAMS: [Param; 4] = [
    Param::identity("flow_name", "the flow's name", "order-import", 128),
    Param::identity("execution_name", "the execution's name", "run-20261122", 128),
    Param::text(
        "cause",
        "why it is stopped, for the execution's history; default: the id of the run",
        "incident 4711",
        4096,
    ),
    Param::text("error", "an error code for the execution's history", "Interrupted", 128),
];

static INFO: ServiceInfo = ServiceInfo {
    name: "fnf_execution",
    title: "Alibaba Cloud CloudFlow execution",
    cloud: Cloud::Alibaba,
    params: &PARAMS,
    stop_api: &STOP,
    read_apis: &[&DESCRIBE],
    lasting: None,
    permission: "the RAM user needs fnf:StopExecution, and fnf:DescribeExecution to read the state back, on \
        acs:fnf:<region>:<account>:flow/<flow>",
    read_permission: "the RAM user needs fnf:DescribeExecution on acs:fnf:<region>:<account>:flow/<flow>",
    codes: &CODES,
    fields: &["Status", "status", "FlowName", "Name"],
    listing: Some(Listing { list: "Executions", fields: &[("FlowName", "flow_name"), ("Name", "execution_name")] }),
};

static CODES: [Code; 13] = [
    Code::new(400, "ExecutionAlreadyCompleted", "the execution has ended already"),
    Code::new(404, "ExecutionNotExists", "the flow has no such execution")
        .advice("check execution_name and the account's region; executions are listed under their flow"),
    Code::new(404, "FlowNotExists", "the account has no such flow in the region")
        .advice("check flow_name, which is case-sensitive, and the account's region"),
    Code::new(409, "ConcurrentUpdateError", "another request changes the execution at the same time"),
    Code::new(429, "ResourceThrottled", "the account's bucket of 10 stops, filled at 2 a second, is empty"),
    Code::new(403, "InvalidAccessKeyID", "unknown access key id"),
    Code::new(403, "SignatureNotMatch", "the signature does not match the secret"),
    Code::new(403, "RequestTimeTooSkewed", "the request's date differs by more than 15 minutes"),
    Code::new(400, "InvalidArgument", "a parameter has a value that is not allowed")
        .advice("check flow_name and execution_name: letters, digits, _ and -, up to 128, no digit first"),
    Code::new(400, "EntityTooLarge", "the request is too large").advice("shorten cause"),
    Code::new(400, "MissingRequiredParams", "a required parameter is missing"),
    Code::new(400, "ActionNotSupported", "this endpoint does not serve the action")
        .advice("check the account's region and endpoints: this one does not serve CloudFlow"),
    Code::new(400, "APIVersionNotSupported", "this endpoint does not serve that version of the API")
        .advice("check the account's region and endpoints: this one does not serve CloudFlow"),
];

impl Service for FnfExecution {
    fn info(&self) -> &'static ServiceInfo {
        &INFO
    }

    fn lister(&self) -> &'static dyn Lister {
        &listing::LISTER
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
        match response::of_stop(&INFO, response, body_status, &identity(params)) {
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

/// Returns the fields that name the execution in a response.
fn identity(params: &Params) -> [(&'static str, &str); 2] {
    [("FlowName", params.name(FLOW_NAME)), ("Name", params.name(EXECUTION_NAME))]
}

fn body_status(body: &Object<'_>) -> BodyStatus {
    if body.text("Status") == Some("Stopped") { BodyStatus::Done } else { BodyStatus::Nothing }
}

fn observation(params: &Params, response: &Response) -> Observation {
    match response::of_read(&INFO, response, None, &identity(params)) {
        Ok(success) => match success.word("Status") {
            Some(word) => Ok(state(word)),
            None => Err(success.odd("an execution without a Status")),
        },
        Err(refusal) if is_unknown(refusal.code()) => Ok(State::Absent),
        Err(refusal) => Err(refusal.into_error()),
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
