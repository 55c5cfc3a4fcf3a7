//! Changes of Alibaba Cloud Elasticsearch instances: `InterruptElasticsearchTask`, read back with `DescribeInstance`.
//!
//! An interrupt is valid only while the instance is changing. Where nothing changes (or another task is in the
//! way) the response is `InstanceStatusNotSupportCurrentAction`, so that the instance's status decides.
//! Follows the vendor's pages "InterruptElasticsearchTask" and "DescribeInstance", and the page on API throttling
//! (100/s a user and API).

use http::Method;

use self::info::{CLIENT_TOKEN, DESCRIBE, INFO, INSTANCE_ID, STOP};
use super::info::ServiceInfo;
use super::interface::Service;
use super::lister::Lister;
use super::meaning::{Meaning, Observation, State, Verdict};
use super::param::Params;
use super::response::{self, BodyStatus};
use super::scope::Scope;
use crate::error::ErrorClass;
use crate::http::{Body, Request, Response};
use crate::provider::encode::encode;
use crate::provider::{Json, Object};

mod info;
mod listing;

/// The service.
pub(super) static SERVICE: &dyn Service = &ElasticsearchTask;

struct ElasticsearchTask;

impl Service for ElasticsearchTask {
    fn info(&self) -> &'static ServiceInfo {
        &INFO
    }

    fn lister(&self) -> &'static dyn Lister {
        &listing::LISTER
    }

    fn stop(&self, params: &Params, scope: &Scope<'_>) -> Request {
        let path = format!("{}/actions/interrupt", instance(params));
        let token = params.text(CLIENT_TOKEN).unwrap_or(scope.client_token);
        let query = if token.is_empty() { Vec::new() } else { vec![("clientToken", token.to_owned())] };
        Request { api: &STOP, method: Method::POST, path, query, body: Body::Empty }
    }

    fn verdict(&self, _params: &Params, response: &Response) -> Verdict {
        match response::of_stop(&INFO, response, body_status, &[]) {
            Ok(success) => match success.body.get("Result") {
                Some(Json::Bool(true)) => success.verdict(Meaning::Stopped),
                Some(Json::Bool(false)) => {
                    success.but(Meaning::Failed(ErrorClass::Conflict), "the response's Result is false")
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

/// Returns what the body of a response states about the stop. The API's responses have no status but HTTP's.
fn body_status(body: &Object<'_>) -> BodyStatus {
    match body.get("Result") {
        _ if body.says("Status") || body.says("status") => BodyStatus::Odd,
        Some(Json::Bool(true)) => BodyStatus::Done,
        Some(Json::Bool(false)) => BodyStatus::Refused,
        _ => BodyStatus::Nothing,
    }
}

fn observation(params: &Params, response: &Response) -> Observation {
    match response::of_read(&INFO, response, Some("Result"), &[("instanceId", params.name(INSTANCE_ID))]) {
        Ok(success) => match success.body.object("Result") {
            Some(instance) => Ok(state(response::word_at(instance, "status"))),
            None => Err(success.odd("an instance without a Result")),
        },
        Err(refusal) if refusal.code() == "InstanceNotFound" => Ok(State::Absent),
        Err(refusal) => Err(refusal.into_error()),
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
