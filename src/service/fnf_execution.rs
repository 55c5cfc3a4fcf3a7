//! Executions of Alibaba Cloud CloudFlow (fnf): `StopExecution`, read back with `DescribeExecution`.
//!
//! The stop is asynchronous: the documented sample of a success still says `Running`. There is no idempotency
//! token, but the response to a second stop is `ExecutionAlreadyCompleted`, so a retry is safe. Follows the vendor's
//! pages "StopExecution", "DescribeExecution" and "Limits" (token buckets of 10 filled at 2/s, and 50 at 5/s).

use http::Method;

use self::info::{CAUSE, DESCRIBE, ERROR, EXECUTION_NAME, FLOW_NAME, INFO, NO_FLOW, STOP};
use self::status::state;
use super::info::ServiceInfo;
use super::interface::Service;
use super::lister::Lister;
use super::meaning::{Meaning, Observation, State, Verdict};
use super::param::Params;
use super::response::{self, BodyStatus};
use super::scope::Scope;
use crate::http::{Body, Request, Response};
use crate::provider::Object;

mod cron;
mod executions;
mod flows;
mod info;
mod listing;
mod schedules;
mod status;

/// The service.
pub(super) static SERVICE: &dyn Service = &FnfExecution;

struct FnfExecution;

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

fn is_unknown(code: &str) -> bool {
    matches!(code, "ExecutionNotExists" | NO_FLOW)
}

#[cfg(test)]
mod tests;
