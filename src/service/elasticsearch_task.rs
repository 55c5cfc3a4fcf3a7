//! Changes of Alibaba Cloud Elasticsearch instances: `InterruptElasticsearchTask`, read back with `DescribeInstance`.
//!
//! An interrupt is valid only while the instance is changing. Where nothing changes (or another task is in the
//! way) the service answers `InstanceStatusNotSupportCurrentAction`, so that only the instance's status tells.
//! Follows the vendor's pages "InterruptElasticsearchTask" and "DescribeInstance", and the page on API throttling
//! (100/s a user and API).

use http::Method;

use super::response::{self, Claim};
use super::{ServiceInfo, Meaning, Operation, Param, Params, Scope, Shape, Observation, State, Verdict};
use crate::error::{Code, ErrorClass};
use crate::base::rate::Rate;
use crate::provider::encode::encode;
use crate::provider::{Cloud, Json, Object};
use crate::http::{Api, Body, Quota, Response, Request, SHORT_RESPONSE, ApiStyle};

pub(super) struct Service;

static STOP: Api = api("InterruptElasticsearchTask");
static DESCRIBE: Api = api("DescribeInstance");
static READS: [&Api; 1] = [&DESCRIBE];

const fn api(action: &'static str) -> Api {
    let quota = Some(Quota { rate: Rate::per_second(100), burst: 10 });
    Api { product: "elasticsearch", action, version: "2017-06-13", style: ApiStyle::Roa, quota, batch: 1, max_response_bytes: SHORT_RESPONSE, keeps_connections: false }
}

const INSTANCE_ID: usize = 0;
const CLIENT_TOKEN: usize = 1;

static PARAMS: [Param; 2] = [
    Param {
        name: "instance_id",
        about: "the instance's id, such as es-cn-n6w1o1x0w001c",
        example: super::Value::Text("es-cn-n6w1o1x0w001c"),
        shape: Shape::Text { max_chars: 128, ascii: false },
        identifying: true,
    },
    Param {
        name: "client_token",
        about: "the idempotency token; made up where it is left out",
        example: super::Value::Text("incident-4711"),
        shape: Shape::Text { max_chars: 64, ascii: true },
        identifying: false,
    },
];

static FACTS: ServiceInfo = ServiceInfo {
    name: "elasticsearch_task",
    title: "Alibaba Cloud Elasticsearch instance change",
    cloud: Cloud::Alibaba,
    params: &PARAMS,
    stop_api: &STOP,
    read_apis: &READS,
    lasting: None,
    permission: "the RAM user needs elasticsearch:InterruptElasticsearchTask, and elasticsearch:DescribeInstance to read \
        the state back, on acs:elasticsearch:<region>:<account>:instances/<instance>",
    read_permission: "the RAM user needs elasticsearch:DescribeInstance on \
        acs:elasticsearch:<region>:<account>:instances/<instance>",
    codes: &CODES,
};

static CODES: [Code; 5] = [
    Code::new(400, "InstanceNotFound", "the account has no such instance in the region")
        .advice("check instance_id, such as es-cn-n6w1o1x0w001c, and the account's region"),
    Code::new(400, "InstanceStatusNotSupportCurrentAction", "nothing changes there, or another task is in the way"),
    Code::new(409, "ConcurrencyUpdateInstanceConflict", "another change of the instance is under way"),
    Code::new(409, "InstanceDuplicateScheduledTask", "another task of the instance waits for its turn"),
    Code::new(409, "TokenPreviousRequestProcessError", "the same request is still being worked on"),
];

impl Operation for Service {
    fn info(&self) -> &'static ServiceInfo {
        &FACTS
    }

    fn stop(&self, params: &Params, scope: &Scope<'_>) -> Request {
        let path = format!("{}/actions/interrupt", instance(params));
        let token = params.text(CLIENT_TOKEN).unwrap_or(scope.client_token);
        let query = if token.is_empty() { Vec::new() } else { vec![("clientToken", token.to_owned())] };
        Request { api: &STOP, method: Method::POST, path, query, body: Body::Empty }
    }

    fn verdict(&self, _params: &Params, response: &Response) -> Verdict {
        match response::of(&FACTS, response, claim, &[]) {
            Ok(success) => match success.body.get("Result") {
                Some(Json::Bool(true)) => success.verdict(Meaning::Stopped),
                Some(Json::Bool(false)) => {
                    success.but(Meaning::Failed(ErrorClass::Conflict), "the answer's Result is false")
                }
                _ => success.unproven("a success without a Result"),
            },
            Err(refusal) => match refusal.code() {
                "InstanceNotFound" => refusal.verdict(Meaning::NotFound),
                "InstanceStatusNotSupportCurrentAction" => refusal.verdict(Meaning::Doubtful(ErrorClass::Conflict)),
                _ => refusal.failed(),
            },
        }
    }

    fn read(&self, _stage: usize, batch: &[&Params], _scope: &Scope<'_>) -> Request {
        let path = batch.first().map(|params| instance(params)).unwrap_or_default();
        Request { api: &DESCRIBE, method: Method::GET, path, query: Vec::new(), body: Body::Empty }
    }

    fn observations(&self, _stage: usize, batch: &[&Params], response: &Response) -> Vec<Observation> {
        batch.iter().map(|params| observation(params, response)).collect()
    }
}

fn instance(params: &Params) -> String {
    format!("/openapi/instances/{}", encode(params.name(INSTANCE_ID)))
}

/// Returns what the body of an answer says of the stop. The API's answers have no status but HTTP's.
fn claim(body: &Object<'_>) -> Claim {
    match body.get("Result") {
        _ if body.says("Status") || body.says("status") => Claim::Odd,
        Some(Json::Bool(true)) => Claim::Done,
        Some(Json::Bool(false)) => Claim::Refused,
        _ => Claim::Nothing,
    }
}

fn observation(params: &Params, response: &Response) -> Observation {
    match response::of_read(&FACTS, response, Some("Result"), &[("instanceId", params.name(INSTANCE_ID))]) {
        Ok(success) => match success.body.object("Result") {
            Some(instance) => Ok(state(response::word_at(instance, "status"))),
            None => Err(success.odd("an instance without a Result")),
        },
        Err(refusal) if refusal.code() == "InstanceNotFound" => Ok(State::Absent),
        Err(refusal) => Err(refusal.into_fault()),
    }
}

fn state(word: Option<Box<str>>) -> State {
    let Some(word) = word else { return State::Unclear("no status".into()) };
    match &*word {
        // "After you resume or interrupt a change, the instance enters the activating state."
        "activating" => State::Either(word),
        "initializing" => State::Running(word),
        // Whatever it is instead (even `invalid`, which is a deleted or expired one), no change goes on.
        "active" | "inactive" | "suspended" | "frozen" | "invalid" => State::Stopped(word),
        _ => State::Unclear(word),
    }
}

#[cfg(test)]
mod tests;
