//! Media flows of Huawei Cloud Live: `UpdateFlowStatusStop`, read back with `ShowFlowDetail`.
//!
//! `LIVE.100011001` is the service's code for any invalid parameter, and also for a flow that is on standby already: one
//! sentence states that, and with any other text the flow's status decides. All flow APIs share a quota of 80 calls a
//! minute. Follows the vendor's pages on stopping and querying a flow, "Error codes" and
//! "Constraints".

use http::Method;

use super::info::{Listing, ServiceInfo};
use super::interface::Service;
use super::lister::Lister;
use super::meaning::{Meaning, Observation, State, Verdict};
use super::param::{Param, Params};
use super::response::{self, BodyStatus, Refusal};
use super::scope::Scope;
use crate::base::rate::Rate;
use crate::error::{Code, ErrorClass};
use crate::http::{Api, Body, Hosts, Product, Request, Response, Signature};
use crate::provider::encode::encode;
use crate::provider::{Cloud, Object};

mod listing;

/// The service.
pub(super) static SERVICE: &dyn Service = &LiveFlow;

struct LiveFlow;

static PRODUCT: Product = Product { name: "live", hosts: Hosts::ProductFirst };

static STOP: Api = api("UpdateFlowStatusStop");
static DETAIL: Api = api("ShowFlowDetail");

const fn api(action: &'static str) -> Api {
    Api::new(&PRODUCT, action, "", Signature::SdkHmac).quota(Rate::per_minute(80), 1).keeping_connections()
}

const FLOW_ID: usize = 0;

static PARAMS: [Param; 1] = [Param::identity("flow_id", "the flow's id", "ec897482-d24b-4d64-aa39-407980902b1d", 128)];

static INFO: ServiceInfo = ServiceInfo {
    name: "live_flow",
    title: "Huawei Cloud Live media flow",
    cloud: Cloud::Huawei,
    params: &PARAMS,
    stop_api: &STOP,
    read_apis: &[&DETAIL],
    lasting: None,
    permission: "the IAM user needs live:ott:updateFlowStatusStop, and the right to query flows to read the state back",
    read_permission: "the IAM user needs the right to query the flows of Live",
    codes: &CODES,
    fields: &["Status", "status", "flow_id"],
    listing: Some(Listing { list: "flows", fields: &[("flow_id", "flow_id")] }),
};

const MAINTENANCE: &str = "the API is under maintenance";

/// The code for any invalid parameter, and for a flow that is on standby.
const INVALID: &str = "LIVE.100011001";

static CODES: [Code; 11] = [
    Code::new(400, INVALID, "a parameter is wrong, or the flow is on standby already: the text tells which")
        .class(ErrorClass::Invalid),
    Code::new(401, "LIVE.100011003", "the IAM user may not call the API").class(ErrorClass::Denied),
    Code::new(400, "LIVE.100011004", "the API takes https only")
        .advice("check the account's endpoints: they must be https")
        .class(ErrorClass::Rejected),
    Code::new(400, "LIVE.100011006", MAINTENANCE).class(ErrorClass::Server),
    Code::new(400, "LIVE.100011008", MAINTENANCE).class(ErrorClass::Server),
    Code::new(400, "LIVE.100011009", "the service does not know the account")
        .advice("check that the keys are of the account that uses Live")
        .class(ErrorClass::Rejected),
    Code::new(400, "LIVE.100011011", "the API does not take the HTTP method").class(ErrorClass::Rejected),
    Code::new(400, "LIVE.100011012", "the API does not take the media type").class(ErrorClass::Rejected),
    Code::new(400, "LIVE.100011013", "the account has no real-name authentication")
        .advice("complete real-name authentication of the account: no permission helps before that")
        .class(ErrorClass::Denied),
    Code::new(400, "LIVE.103011021", "the service cannot reach its database").class(ErrorClass::Server),
    Code::new(400, "LIVE.103011022", "the flow's state does not allow this now").class(ErrorClass::Conflict),
];

/// The text for a flow that is on standby; its page has this sentence and no other.
const STANDBY: &str = "flow task is in standby status";

