//! Media flows of Huawei Cloud Live: `UpdateFlowStatusStop`, read back with `ShowFlowDetail`.
//!
//! `LIVE.100011001` is the service's code for any invalid parameter, and also for a flow that is on standby already: one
//! sentence states that, and with any other text the flow's status decides. All flow APIs share a quota of 80 calls a
//! minute. Follows the vendor's pages on stopping and querying a flow, "Error codes" and
//! "Constraints".

use http::Method;

use self::info::{DETAIL, FLOW_ID, INFO, INVALID, STOP};
use self::status::state;
use super::info::ServiceInfo;
use super::interface::Service;
use super::lister::Lister;
use super::meaning::{Meaning, Observation, State, Verdict};
use super::param::Params;
use super::response::{self, BodyStatus, Refusal};
use super::scope::Scope;
use crate::http::{Body, Request, Response};
use crate::provider::encode::encode;
use crate::provider::Object;

mod flows;
mod info;
mod listing;
mod status;

/// The service.
pub(super) static SERVICE: &dyn Service = &LiveFlow;

struct LiveFlow;

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

#[cfg(test)]
mod tests;
