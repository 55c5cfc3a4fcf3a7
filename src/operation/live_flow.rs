//! Media flows of Huawei Cloud Live: `UpdateFlowStatusStop`, read back with `ShowFlowDetail`.
//!
//! `LIVE.100011001` is the service's code for any invalid parameter, and also what it answers for a flow that
//! stands by already: the text tells, and where it does not, the flow's status does. All flow APIs share a quota
//! of 80 calls a minute. Follows the vendor's pages on stopping and querying a flow, "Error codes" and
//! "Constraints".

use http::Method;

use super::answer::{self, Refusal};
use super::{Facts, Meaning, Operation, Param, Params, Scope, Shape, Sighting, State, Verdict};
use crate::class::ErrorClass;
use crate::rate::Rate;
use crate::vendor::encode::encode;
use crate::vendor::{Cloud, Code};
use crate::wire::{Api, Body, Quota, Reply, Request, Style};

pub(super) struct Service;

static STOP: Api = api("UpdateFlowStatusStop");
static DETAIL: Api = api("ShowFlowDetail");
static READS: [&Api; 1] = [&DETAIL];

const fn api(action: &'static str) -> Api {
    let quota = Some(Quota { rate: Rate::per_minute(80), burst: 1 });
    Api { product: "live", action, version: "", style: Style::Rest, quota, batch: 1 }
}

const FLOW_ID: usize = 0;

static PARAMS: [Param; 1] = [Param {
    name: "flow_id",
    about: "the flow's id",
    example: super::Value::Text("ec897482-d24b-4d64-aa39-407980902b1d"),
    shape: Shape::Text { max_chars: 128, ascii: false },
    identifying: true,
}];

static FACTS: Facts = Facts {
    name: "live_flow",
    title: "Huawei Cloud Live media flow",
    cloud: Cloud::Huawei,
    params: &PARAMS,
    stop_api: &STOP,
    read_apis: &READS,
    lasting: None,
    permission: "the IAM user needs live:ott:updateFlowStatusStop, and the right to query flows to read the state back",
    read_permission: "the IAM user needs the right to query the flows of Live",
    codes: &CODES,
};

const MAINTENANCE: &str = "the API is under maintenance";

static CODES: [Code; 9] = [
    Code::new(400, "LIVE.100011001", "a parameter is wrong, or the flow stands by already: the text says which"),
    Code::new(401, "LIVE.100011003", "the IAM user may not call the API"),
    Code::new(400, "LIVE.100011004", "the API takes https only")
        .advice("check the account's endpoints: they must be https"),
    Code::new(400, "LIVE.100011006", MAINTENANCE),
    Code::new(400, "LIVE.100011008", MAINTENANCE),
    Code::new(400, "LIVE.100011009", "the service does not know the account")
        .advice("check that the keys are of the account that uses Live"),
    Code::new(400, "LIVE.100011013", "the account has no real-name authentication")
        .advice("complete real-name authentication of the account: no permission helps before that"),
    Code::new(400, "LIVE.103011021", "the service cannot reach its database"),
    Code::new(400, "LIVE.103011022", "the flow's state does not allow this now"),
];

impl Operation for Service {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn stop(&self, params: &Params, scope: &Scope<'_>) -> Request {
        let path = format!("/v1/{}/flows/stop", encode(scope.project_id));
        // The API takes no body, and yet a content type, which the vendor's SDK signs.
        Request { api: &STOP, method: Method::PUT, path, query: flow(params), body: Body::Json(String::new()) }
    }

    fn verdict(&self, reply: &Reply) -> Verdict {
        match answer::of(Cloud::Huawei, reply) {
            Ok(success) => match success.word("status").map(state) {
                Some(State::Stopped(word)) => success.verdict(Meaning::Stopped).with_state(word),
                Some(State::Running(word)) => success.verdict(Meaning::Accepted).with_state(word),
                Some(State::Stopping(_) | State::Ended(_) | State::Unclear(_) | State::Absent) | None => {
                    success.unproven("a success without a known status")
                }
            },
            Err(refusal) => refused(classed(refusal), reply.status),
        }
    }

    fn read(&self, _stage: usize, batch: &[&Params], scope: &Scope<'_>) -> Request {
        let path = format!("/v1/{}/flows/detail", encode(scope.project_id));
        let query = batch.first().map(|params| flow(params)).unwrap_or_default();
        Request { api: &DETAIL, method: Method::GET, path, query, body: Body::Json(String::new()) }
    }

    fn sightings(&self, _stage: usize, batch: &[&Params], reply: &Reply) -> Vec<Sighting> {
        vec![sighting(reply); batch.len()]
    }
}

fn flow(params: &Params) -> Vec<(&'static str, String)> {
    vec![("flow_id", params.name(FLOW_ID).to_owned())]
}

/// Puts the service's own classes in the place of those by status: a database failure comes as a 400 there.
fn classed(refusal: Refusal) -> Refusal {
    let class = match refusal.code() {
        "LIVE.103011021" | "LIVE.100011006" | "LIVE.100011008" => ErrorClass::Server,
        "LIVE.100011003" | "LIVE.100011013" => ErrorClass::Denied,
        "LIVE.100011004" | "LIVE.100011009" | "LIVE.100011011" | "LIVE.100011012" => ErrorClass::Rejected,
        "LIVE.103011022" => ErrorClass::Conflict,
        _ => refusal.class,
    };
    Refusal { class, ..refusal }
}

fn refused(refusal: Refusal, status: u16) -> Verdict {
    match refusal.code() {
        code if code.starts_with("LIVE.") && status == 400 && says_standby(&refusal) => {
            refusal.verdict(Meaning::AlreadyStopped).with_state("STANDBY".into())
        }
        "LIVE.100011001" if refusal.class == ErrorClass::Invalid => {
            refusal.verdict(Meaning::Doubtful(ErrorClass::Invalid))
        }
        "LIVE.103011022" => refusal.verdict(Meaning::Doubtful(ErrorClass::Conflict)),
        // Whether an unknown flow is a 404 no page tells; the detail read does.
        code if code.starts_with("LIVE.") && refusal.class == ErrorClass::NotFound => {
            refusal.verdict(Meaning::Doubtful(ErrorClass::NotFound))
        }
        _ => refusal.failed(),
    }
}

/// Tells whether the message says that the flow stands by: as a word, not as a part of a name, and not denied.
fn says_standby(refusal: &Refusal) -> bool {
    let message = refusal.fault.message.as_deref().unwrap_or_default();
    let words = || message.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
    let has = |wanted: &str| words().any(|word| word.eq_ignore_ascii_case(wanted));
    has("standby") && !has("not")
}

fn sighting(reply: &Reply) -> Sighting {
    match answer::of(Cloud::Huawei, reply) {
        Ok(success) => match success.word("status") {
            Some(word) => Ok(state(word)),
            None => Err(success.odd("a flow without a status")),
        },
        Err(refusal) if is_unknown(&refusal, reply.status) => Ok(State::Absent),
        Err(refusal) => Err(classed(refusal).into_fault()),
    }
}

/// Tells whether the service says that there is no such flow; `LIVE.100011009` speaks of the user instead.
fn is_unknown(refusal: &Refusal, status: u16) -> bool {
    matches!(status, 400 | 404)
        && refusal.code().starts_with("LIVE.")
        && refusal.code() != "LIVE.100011009"
        && (refusal.says("not exist") || refusal.says("not found"))
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