impl Service for LiveFlow {
    fn info(&self) -> &'static ServiceInfo {
        &INFO
    }

    fn lister(&self) -> &'static dyn Lister {
        &listing::LISTER
    }

    fn stop(&self, params: &Params, scope: &Scope<'_>) -> Request {
        let path = format!("/v1/{}/flows/stop", encode(scope.project_id));
        // The API takes no body, and yet a content type, which the vendor's SDK signs.
        Request { api: &STOP, method: Method::PUT, path, query: flow(params), body: Body::Json(String::new()) }
    }

    fn verdict(&self, params: &Params, response: &Response) -> Verdict {
        match response::of_stop(&INFO, response, body_status, &identity(params)) {
            Ok(success) => match success.word("status").map(state) {
                Some(State::Stopped(word)) => success.verdict(Meaning::Stopped).with_state(word),
                Some(State::Running(word)) => success.verdict(Meaning::Accepted).with_state(word),
                Some(_) | None => success.unproven("a success without a known status"),
            },
            Err(refusal) => refused(refusal),
        }
    }

    fn read(&self, _stage: usize, batch: &[&Params], scope: &Scope<'_>) -> Request {
        let path = format!("/v1/{}/flows/detail", encode(scope.project_id));
        let query = batch.first().map(|params| flow(params)).unwrap_or_default();
        Request { api: &DETAIL, method: Method::GET, path, query, body: Body::Json(String::new()) }
    }

    fn observations(&self, _stage: usize, batch: &[&Params], response: &Response) -> Vec<Observation> {
        batch.iter().map(|params| observation(params, response)).collect()
    }
}

fn flow(params: &Params) -> Vec<(&'static str, String)> {
    vec![("flow_id", params.name(FLOW_ID).to_owned())]
}

/// Returns the field that names the flow in a response.
fn identity(params: &Params) -> [(&'static str, &str); 1] {
    [("flow_id", params.name(FLOW_ID))]
}

fn body_status(body: &Object<'_>) -> BodyStatus {
    if body.text("status") == Some("STANDBY") { BodyStatus::Done } else { BodyStatus::Nothing }
}

fn refused(refusal: Refusal) -> Verdict {
    let class = refusal.class;
    match refusal.code() {
        INVALID if refusal.message().trim() == STANDBY => {
            refusal.verdict(Meaning::AlreadyStopped).with_state("STANDBY".into())
        }
        // No page tells whether an unknown flow is a 404; the detail read tells.
        INVALID | "LIVE.103011022" => refusal.verdict(Meaning::Doubtful(class)),
        _ => refusal.failed(),
    }
}

fn observation(params: &Params, response: &Response) -> Observation {
    match response::of_read(&INFO, response, None, &identity(params)) {
        Ok(success) => match success.word("status") {
            Some(word) => Ok(state(word)),
            None => Err(success.odd("a flow without a status")),
        },
        Err(refusal) if is_unknown(&refusal, params) => Ok(State::Absent),
        Err(refusal) => Err(refusal.into_error()),
    }
}

/// Returns whether the response means that the flow does not exist: the flow, and not a parameter, a user or anything
/// else.
///
/// No page has the sentence: it must be about the flow from its first word to its last.
fn is_unknown(refusal: &Refusal, params: &Params) -> bool {
    let message = refusal.message().to_ascii_lowercase();
    let id = params.name(FLOW_ID).to_ascii_lowercase();
    let words = message.split(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ':' | '\'' | '"' | '[' | ']'));
    let words: Vec<_> =
        words.filter(|word| !word.is_empty() && !matches!(*word, "the" | "task" | "is" | "does")).collect();
    let named = if words.get(1) == Some(&&*id) { 1 } else { 0 };
    refusal.code().starts_with("LIVE.")
        && words.first() == Some(&"flow")
        && matches!(words.get(1 + named..), Some(["not", "exist" | "exists" | "found"]))
}

fn state(word: Box<str>) -> State {
    match &*word {
        "ACTIVE" => State::Running(word),
        "STANDBY" => State::Stopped(word),
        _ => State::Unclear(word),
    }
}

#[cfg(test)]
mod tests;
