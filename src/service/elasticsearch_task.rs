//! Changes of Alibaba Cloud Elasticsearch instances: `InterruptElasticsearchTask`, read back with `DescribeInstance`.
//!
//! An interrupt is valid only while the instance is changing. Where nothing changes (or another task is in the
//! way) the response is `InstanceStatusNotSupportCurrentAction`, so that the instance's status decides.
//! Follows the vendor's pages "InterruptElasticsearchTask" and "DescribeInstance", and the page on API throttling
//! (100/s a user and API).

use http::Method;

use self::info::{CLIENT_TOKEN, DESCRIBE, INFO, INSTANCE_ID, NO_INSTANCE, STOP};
use self::status::state;
use super::info::ServiceInfo;
use super::interface::Service;
use super::lister::Lister;
use super::meaning::{Meaning, Observation, State, Verdict};
use super::param::Params;
use super::response::{self, BodyStatus};
use super::scope::Scope;
use crate::error::ErrorClass;
use crate::http::{Body, Request, Response};
use crate::provider::{Json, Object};

mod info;
mod instances;
mod listing;
mod records;
mod status;

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
        let path = format!("{}/actions/interrupt", instances::path(params.name(INSTANCE_ID)));
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
                NO_INSTANCE => refusal.verdict(Meaning::NotFound),
                "InstanceStatusNotSupportCurrentAction" => refusal.verdict(Meaning::Doubtful(ErrorClass::Conflict)),
                _ => refusal.failed(),
            },
        }
    }

    fn read(&self, _stage: usize, batch: &[&Params], _scope: &Scope<'_>) -> Request {
        let path = batch.first().map(|params| instances::path(params.name(INSTANCE_ID))).unwrap_or_default();
        Request { api: &DESCRIBE, method: Method::GET, path, query: Vec::new(), body: Body::Empty }
    }

    fn observations(&self, _stage: usize, batch: &[&Params], response: &Response) -> Vec<Observation> {
        batch.iter().map(|params| observation(params, response)).collect()
    }
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
            Some(instance) => Ok(response::word_at(instance, "status").map_or_else(|| State::Unclear("no status".into()), state)),
            None => Err(success.odd("an instance without a Result")),
        },
        Err(refusal) if refusal.code() == NO_INSTANCE => Ok(State::Absent),
        Err(refusal) => Err(refusal.into_error()),
    }
}

#[cfg(test)]
mod tests;
